/* Structured concurrency: a scope holds children and does not end before them. A gather's and a join's scope lives in
 * the waiting coroutine's frame; what a task spawned and has not joined is in the scope in the task. */
#ifndef GRI_CO_SCOPE_H
#define GRI_CO_SCOPE_H

#include <griddle/task.h>

/* {.owner = task} is an empty one. */
struct gri_scope {
    gr_task *owner;        /* who waits */
    gr_task *first, *last; /* the children, in the order of their start */
    size_t running;        /* those that have not ended */
    int result;            /* the first in time that was not 0 */
    bool keeps;            /* nobody waits now: ended children stay, with their results */
};

void gri_scope_add(struct gri_scope *scope, gr_task *child);
void gri_scope_remove(gr_task *child);

/* On the loop's stack, as `child` has ended: it stays where its scope keeps, else it is freed and the owner woken when
 * it was the last one or the first that failed. */
void gri_scope_child_ended(gr_task *child);

/* An await: waits until every child has ended, or one has failed. Then, as on cancellation and the deadline, the others
 * are cancelled and waited for. GR_ECANCELED, GR_ETIMEDOUT, or the scope's result. */
int gri_scope_wait(gr_co co, struct gri_scope *scope, const char *what);

/* Cancels the children, waits for them, shielded, and frees them. */
void gri_scope_close(gr_co co, struct gri_scope *scope, const char *what);

#endif
