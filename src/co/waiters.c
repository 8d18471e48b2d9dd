#include "co/waiters.h"

#include "co/task.h"

static void append(gr_waiters *line, struct gr_waiter *waiter)
{
    waiter->prev = line->last;
    if (line->last)
        line->last->next = waiter;
    else
        line->first = waiter;
    line->last = waiter;
}

static void take_out(gr_waiters *line, struct gr_waiter *waiter)
{
    if (waiter->prev)
        waiter->prev->next = waiter->next;
    else
        line->first = waiter->next;
    if (waiter->next)
        waiter->next->prev = waiter->prev;
    else
        line->last = waiter->prev;
}

int gri_waiters_wait(gr_co co, gr_waiters *line, const char *what)
{
    struct gr_waiter self = {.task = co.task};
    append(line, &self);
    int rc = gri_suspend(co, INT64_MAX, what);
    if (self.woken)
        return 0;
    take_out(line, &self);
    return rc;
}

bool gri_waiters_wake(gr_waiters *line)
{
    struct gr_waiter *first = line->first;
    if (!first)
        return false;
    take_out(line, first);
    first->woken = true;
    gri_wake(first->task, 0);
    return true;
}

void gri_waiters_wake_all(gr_waiters *line)
{
    while (gri_waiters_wake(line))
        ;
}
