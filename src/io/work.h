/* Work on libuv's own threads, for calls of the system that block: UV_THREADPOOL_SIZE threads, 4 as a rule, for all
 * loops of the program. Griddle's pool has no part in it, so blocking handlers do not delay it, and a coroutine that a
 * thread of that pool waits for may await it. A loop has one fewer of them at work at a time, and the others wait here:
 * one is left to look names up, of which libuv lets no more than half of the threads run, and for teardowns, which do
 * not wait here.
 *
 * What a work uses is its own or, for gri_work_await(), its caller's. */
#ifndef GRI_IO_WORK_H
#define GRI_IO_WORK_H

#include "co/task.h"

/* The first member of its owner. Zero but for what the owner sets. */
struct gri_work {
    void (*run)(struct gri_work *);  /* on a thread; sets `result` */
    void (*drop)(struct gri_work *); /* for gri_work_await_or_leave(): frees it and what came of it. Loop thread */
    const char *path;                /* see gri_work_create(); or a caller's, for who is told; or NULL */
    int result;
    struct gri_outside outside; /* `what` is set by the await */
    struct gri_work *next;      /* while it waits for a thread: who came later */
    struct gri_work *prev;      /* and who came before it */
    uv_work_t uv;
    struct gri_sched *sched;
    gr_task *task; /* NULL: nobody waits any more */
    int stopped;   /* atomic */
    bool waits, landed, has_run;
};

/* A work in `size` bytes, zeroed, with a copy of `path` behind them: one block, for free(). NULL: GR_ENOMEM. */
void *gri_work_create(size_t size, const char *path);

/* An await of a work that uses the caller's memory. Whoever has run is told what came of it, `result`, though the
 * deadline has passed or the task was cancelled meanwhile: it is waited for. GR_ECANCELED, GR_ETIMEDOUT: it has not
 * run, or has seen gri_work_is_stopped() and set GR_ECANCELED. */
int gri_work_await(gr_co co, struct gri_work *work, const char *what);

/* The same without heeding deadline or cancellation. */
int gri_work_await_shielded(gr_co co, struct gri_work *work, const char *what);

/* An await of a work that has memory of its own. 0: it has run, and is the caller's again. GR_ECANCELED, GR_ETIMEDOUT:
 * it was left behind, and will be dropped (steals `work`). */
int gri_work_await_or_leave(gr_co co, struct gri_work *work, const char *what);

/* Starts one that nobody waits for: it will be dropped. `what` is static. Loop thread. */
void gri_work_start(struct gri_sched *sched, struct gri_work *work, const char *what);

/* On its thread: whether its task's deadline has passed, or it was cancelled. */
bool gri_work_is_stopped(const struct gri_work *work);

#endif
