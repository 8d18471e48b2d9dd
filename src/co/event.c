#include "co/task.h"
#include "co/waiters.h"

int gr_event_wait(gr_co co, gr_event *event)
{
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    gri_claim(&event->waiters.thread, "gr_event_wait()");
    return event->is_set ? 0 : gri_waiters_wait(co, &event->waiters, "event");
}

void gr_event_set(gr_event *event)
{
    gri_claim(&event->waiters.thread, "gr_event_set()");
    event->is_set = true;
    gri_waiters_wake_all(&event->waiters);
}

void gr_event_clear(gr_event *event)
{
    gri_claim(&event->waiters.thread, "gr_event_clear()");
    event->is_set = false;
}

bool gr_event_is_set(const gr_event *event)
{
    gri_check_owner(event->waiters.thread, "gr_event_is_set()");
    return event->is_set;
}
