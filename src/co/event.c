#include "co/task.h"
#include "co/waiters.h"

int gr_event_wait(gr_co co, gr_event *event)
{
    int rc = gri_await_begin(co);
    return rc < 0 || event->is_set ? rc : gri_waiters_wait(co, &event->waiters, "event");
}

void gr_event_set(gr_event *event)
{
    event->is_set = true;
    gri_waiters_wake_all(&event->waiters);
}

void gr_event_clear(gr_event *event)
{
    event->is_set = false;
}

bool gr_event_is_set(const gr_event *event)
{
    return event->is_set;
}
