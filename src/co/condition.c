#include "co/misuse.h"
#include "co/task.h"
#include "co/waiters.h"

static int lock_again(gr_co co, void *arg)
{
    return gr_mutex_lock(co, arg);
}

/* A notification that a cancelled waiter can make no use of is its to pass on: it returns 0, holding the mutex. */
int gr_condition_wait(gr_co co, gr_condition *condition, gr_mutex *mutex)
{
    gri_check_co(co);
    if (mutex->owner != co.task)
        gri_misuse("\"%s\" waits for a condition without holding the mutex that guards it: lock it first",
                   co.task->name);
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    gri_claim(&condition->waiters.thread, "gr_condition_wait()");
    gr_mutex_unlock(co, mutex);
    rc = gri_waiters_wait(co, &condition->waiters, "condition");
    int locked = gr_shield(co, lock_again, mutex);
    return locked < 0 ? locked : rc;
}

void gr_condition_notify(gr_condition *condition, size_t n)
{
    gri_claim(&condition->waiters.thread, "gr_condition_notify()");
    while (n > 0 && gri_waiters_wake(&condition->waiters))
        n--;
}

void gr_condition_notify_all(gr_condition *condition)
{
    gri_claim(&condition->waiters.thread, "gr_condition_notify_all()");
    gri_waiters_wake_all(&condition->waiters);
}
