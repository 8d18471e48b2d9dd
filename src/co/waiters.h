/* A line of waiting coroutines, each by a node in its own frame: waiting allocates nothing and cannot fail. */
#ifndef GRI_CO_WAITERS_H
#define GRI_CO_WAITERS_H

#include <griddle/sync.h>

#include "co/owner.h"

struct gr_waiter {
    struct gr_waiter *next, *prev;
    gr_task *task;
    void *data; /* what it waits with */
    int rc;     /* what it was woken with */
    bool woken;
};

/* At the end of the line; and out of it, from wherever it stands. */
void gri_waiters_append(gr_waiters *line, struct gr_waiter *waiter);
void gri_waiters_remove(gr_waiters *line, struct gr_waiter *waiter);

/* An await: at the end of the line until it is woken; what it was woken with then, even where a cancellation or the
 * deadline came between the wake-up and the return: what was handed over is the caller's. Else GR_ECANCELED or
 * GR_ETIMEDOUT, out of the line. */
int gri_waiters_wait(gr_co co, gr_waiters *line, const char *what);

/* The same, with something that whoever wakes it can find. */
int gri_waiters_wait_with(gr_co co, gr_waiters *line, void *data, const char *what);

/* The first of the line that still waits, or NULL; and what it waits with. One whose wait a cancellation or a deadline
 * has ended, though it has not run since, is passed over: what is for one goes to who can use it. */
gr_task *gri_waiters_first(gr_waiters *line);
void *gri_waiters_first_data(gr_waiters *line);

/* Wakes that one. False: nobody waits. */
bool gri_waiters_wake(gr_waiters *line);

/* Wakes this one of the line, with 0 or another result. */
void gri_waiters_wake_one(gr_waiters *line, struct gr_waiter *waiter, int rc);

/* Wakes all of the line, with 0 or another result: those too whose wait has ended, but who have not run since. */
void gri_waiters_wake_all(gr_waiters *line);
void gri_waiters_wake_all_with(gr_waiters *line, int rc);

#endif
