/* The thread pool for blocking functions: threads are started on demand, the one that slept last is woken first, at
 * most one is being woken at a time (it wakes the next as it takes its job), finished jobs reach the loop in batches.
 */
#ifndef GRI_CO_POOL_H
#define GRI_CO_POOL_H

#include "co/sched.h"

struct gri_pool;

/* One piece of work. Embedded in its owner, which keeps it until `done` was called or it was taken back. */
struct gri_job {
    struct gri_job *next, *prev;
    void (*work)(struct gri_job *); /* on a pool thread */
    void (*done)(struct gri_job *); /* on the loop's stack, after work */
    void (*asks)(struct gri_job *); /* on the loop's stack: gri_job_ask() waits for gri_job_answer(); may be NULL */
    const char *name;               /* of the coroutine that it is for */
    gr_task_fn *question;           /* what it asks: to run this with `question_arg` in a coroutine */
    void *question_arg;
    int answer;
    void (*on_cancel)(void *arg); /* see gri_job_on_cancel() */
    void *on_cancel_arg;
    struct gri_pool *pool;
    struct gri_worker *worker;
    uint64_t queued_at; /* uv_hrtime() */
    int state;          /* queued, running, asking, done: the pool's */
    int cancelled;      /* atomic: gr_job_cancelled() */
};

struct gri_pool_options {
    unsigned threads; /* at most; 0: 40 */
    unsigned queue;   /* jobs that wait while every thread is busy, at most; 0: 1,024 */
};

struct gri_pool_stats {
    unsigned threads, busy, queued;
    uint64_t jobs;                     /* that have begun */
    int64_t waited_us, most_waited_us; /* in the queue: the last of them, and the one that waited longest */
};

/* Starts no thread, and keeps the loop alive only while a job is in flight. Sets sched->pool.
 *
 * `closed` (may be NULL) is called from the loop when the pool's handle is closed; at once where `pool` is NULL.
 * Destroying waits for the threads: the caller has made sure that no job is queued or runs. */
int gri_pool_create(struct gri_pool **pool, struct gri_sched *sched, const struct gri_pool_options *options);
void gri_pool_destroy(struct gri_pool *pool, void (*closed)(void *arg), void *arg);

/* Loop thread. 0, or GR_EBUSY: the queue is full, or not even one thread could be started. */
int gri_pool_submit(struct gri_pool *pool, struct gri_job *job);

/* Loop thread. True: the job had not begun, is out of the queue, and neither work nor done will be called.
 * False: it runs or has run; it is now marked cancelled and `done` will be called. */
bool gri_pool_take_back(struct gri_pool *pool, struct gri_job *job);

/* Pool thread, inside a job that has `asks`: has fn(co, arg) run in the coroutine that waits for the job, and waits for
 * its result. GR_EINVAL elsewhere. While it waits the job is not in flight. */
int gri_job_ask(gr_task_fn *fn, void *arg);

/* Pool thread, inside a job that is about to wait for something else than the pool: fn(arg) will be called when the job
 * is cancelled, on the loop's thread and under the pool's lock; it must not wait. NULL: no more, which each fn is
 * followed by. False: it is cancelled already, and fn will not be called. Outside of a job: true. */
bool gri_job_on_cancel(void (*fn)(void *arg), void *arg);

/* The pool whose job this thread runs; NULL: none. */
struct gri_pool *gri_pool_of_this_thread(void);

/* Where the job that this thread runs begins on its stack: all of its frames lie below. NULL: it runs none. */
const void *gri_job_frame(void);

/* The job that this thread runs, and the coroutine that waits for it where gr_offload() made it; or NULL. Signal
 * handlers. */
struct gri_job *gri_job_of_this_thread(void);
const gr_task *gri_task_of_this_thread(void);
/* What runs on this thread: the name of a coroutine, or of the one that a job is for; NULL: nothing of the
 * application's. May be asked in a signal handler. */
const char *gri_running_name(void);

/* Loop thread, once for each call of `asks`: the job goes on. */
void gri_job_answer(struct gri_job *job, int answer);

/* Jobs queued, running, or done but not yet handed back: while above 0, a virtual clock must not run ahead. Loop
 * thread. */
size_t gri_pool_in_flight(const struct gri_pool *pool);

/* Makes it one for teardowns, which gr_offload() uses where task->pool says so. */
void gri_pool_reserve(struct gri_pool *pool);

/* Whether a thread of `pool` may be waited for while one of `holds` waits for that: by enough of them each would wait
 * for another one. A loop's threads may wait for its reserved ones, which wait for none. */
bool gri_pool_may_wait_for(const struct gri_pool *holds, const struct gri_pool *pool);

void gri_pool_stats(struct gri_pool *pool, struct gri_pool_stats *stats);

#endif
