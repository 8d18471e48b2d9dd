/* Structured concurrency: a scope holds children and does not end before them. A gather's and a join's scope lives in
 * the waiting coroutine's frame; that of what a function spawned and has not joined, in the frame of its call. */
#ifndef GRI_CO_SCOPE_H
#define GRI_CO_SCOPE_H

#include <griddle/task.h>

/* What becomes of a child that has ended. */
enum gri_when_ended {
    GRI_FREE,          /* it is freed; the owner, which waits, is woken by the last one and by the first that failed */
    GRI_FREE_AND_FAIL, /* the same, and the first that failed cancels the others at once, whatever the owner does */
    GRI_KEEP,          /* it stays with its result; nobody waits */
    GRI_REPORT         /* it stays, before those that run, and wakes the owner */
};

/* An empty scope. Whoever waits for `owner` now will wait for its tasks. */
gr_group gri_scope_of(gr_task *owner, enum gri_when_ended when_ended);

void gri_scope_add(gr_group *scope, gr_task *child);
void gri_scope_remove(gr_task *child);

/* On the loop's stack, as `child` has ended. */
void gri_scope_child_ended(gr_task *child);

/* Starts fn(arg) as a child of the scope's owner, queued (on the loop's stack: run at once, so that the task may be
 * gone on return). NULL: GR_ENOMEM. `name` NULL: that of `co`. */
gr_task *gri_scope_start(gr_co co, gr_group *scope, const char *name, gr_task_fn *fn, void *arg);

/* An await: waits until a child has ended that its owner is to be told of. */
int gri_scope_suspend(gr_co co, gr_group *scope, const char *what);

/* An await: waits until every child has ended, or one has failed. Then, as on cancellation and the deadline, the others
 * are cancelled and waited for. GR_ECANCELED, GR_ETIMEDOUT, or the scope's result. */
int gri_scope_wait(gr_co co, gr_group *scope, const char *what);

/* Cancels the children, waits for them, shielded, and frees them. */
void gri_scope_close(gr_co co, gr_group *scope, const char *what);

#endif
