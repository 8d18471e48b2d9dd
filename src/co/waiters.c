#include "co/waiters.h"

#include "co/task.h"

void gri_waiters_append(gr_waiters *line, struct gr_waiter *waiter)
{
    waiter->prev = line->last;
    waiter->next = NULL;
    if (line->last)
        line->last->next = waiter;
    else
        line->first = waiter;
    line->last = waiter;
}

void gri_waiters_remove(gr_waiters *line, struct gr_waiter *waiter)
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

int gri_waiters_wait_with(gr_co co, gr_waiters *line, void *data, const char *what)
{
    struct gr_waiter self = {.task = co.task, .data = data};
    gri_waiters_append(line, &self);
    int rc = gri_suspend(co, INT64_MAX, what);
    if (self.woken)
        return self.rc;
    gri_waiters_remove(line, &self);
    return rc;
}

int gri_waiters_wait(gr_co co, gr_waiters *line, const char *what)
{
    return gri_waiters_wait_with(co, line, NULL, what);
}

gr_task *gri_waiters_first(const gr_waiters *line)
{
    return line->first ? line->first->task : NULL;
}

void *gri_waiters_first_data(const gr_waiters *line)
{
    return line->first ? line->first->data : NULL;
}

static bool wake_with(gr_waiters *line, int rc)
{
    struct gr_waiter *first = line->first;
    if (!first)
        return false;
    gri_waiters_remove(line, first);
    first->woken = true;
    first->rc = rc;
    gri_wake(first->task, 0);
    return true;
}

bool gri_waiters_wake(gr_waiters *line)
{
    return wake_with(line, 0);
}

void gri_waiters_wake_all_with(gr_waiters *line, int rc)
{
    while (wake_with(line, rc))
        ;
}

void gri_waiters_wake_all(gr_waiters *line)
{
    gri_waiters_wake_all_with(line, 0);
}
