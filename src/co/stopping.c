#include "co/task.h"

bool gr_stopping(gr_co co)
{
    return gr_event_is_set(&co.task->sched->stopping);
}

int gr_wait_stopping(gr_co co)
{
    gri_check_co(co);
    return gr_event_wait(co, &co.task->sched->stopping);
}
