/* A task: a coroutine with a name, a place among its siblings, and at most one wait. It lives at the top of its own
 * stack, with `extra` bytes beside it for its owner (a request's exchange and arena), so that a task is one block of
 * memory with one lifetime. */
#ifndef GRI_CO_TASK_H
#define GRI_CO_TASK_H

#include "co/sched.h"

/* The extra results of gri_suspend(). */
enum { GRI_ON_TIME = 1 };

struct gri_scope; /* who waits for this task's end */

struct gr_task {
    struct gri_ready ready;
    struct gri_timer timer;
    struct gri_sched *sched;
    void *sp;   /* where it goes on; NULL before the first run */
    char *base; /* of its stack */
    const char *name;
    const char *waits_for; /* "sleep", "join", ...: NULL while it runs or is ready */
    int64_t waits_since_ms;
    gr_task_fn *fn;
    void *arg;
    void (*ended)(gr_task *); /* on the loop's stack, the last thing before the memory goes; may be NULL */
    gr_task *parent, *children, *next_sibling, *prev_sibling;
    struct gri_scope *scope;
    int result;  /* of fn */
    int wake_rc; /* of the wait that ended */
    bool waiting, ended_already, cancelled, shielded, detached;
    uint32_t ignored; /* awaits since it was cancelled */
    void *san_fiber;  /* ThreadSanitizer's, and AddressSanitizer's fake stack */
};

/* A task with `extra` bytes (not zeroed) at *extra_out, 16-byte aligned, that live as long as the task.
 * It is a root: it has no parent and is freed by itself when fn has ended and its children with it. `name` is borrowed.
 * NULL: GR_ENOMEM. */
gr_task *gri_task_create(struct gri_sched *sched, const char *name, size_t extra, void **extra_out);

/* Frees a task that was never started. */
void gri_task_discard(gr_task *task);

/* On the loop's stack: runs fn at once, until it first waits or ends (so `task` may be gone on return).
 * In a coroutine: queues it. */
void gri_task_start(gr_task *task, gr_task_fn *fn, void *arg);

/* Suspends the running coroutine. Returns what gri_wake() gave; GRI_ON_TIME when at_ms came (INT64_MAX: never);
 * GR_ETIMEDOUT when the deadline of `co` came (before at_ms); GR_ECANCELED where the task is cancelled and not shielded
 * (at once, having yielded, where it was already). Checks `co`, aborts on misuse. `what` is a static string. */
int gri_suspend(gr_co co, int64_t at_ms, const char *what);

/* The same, ending only by gri_wake(): no deadline, no cancellation. For what must not be left half-way. */
int gri_suspend_shielded(gr_co co, const char *what);

/* Ends the wait that `task` is in; does nothing if it is not waiting. The waker must know that it is still the same
 * wait: whoever suspends takes its address out of every place a waker looks at, once it is back. Loop thread. */
void gri_wake(gr_task *task, int rc);

/* gr_cancel(). While `shielded` is set (teardowns), waits are not ended by it. */
static inline void gri_task_shield(gr_task *task, bool on)
{
    task->shielded = on;
}

/* Aborts with both names unless `co` belongs to the running coroutine. */
void gri_check_co(gr_co co);

/* The coroutine that runs on this thread, or NULL. */
gr_task *gri_running(void);

#endif
