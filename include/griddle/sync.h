/* Griddle: synchronisation between the coroutines of one event loop.
 *
 * Coroutines of a loop never run at the same time, so data that no await separates needs no lock: `n++` is whole, and
 * so is a look into a table and the change of it that follows, as long as nothing is awaited between. These are for
 * what lasts longer than that. Which, and its name in Python:
 *
 *     gr_event      asyncio.Event      once something has happened, for all: a C library's callback came
 *     gr_mutex      asyncio.Lock       several awaits that nobody may come between: on a connection, in a file
 *     gr_semaphore  asyncio.Semaphore  so many at a time: requests to a server, work that takes memory
 *     gr_condition  asyncio.Condition  until what a mutex guards has become so, where no single event tells it
 *     gr_barrier    asyncio.Barrier    until all have come: rounds of work that begin together
 *     gr_queue      asyncio.Queue      values from some to others, with back-pressure: the first choice if it fits
 *     gr_channel    janus.Queue        the same between threads and the loop (griddle/channel.h)
 *
 * To wait for the end of what one has started, use gr_gather() or a gr_group (griddle/task.h) instead.
 *
 * Every object is the caller's memory, all zero at first or as its macro says, belongs to the loop that it is first
 * used on, and must not go, nor be copied, while anybody waits in it. Nothing is allocated, and there is nothing to
 * free.
 *
 * Every wait has the deadline of its gr_co and ends with its task's cancellation: GR_ETIMEDOUT, GR_ECANCELED. Who waits
 * is served first come, first served, and they run in that order; nobody who comes later gets in before.
 *   - What is for one (a mutex, a permit, a value, a notification) goes to the first that still waits: one that is
 *     cancelled or out of time is passed over, though it has not run since. What is for all (an event that is set, a
 *     barrier that opens or breaks, a close) reaches those too.
 *   - What was handed over is the waiter's own, and the wait returns 0, even where a cancellation or the deadline comes
 *     before it runs: it uses it or gives it back as ever, and its next await tells of the cancellation.
 * So nothing is lost, and nobody is left behind.
 *
 * All functions: the loop's thread; on another one they abort, save that a program may prepare an object before any
 * loop of it has begun. Those that return int and take a gr_co are awaits, but for gr_mutex_try_lock(); the others do
 * not wait, and may be called from callbacks of the loop too. From other threads use a gr_channel, or call a function
 * that does it by gr_call_on_loop() (griddle/thread.h). */
#ifndef GRIDDLE_SYNC_H
#define GRIDDLE_SYNC_H

#include <griddle/co.h>

GR_BEGIN_DECLS

/* Who waits, the first that came first. The members of this and of all below are the framework's own. */
typedef struct gr_waiters {
    struct gr_waiter *first, *last;
    const void *thread;     /* of the loop that it was first used on */
    struct gr_waiter *next; /* whose turn it is; those before it were passed over */
} gr_waiters;

/* A flag that coroutines wait for. What a callback of a C library sets, a coroutine can await. */
typedef struct gr_event {
    gr_waiters waiters;
    bool is_set;
} gr_event;

/* Waits until `event` is set; returns at once where it is. 0 does not say that it still is: others may have cleared it
 * since. Where it was set just then, 0 is returned even to one that is out of time or cancelled. Event.wait. */
GR_API GR_MUST_USE int gr_event_wait(gr_co co, gr_event *event);

/* Sets it, and wakes all who wait, each once, even where it is cleared again before they run; they run after the caller
 * has awaited. It stays set for those who come later. A second call does nothing. Event.set. */
GR_API void gr_event_set(gr_event *event);

/* Who waits from now on waits until it is set again. Wakes nobody, and takes no wake-up back. Event.clear, is_set. */
GR_API void gr_event_clear(gr_event *event);
GR_API bool gr_event_is_set(const gr_event *event);

/* A lock that one coroutine holds at a time, from one await to a later one. A coroutine that ends while it holds one
 * aborts, naming itself: nobody could lock it any more. */
typedef struct gr_mutex {
    gr_waiters waiters;
    gr_task *owner; /* NULL: nobody */
} gr_mutex;

/* 0: the caller holds it. Locking what one holds already would wait for oneself: it aborts, naming the coroutine.
 * Lock.acquire. */
GR_API GR_MUST_USE int gr_mutex_lock(gr_co co, gr_mutex *mutex);

/* Without waiting: GR_EBUSY where it is held, by the caller too. */
GR_API GR_MUST_USE int gr_mutex_try_lock(gr_co co, gr_mutex *mutex);

/* Hands it to the one that waited longest, which has it from now on. By the holder only: else it aborts, naming both.
 * Does not wait, and works in a cancelled coroutine too. Lock.release. */
GR_API void gr_mutex_unlock(gr_co co, gr_mutex *mutex);

/* So many at a time. Nobody owns a permit: another coroutine, or a callback, may give it back. */
typedef struct gr_semaphore {
    gr_waiters waiters;
    size_t free;
} gr_semaphore;

/* A semaphore that n can hold at once: `gr_semaphore stoves = GR_SEMAPHORE(4);`. */
#define GR_SEMAPHORE(n) \
    { \
        {NULL, NULL, NULL, NULL}, (n) \
    }

/* 0: the caller has one of them. Semaphore.acquire. */
GR_API GR_MUST_USE int gr_semaphore_acquire(gr_co co, gr_semaphore *semaphore);

/* Without waiting: GR_EBUSY where none is free, or others wait. */
GR_API GR_MUST_USE int gr_semaphore_try_acquire(gr_semaphore *semaphore);

/* Gives one back, or a further one: to the one that waited longest. Semaphore.release. */
GR_API void gr_semaphore_release(gr_semaphore *semaphore);

/* gr_offload() with a permit of `limiter`, so that at most so many of a kind take threads of the pool at a time: a
 * database with ten connections, files of a slow disk. The permit is waited for on the loop, takes no thread, and is
 * given back on every way out; a job that outlives its deadline keeps it until it has returned. What gr_offload()
 * returns; GR_ECANCELED or GR_ETIMEDOUT while it waits for the permit: fn does not run.
 * anyio.to_thread.run_sync(limiter=CapacityLimiter(n)). */
GR_API GR_MUST_USE int gr_offload_limited(gr_co co, gr_semaphore *limiter, gr_blocking_fn *fn, void *arg);

/* Waiting for what a mutex guards:
 *
 *     int rc = gr_mutex_lock(co, &shop->mutex);
 *     if (rc < 0)
 *         return rc;
 *     while (rc == 0 && shop->loaves == 0)
 *         rc = gr_condition_wait(co, &shop->baked, &shop->mutex);
 *     if (rc == 0)
 *         shop->loaves--;
 *     gr_mutex_unlock(co, &shop->mutex);    whatever rc is
 *
 * Where looking at it and changing it take no await, a mutex is not needed for it, and a gr_event or a gr_queue is
 * simpler. */
typedef struct gr_condition {
    gr_waiters waiters;
} gr_condition;

/* Unlocks `mutex`, which the caller holds (else it aborts), waits to be notified, and locks it again: the caller holds
 * it on return, whatever is returned, so that the last wait, for the mutex, heeds neither deadline nor cancellation. 0:
 * notified; others may have been quicker with the mutex, so look again. Condition.wait. */
GR_API GR_MUST_USE int gr_condition_wait(gr_co co, gr_condition *condition, gr_mutex *mutex);

/* Wakes the n that waited longest, or all: each goes on once it has the mutex. The caller need not hold it. Who does
 * not wait yet is not notified. Condition.notify, notify_all. */
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
        {NULL, NULL, NULL, NULL}, (n), 0, false \
    }

/* Waits until `parties` coroutines have come here, then lets all of them go; it can be used again at once. One that is
 * cancelled or out of time as it comes has not come; one that is so while it waits breaks the barrier for all others.
 * GR_EPIPE: the barrier is broken, thus or by gr_barrier_break(): it stays so for all until gr_barrier_reset().
 * Barrier.wait; BrokenBarrierError. */
GR_API GR_MUST_USE int gr_barrier_wait(gr_co co, gr_barrier *barrier);

/* Breaks it: those that wait get GR_EPIPE, and so does everybody who comes. Barrier.abort. */
GR_API void gr_barrier_break(gr_barrier *barrier);

/* Makes it as new: those that wait get GR_EPIPE, those that come wait for each other. Barrier.reset. */
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
        {NULL, NULL, NULL, NULL}, {NULL, NULL, NULL, NULL}, (array), sizeof((array)[0]), \
            sizeof(array) / sizeof((array)[0]), 0, 0, false \
    }

/* Appends a copy of *item, or gives it to the one that waited longest for one; waits while the queue is full. GR_EPIPE:
 * it is closed, or was while the caller waited. Whatever is returned but 0, the value is not in the queue. Queue.put.
 */
GR_API GR_MUST_USE int gr_queue_put(gr_co co, gr_queue *queue, const void *item);

/* Moves the oldest value to *item; waits while there is none. GR_EPIPE: it is closed, and empty. Whatever is returned
 * but 0, no value was taken. Queue.get. */
GR_API GR_MUST_USE int gr_queue_get(gr_co co, gr_queue *queue, void *item);

/* Without waiting: GR_EBUSY where it is full or empty, or others wait for the same. put_nowait, get_nowait. */
GR_API GR_MUST_USE int gr_queue_try_put(gr_queue *queue, const void *item);
GR_API GR_MUST_USE int gr_queue_try_get(gr_queue *queue, void *item);

/* No more values come: those that wait to put get GR_EPIPE, those that wait to get too; what is in it can still be got.
 * A second call does nothing. Queue.shutdown. */
GR_API void gr_queue_close(gr_queue *queue);

/* Values in it now. Queue.qsize. */
GR_API size_t gr_queue_count(const gr_queue *queue);

/* GR_QUEUE_OF(orders, struct order); makes a type and typed ways in and out, so that no pointer passes for another:
 *
 *     struct order room[10];
 *     struct orders orders = {GR_QUEUE(room)};                     its member is `gr_queue queue`
 *     int orders_put(gr_co co, struct orders *to, const struct order *item)        gr_queue_put()
 *     int orders_get(gr_co co, struct orders *from, struct order *item)            gr_queue_get() */
#define GR_QUEUE_OF(name, type) \
    struct name { \
        gr_queue queue; \
    }; \
    GR_UNUSED GR_MUST_USE static inline int name##_put(gr_co gr_co_, struct name *gr_to_, type const *gr_item_) \
    { \
        return gr_queue_put(gr_co_, &gr_to_->queue, gr_item_); \
    } \
    GR_UNUSED GR_MUST_USE static inline int name##_get(gr_co gr_co_, struct name *gr_from_, type *gr_item_) \
    { \
        return gr_queue_get(gr_co_, &gr_from_->queue, gr_item_); \
    } \
    struct name

GR_END_DECLS

#endif
