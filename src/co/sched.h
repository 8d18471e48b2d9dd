/* The scheduler: one for each event loop. It owns the clock, the timers, the ready queue and the stacks.
 *
 * Everything here runs on the loop's thread. Coroutines are resumed only from the ready queue, on the loop's own stack;
 * a new task may be started at once from there (gri_task_start). */
#ifndef GRI_CO_SCHED_H
#define GRI_CO_SCHED_H

#include <griddle/co.h>
#include <griddle/sync.h>
#include <griddle/task.h>
#include <uv.h>

#include "base/log.h"
#include "co/san.h"
#include "co/stack_sizes.h"
#include "co/timer.h"

/* The struct that embeds `ptr` as its `member`. */
#define GRI_OWNER_OF(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

/* Something to run soon on the loop's stack. Embedded in its owner; `run` may queue it again. */
struct gri_ready {
    struct gri_ready *next;
    void (*run)(struct gri_ready *);
    bool queued;
};

struct gri_ready_queue {
    struct gri_ready *first, **last;
};

/* Something that takes real time outside of the loop, so that its end is nobody's to promise: a request to libuv's own
 * threads, a child that is waited for. Embedded in its owner; zero but for `what` and `of`. */
struct gri_outside {
    struct gri_outside *next, *prev;
    const char *what; /* "a file to open": static */
    const char *of;   /* a path, a name; NULL: it has none. Borrowed until it is back */
    char by[48];      /* the coroutine that began it, which may be gone */
    int64_t since_ms; /* by gri_now_ms() */
};

struct gri_work;

struct gri_sched {
    uv_loop_t *loop;           /* borrowed */
    const void *thread;        /* that runs it: see co/owner.h */
    const struct gri_log *log; /* borrowed; may be NULL */
    struct gri_timers timers;
    struct gri_ready_queue ready;   /* to run before the loop polls again */
    struct gri_ready_queue later;   /* to run after it has polled: those that yielded */
    struct gri_ready_queue polling; /* those of `later` that were there before the present poll */
    struct gri_stack_sizes stacks;
    struct gri_watch **watches; /* by descriptor; NULL: nobody waits for it */
    size_t n_watches;
    gr_event stopping;                      /* whoever serves on the loop has been told to stop */
    size_t works;                           /* outside that have not landed */
    struct gri_outside *outside;            /* ... and are not back, the newest first */
    struct gri_work *files, *last_file;     /* file operations that wait for a thread: io/work.c's */
    unsigned n_files, most_files;           /* those that have one, and at most; 0: not asked yet */
    struct gri_pool *pool;                  /* set by gri_pool_create(); where gr_offload() goes, but see task->pool */
    uint64_t turns;                         /* atomic: odd while a coroutine runs; changes with each */
    int64_t woke_ms;                        /* when the loop's last poll returned; 0: it has not polled yet */
    int64_t lag_ms, most_lag_ms;            /* from there to its next poll, in its last turn and ever */
    gr_task *current;                       /* the coroutine that runs now, or NULL on the loop's stack */
    void *loop_sp;                          /* the loop's stack pointer while a coroutine runs */
    struct gri_san san;                     /* what sanitizers know of the loop's stack */
    size_t n_tasks, n_daemons;              /* live tasks, and how many of them are the application's own */
    gr_task *tasks;                         /* all of them, the newest first */
    void (*last_ended)(struct gri_sched *); /* only daemons are left, or none, or the last work outside has landed
                                               after that; may be NULL */
    void *user;                             /* of whoever set last_ended */
    bool is_virtual;                        /* time moves only by gri_sched_advance() */
    bool draining, idling, trimming;
    int64_t virtual_ms;
    int64_t armed_ms; /* what the uv timer is set to; INT64_MAX: not set; INT64_MIN: about to be set */
    uv_timer_t timer; /* keeps the loop alive while a gri_timer is set */
    uv_timer_t trim;  /* ticks while a free stack holds memory; keeps nothing alive */
    uv_idle_t idle;   /* active while the queues hold anything, so that the loop does not block */
    uv_prepare_t prepare;
    uv_check_t check;
    int closing;
    void (*closed)(struct gri_sched *);
};

struct gri_sched_options {
    size_t stack_bytes; /* usable bytes of a coroutine's stack, of four times that under a sanitizer; 0: 64 KiB */
    const struct gri_log *log; /* borrowed */
    bool is_virtual;
};

/* Caller memory. 0, or a negative code with nothing left behind. */
int gri_sched_init(struct gri_sched *sched, uv_loop_t *loop, const struct gri_sched_options *options);

/* No task may live. Closes the handles; `closed` (may be NULL) is called from the loop when all that was queued has
 * run, every request to libuv's threads has come back, and the memory may go. */
void gri_sched_close(struct gri_sched *sched, void (*closed)(struct gri_sched *));

/* Monotonic milliseconds: read afresh, or the virtual clock. */
int64_t gri_now_ms(const struct gri_sched *sched);

/* The loop's cached time (virtual: the same as gri_now_ms): as precise as one turn of the loop, and free. */
int64_t gri_loop_ms(const struct gri_sched *sched);

/* Queues `item` to run on the loop's stack before the loop polls for I/O again; does nothing if it is queued. */
void gri_ready(struct gri_sched *sched, struct gri_ready *item);

/* The same, after the loop's next poll for I/O. */
void gri_later(struct gri_sched *sched, struct gri_ready *item);

/* Takes `item` out of whatever queue it is in, for an owner that goes away. O(n), and rarely needed. */
void gri_unready(struct gri_sched *sched, struct gri_ready *item);

/* Runs what is ready, up to a bound (the rest runs in the loop's next turn). Every callback that the loop calls and
 * that may have woken a task ends with this, which saves the turn. Only on the loop's stack: no-op inside a coroutine.
 */
void gri_sched_drain(struct gri_sched *sched);

/* Around what takes real time: `begins` as it is asked for, `returned` as soon as it is back, when its memory may go,
 * `landed` as the last thing of the callback that says so. Meanwhile virtual time stands still, and a scheduler that
 * closes waits, for one that was left behind too. `task` is who asks, or NULL. */
void gri_sched_work_begins(struct gri_sched *sched, struct gri_outside *outside, const gr_task *task);
void gri_sched_work_returned(struct gri_sched *sched, struct gri_outside *outside);
void gri_sched_work_landed(struct gri_sched *sched);

/* A line at level warning for each that is not back, which `whose` (the stop, gr_run()) leaves behind. */
void gri_sched_name_outside(const struct gri_sched *sched, const char *whose);

/* Sets or moves a timer (timer->fire must be set; it runs on the loop's stack with the timer already out). */
void gri_timer_set(struct gri_sched *sched, struct gri_timer *timer, int64_t at_ms);
void gri_timer_clear(struct gri_sched *sched, struct gri_timer *timer);

/* Virtual time only, on the loop's stack: moves the clock by `ms`, stopping at each timer on the way and running what
 * becomes ready, with those that yield (up to 1,000 times a stop; I/O is not polled). */
void gri_sched_advance(struct gri_sched *sched, int64_t ms);

/* `ms` milliseconds from now, not earlier (the real clock is rounded up); INT64_MAX where that overflows. */
int64_t gri_after_ms(const struct gri_sched *sched, int64_t ms);

/* Takes a stack back, and sees to it that its memory is given back when it stays unused for a second or two. */
void gri_sched_put_stack(struct gri_sched *sched, struct gri_stacks *stacks, char *base);

/* The time of the earliest timer, or INT64_MAX. */
int64_t gri_sched_next_ms(const struct gri_sched *sched);

#endif
