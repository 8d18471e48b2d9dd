#include "co/call.h"

#include "co/misuse.h"

void gri_call_left_group(const gr_task *task)
{
    gri_misuse("a function of \"%s\" ended with an open group, whose tasks would use its memory: call gr_group_close() "
               "on every way out",
               task->name);
}

int gri_call_shielded(gr_co co, gr_task_fn *fn, void *arg)
{
    bool before = co.task->shielded;
    co.task->shielded = true;
    int rc = gri_call(co, fn, arg);
    co.task->shielded = before;
    return rc;
}

int gr_call(gr_co co, gr_task_fn *fn, void *arg)
{
    gri_check_co(co);
    return gri_call(co, fn, arg);
}

int gr_shield(gr_co co, gr_task_fn *fn, void *arg)
{
    gri_check_co(co);
    return gri_call_shielded((gr_co){co.task, 0}, fn, arg);
}
