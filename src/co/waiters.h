/* A line of waiting coroutines, each by a node in its own frame: waiting allocates nothing and cannot fail. */
#ifndef GRI_CO_WAITERS_H
#define GRI_CO_WAITERS_H

#include <griddle/sync.h>

struct gr_waiter {
    struct gr_waiter *next, *prev;
    gr_task *task;
    bool woken;
};

/* An await: at the end of the line until it is woken. 0 then, even where a cancellation came between the wake-up and
 * the return: what was handed over is the caller's. Else GR_ECANCELED or GR_ETIMEDOUT, out of the line. */
int gri_waiters_wait(gr_co co, gr_waiters *line, const char *what);

/* Wakes the first of the line. False: nobody waits. */
bool gri_waiters_wake(gr_waiters *line);

/* Wakes all who wait now. */
void gri_waiters_wake_all(gr_waiters *line);

#endif
