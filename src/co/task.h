/* A task: a coroutine with a name, a place among its siblings, and at most one wait. It lives at the top of its own
 * stack, with `extra` bytes beside it for its owner (a request's exchange and arena), so that a task is one block of
 * memory with one lifetime. */
#ifndef GRI_CO_TASK_H
#define GRI_CO_TASK_H

#include "co/exceptions.h"
#include "co/sched.h"
#include "co/scope.h"

/* The extra results of gri_suspend(). */
enum { GRI_ON_TIME = 1 };

/* A stack that a task has left for another, to come back to: in the frame of gr_on_stack(). */
struct gri_left_stack {
    const struct gri_left_stack *outer;
    char *base;
    struct gri_stacks *stacks;
    struct gri_san san;
};

struct gr_task {
    struct gri_ready ready;
    struct gri_timer timer;
    struct gri_sched *sched;
    void *sp;   /* where it goes on; NULL before the first run */
    char *base; /* of the stack that it runs on, one of `stacks` */
    struct gri_stacks *stacks;
    const struct gri_left_stack *left; /* the innermost, or NULL */
    const char *name;
    const char *waits_for; /* "sleep", "join", ...: NULL while it runs or is ready */
    int64_t created_ms, waits_since_ms;
    gr_task *next_task, *prev_task; /* in the scheduler's list of all */
    gr_task_fn *fn;
    void *arg;
    void (*ended)(gr_task *); /* on the loop's stack, the last thing before the memory goes; may be NULL */
    gr_task *parent, *next_sibling, *prev_sibling;
    gr_group *scope;                    /* who waits for this task's end; NULL for a root */
    struct gri_call *call;              /* that runs: the innermost */
    struct gri_pool *pool;              /* where what it offloads goes; NULL: the scheduler's */
    struct gri_pool *holds;             /* a thread of it waits for this task, or for one that it comes from; or NULL */
    unsigned open_groups, open_portals; /* that it opened, and has not closed */
    unsigned held_mutexes;
    size_t place;             /* among the jobs that it was started with */
    struct gri_local *locals; /* its values, and those it was started with */
    const char *reason;       /* why it was cancelled; NULL: it was not */
    int64_t deadline_ms;      /* of the gr_co that fn gets: the spawning scope's; 0 for a root */
    int result;               /* of fn */
    int wake_rc;              /* of the await that ended, or that its timer would give */
    bool waiting, ended_already, cancelled, shielded;
    bool is_zombie;   /* a request that nobody waits for */
    bool unwanted;    /* cancelled, and a zombie: atomic, for a thread that works for it */
    bool daemon;      /* lives as long as the program serves: nobody waits for its end, see gri_sched.n_daemons */
    uint32_t ignored; /* awaits since it was cancelled */
    uint32_t spent;   /* see gri_await_spend() */
    struct gri_exceptions exceptions; /* while it does not run */
    struct gri_san san;
};

/* A task with `extra` bytes (not zeroed) at *extra_out, 16-byte aligned, that live as long as the task.
 * It is a root: it has no parent and is freed by itself when fn has ended and its children with it. `name` is borrowed.
 * NULL: GR_ENOMEM. */
gr_task *gri_task_create(struct gri_sched *sched, const char *name, size_t extra, void **extra_out);

/* The same on a stack as large as the one that `like` runs on. */
gr_task *gri_task_create_like(const gr_task *like, const char *name);

/* Whether the stack that it runs on is as large as one of `bytes` bytes; and whether it is another than the usual. */
bool gri_task_has_stack(const gr_task *task, size_t bytes);
static inline bool gri_task_is_elsewhere(const gr_task *task)
{
    return task->stacks != task->sched->stacks.usual;
}

/* Makes it, and what it starts, one that nobody waits for. */
void gri_task_make_daemon(gr_task *task);

/* Whether it is one that nobody waits for any more; it may still be one that is to end its work. */
void gri_task_set_zombie(gr_task *task, bool is_zombie);

/* Frees a task that was never started. */
void gri_task_discard(gr_task *task);

/* On the loop's stack: runs fn at once, until it first waits or ends (so `task` may be gone on return).
 * In a coroutine: queues it. */
void gri_task_start(gr_task *task, gr_task_fn *fn, void *arg);

/* Frees a task that has ended: calls `ended`, then gives the stack back. */
void gri_task_free(gr_task *task);

/* How every await begins: checks `co`. 0, or, after having yielded once, GR_ECANCELED where the task is cancelled and
 * not shielded, or GR_ETIMEDOUT where the deadline has passed. Spends 1: so others may run before it returns 0. */
int gri_await_begin(gr_co co);

/* A coroutine that finds ready whatever it awaits would hold the loop. So each await spends a part of a budget, which
 * is whole again whenever others have run: GRI_SPEND_CALL for a call of the system. Where it is spent this yields, and
 * returns what gri_await_begin() does; else 0. */
enum { GRI_SPEND_ALL = 128, GRI_SPEND_CALL = 4 };
int gri_await_spend(gr_co co, unsigned cost);

/* Suspends the running coroutine. Returns what gri_wake() gave; GRI_ON_TIME when at_ms came (INT64_MAX: never);
 * GR_ETIMEDOUT when the deadline of `co` came (before at_ms); GR_ECANCELED where the task is cancelled and not shielded
 * (at once, having yielded, where it was already). Checks `co`, aborts on misuse. `what` is a static string. */
int gri_suspend(gr_co co, int64_t at_ms, const char *what);

/* The same, ending only by gri_wake(): no deadline, no cancellation. For what must not be left half-way. */
int gri_suspend_shielded(gr_co co, const char *what);

/* Ends the wait that `task` is in; does nothing if it is not waiting. The waker must know that it is still the same
 * wait: whoever suspends takes its address out of every place a waker looks at, once it is back. Loop thread. */
void gri_wake(gr_task *task, int rc);

/* Takes a cancellation back: whoever it was meant for has ended. */
static inline void gri_task_forgive(gr_task *task)
{
    task->cancelled = false;
    task->reason = NULL;
    __atomic_store_n(&task->unwanted, false, __ATOMIC_RELAXED);
}

/* Whether an await of it has said that it is cancelled. */
static inline bool gri_task_was_told(const gr_task *task)
{
    return task->cancelled && (task->wake_rc == GR_ECANCELED || task->ignored);
}

/* Aborts with both names unless `co` belongs to the running coroutine. */
void gri_check_co(gr_co co);

/* The coroutine that runs on this thread, or NULL. */
gr_task *gri_running(void);

#endif
