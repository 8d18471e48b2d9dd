/* Griddle: synchronisation between the coroutines of one event loop.
 *
 * Coroutines of a loop never run at the same time, so data that no await separates needs no lock. These are for what
 * lasts longer than that. Every object is the caller's memory, all zero at first or as its macro says, belongs to the
 * loop that it is first used on, and must not go while anybody waits in it. Nothing is allocated.
 *
 *     gr_event       something has happened, once, for all          asyncio.Event
 *     gr_mutex       one at a time                                  asyncio.Lock
 *     gr_semaphore   so many at a time                              asyncio.Semaphore
 *     gr_condition   until what a mutex guards has become so        asyncio.Condition
 *     gr_barrier     until all have come                            asyncio.Barrier
 *     gr_queue       values from some to others, with back-pressure asyncio.Queue
 *     gr_channel     the same between threads and the loop          (griddle/channel.h)
 *
 * Every wait has the deadline of its gr_co and ends with its task's cancellation. Who waits is served first come, first
 * served: nobody who comes later gets in before. No wake-up is lost: one that comes before a cancellation or a deadline
 * counts, and the wait returns 0, so that what was handed over is the caller's to give back.
 *
 * All functions: the loop's thread. Those with a gr_co are awaits; the others may be called from callbacks of the loop
 * too. */
#ifndef GRIDDLE_SYNC_H
#define GRIDDLE_SYNC_H

#include <griddle/co.h>

GR_BEGIN_DECLS

/* Who waits, the first that came first. The members of this and of all below are the framework's own. */
typedef struct gr_waiters {
    struct gr_waiter *first, *last;
} gr_waiters;

/* A flag that coroutines wait for. What a callback of a C library sets, a coroutine can await. */
typedef struct gr_event {
    gr_waiters waiters;
    bool is_set;
} gr_event;

/* Waits until `event` is set; returns at once where it is. */
GR_API GR_MUST_USE int gr_event_wait(gr_co co, gr_event *event);

/* Sets it, and wakes all who wait. */
GR_API void gr_event_set(gr_event *event);

/* Who waits from now on waits until it is set again. */
GR_API void gr_event_clear(gr_event *event);
GR_API bool gr_event_is_set(const gr_event *event);

/* A lock that one coroutine holds at a time. */
typedef struct gr_mutex {
    gr_waiters waiters;
    gr_task *owner; /* NULL: nobody */
} gr_mutex;

/* 0: the caller holds it. Locking what one holds already would wait for oneself: it aborts, naming the coroutine. */
GR_API GR_MUST_USE int gr_mutex_lock(gr_co co, gr_mutex *mutex);

/* Without waiting: GR_EBUSY where it is held. */
GR_API GR_MUST_USE int gr_mutex_try_lock(gr_co co, gr_mutex *mutex);

/* Hands it to the one that waited longest. By the holder only: else it aborts, naming both. Does not wait, and works in
 * a cancelled coroutine too. */
GR_API void gr_mutex_unlock(gr_co co, gr_mutex *mutex);

/* So many at a time. */
typedef struct gr_semaphore {
    gr_waiters waiters;
    size_t free;
} gr_semaphore;

/* A semaphore that n can hold at once: `gr_semaphore stoves = GR_SEMAPHORE(4);`. */
#define GR_SEMAPHORE(n) \
    { \
        {NULL, NULL}, (n) \
    }

/* 0: the caller has one of them. */
GR_API GR_MUST_USE int gr_semaphore_acquire(gr_co co, gr_semaphore *semaphore);

/* Without waiting: GR_EBUSY where none is free, or others wait. */
GR_API GR_MUST_USE int gr_semaphore_try_acquire(gr_semaphore *semaphore);

/* Gives one back, or a further one: to the one that waited longest. */
GR_API void gr_semaphore_release(gr_semaphore *semaphore);

/* Waiting for what a mutex guards:
 *
 *     rc = gr_mutex_lock(co, &mutex);
 *     while (rc == 0 && !ready)
 *         rc = gr_condition_wait(co, &condition, &mutex); */
typedef struct gr_condition {
    gr_waiters waiters;
} gr_condition;

/* Gives `mutex`, which the caller holds, out of hand, waits to be notified, and takes it again: the caller holds it on
 * return, whatever is returned (so that the last wait, for the mutex, heeds neither deadline nor cancellation). */
GR_API GR_MUST_USE int gr_condition_wait(gr_co co, gr_condition *condition, gr_mutex *mutex);

/* Wakes the n that waited longest, or all. */
GR_API void gr_condition_notify(gr_condition *condition, size_t n);
GR_API void gr_condition_notify_all(gr_condition *condition);

/* Until all have come. */
typedef struct gr_barrier {
    gr_waiters waiters;
    size_t parties; /* how many are to come */
    size_t here;
    bool broken;
} gr_barrier;

/* A barrier for n: `gr_barrier start = GR_BARRIER(3);`. */
#define GR_BARRIER(n) \
    { \
        {NULL, NULL}, (n), 0, false \
    }

/* Waits until `parties` coroutines wait here, then lets all of them go; it can be used again at once. GR_EPIPE: the
 * barrier is broken, since one of those that waited was cancelled or ran out of time, or by gr_barrier_break(): it
 * stays so for all until gr_barrier_reset(). */
GR_API GR_MUST_USE int gr_barrier_wait(gr_co co, gr_barrier *barrier);

/* Breaks it: those that wait get GR_EPIPE. asyncio.Barrier.abort. */
GR_API void gr_barrier_break(gr_barrier *barrier);

/* Makes it as new: those that wait get GR_EPIPE. */
GR_API void gr_barrier_reset(gr_barrier *barrier);

/* A bounded queue of values of one size, copied in and out. */
typedef struct gr_queue {
    gr_waiters getters, putters;
    void *items; /* the caller's: capacity * item_size bytes */
    size_t item_size, capacity;
    size_t first, count;
    bool closed;
} gr_queue;

/* A queue in an array: `struct order room[10]; gr_queue orders = GR_QUEUE(room);`. It has at least one element. */
#define GR_QUEUE(array) \
    { \
        {NULL, NULL}, {NULL, NULL}, (array), sizeof((array)[0]), sizeof(array) / sizeof((array)[0]), 0, 0, false \
    }

/* Appends a copy of *item; waits while the queue is full. GR_EPIPE: it is closed. */
GR_API GR_MUST_USE int gr_queue_put(gr_co co, gr_queue *queue, const void *item);

/* Moves the oldest value to *item; waits while there is none. GR_EPIPE: it is closed, and empty. */
GR_API GR_MUST_USE int gr_queue_get(gr_co co, gr_queue *queue, void *item);

/* Without waiting: GR_EBUSY where it is full or empty, or others wait for the same. */
GR_API GR_MUST_USE int gr_queue_try_put(gr_queue *queue, const void *item);
GR_API GR_MUST_USE int gr_queue_try_get(gr_queue *queue, void *item);

/* No more values come: those that wait to put get GR_EPIPE, those that wait to get too; what is in it can still be got.
 * asyncio.Queue.shutdown. */
GR_API void gr_queue_close(gr_queue *queue);

/* Values in it now. */
GR_API size_t gr_queue_count(const gr_queue *queue);

GR_END_DECLS

#endif
