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
    if (!line->next)
        line->next = waiter;
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
    if (line->next == waiter)
        line->next = waiter->next;
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

/* A wait that has ended does not begin again, so nobody is looked at twice, however many leave together. */
static struct gr_waiter *first_waiting(gr_waiters *line)
{
    while (line->next && !line->next->task->waiting)
        line->next = line->next->next;
    return line->next;
}

gr_task *gri_waiters_first(gr_waiters *line)
{
    const struct gr_waiter *first = first_waiting(line);
    return first ? first->task : NULL;
}

void *gri_waiters_first_data(gr_waiters *line)
{
    const struct gr_waiter *first = first_waiting(line);
    return first ? first->data : NULL;
}

void gri_waiters_wake_one(gr_waiters *line, struct gr_waiter *waiter, int rc)
{
    gri_waiters_remove(line, waiter);
    waiter->woken = true;
    waiter->rc = rc;
    gri_wake(waiter->task, 0);
}

bool gri_waiters_wake(gr_waiters *line)
{
    struct gr_waiter *first = first_waiting(line);
    if (first)
        gri_waiters_wake_one(line, first, 0);
    return first;
}

void gri_waiters_wake_all_with(gr_waiters *line, int rc)
{
    while (line->first)
        gri_waiters_wake_one(line, line->first, rc);
}

void gri_waiters_wake_all(gr_waiters *line)
{
    gri_waiters_wake_all_with(line, 0);
}
