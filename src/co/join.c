#include "co/call.h"
#include "co/misuse.h"

static gr_group *spawned_by(gr_task *task)
{
    struct gri_call *call = task->call;
    if (!call->has_spawned)
        call->spawned = gri_scope_of(task, GRI_KEEP);
    call->has_spawned = true;
    return &call->spawned;
}

int gr_spawn_named(gr_co co, gr_task **task, const char *name, gr_task_fn *fn, void *arg)
{
    gri_check_co(co);
    if (co.task->cancelled && !co.task->shielded)
        return GR_ECANCELED;
    gr_task *child = gri_scope_start(co, spawned_by(co.task), name, fn, arg);
    if (!child)
        return GR_ENOMEM;
    *task = child;
    return 0;
}

static void check_join(gr_co co, const gr_task *task)
{
    gri_check_co(co);
    if (!task || !task->parent)
        gri_misuse("\"%s\" joins a task that it did not spawn, or has joined before: join each task once",
                   co.task->name);
    if (task->parent != co.task)
        gri_misuse("\"%s\" joins \"%s\", which \"%s\" spawned: a task is joined by the one that spawned it",
                   co.task->name, task->name, task->parent->name);
}

static int take_result(gr_co co, gr_task *task)
{
    int rc = gri_await_begin(co), result = task->result;
    gri_scope_remove(task);
    gri_task_free(task);
    return rc < 0 ? rc : result;
}

int gr_join(gr_co co, gr_task *task)
{
    check_join(co, task);
    if (task->ended_already)
        return take_result(co, task);
    gr_group scope = gri_scope_of(co.task, GRI_FREE);
    gri_scope_remove(task);
    gri_scope_add(&scope, task);
    return gri_scope_wait(co, &scope, "join");
}
