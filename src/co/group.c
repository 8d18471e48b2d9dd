#include "co/misuse.h"
#include "co/owner.h"
#include "co/task.h"

void gr_group_open(gr_co co, gr_group *group)
{
    gri_check_co(co);
    *group = gri_scope_of(co.task, GRI_FREE_AND_FAIL);
    co.task->open_groups++;
}

static bool is_open(const gr_group *group)
{
    return group->when_ended == GRI_FREE_AND_FAIL;
}

/* In one that is being closed nobody would cancel the task; one that was closed is its owner's memory again. */
static bool takes_tasks(const gr_group *group)
{
    return is_open(group) && group->result == 0;
}

int gr_group_spawn_named(gr_co co, gr_group *group, const char *name, gr_task_fn *fn, void *arg)
{
    gri_check_co(co);
    gri_check_loop(group->owner->sched, "gr_group_spawn()");
    if (!takes_tasks(group) || (co.task->cancelled && !co.task->shielded))
        return GR_ECANCELED;
    return gri_scope_start(co, group, name, fn, arg) ? 0 : GR_ENOMEM;
}

int gr_group_close(gr_co co, gr_group *group, int rc)
{
    gri_check_co(co);
    if (group->owner != co.task)
        gri_misuse("\"%s\" closes a group of \"%s\": it is closed by the coroutine that opened it", co.task->name,
                   group->owner->name);
    if (!is_open(group))
        gri_misuse("\"%s\" closes a group that was closed already: close each group once", co.task->name);
    int failed = group->result; /* later ones fail because they are cancelled */
    if (rc == 0)
        rc = gri_scope_wait(co, group, "group");
    else
        gri_scope_close(co, group, "group");
    co.task->open_groups--;
    return failed ? failed : rc;
}
