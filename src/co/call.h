/* The one way to run a user's function in a coroutine: the call is a scope. When the function has returned, and before
 * anybody is told what, the tasks that it spawned and did not join have ended, no group that it opened is open, and the
 * coroutine is shielded as it was before: nothing goes on that could use what the function was given.
 *
 * A function that is no gr_task_fn is called by a thunk of its own, call_user_...(), which is given to gri_call(). No
 * other function may call a pointer to a public type that takes a gr_co; scripts/lint holds it. */
#ifndef GRI_CO_CALL_H
#define GRI_CO_CALL_H

#include "base/cold.h"
#include "co/task.h"

/* In the frame of who calls. */
struct gri_call {
    struct gri_call *outer;
    unsigned open_groups;
    bool shielded, has_spawned;
    gr_group spawned; /* where it has */
};

GRI_COLD void gri_call_left_group(const gr_task *task);

static inline int gri_call(gr_co co, gr_task_fn *fn, void *arg)
{
    gr_task *task = co.task;
    struct gri_call call;
    call.outer = task->call;
    call.open_groups = task->open_groups;
    call.shielded = task->shielded;
    call.has_spawned = false;
    task->call = &call;
    GRI_EXCEPTIONS_END_HERE();
    int rc = fn(co, arg);
    if (task->open_groups > call.open_groups)
        gri_call_left_group(task);
    if (call.has_spawned)
        gri_scope_close(co, &call.spawned, "its children");
    task->call = call.outer;
    task->shielded = call.shielded;
    return rc;
}

/* The same, deaf to a cancellation meanwhile, though not to the deadline of `co`. */
int gri_call_shielded(gr_co co, gr_task_fn *fn, void *arg);

#endif
