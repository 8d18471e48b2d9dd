#include "co/misuse.h"
#include "co/task.h"
#include "co/waiters.h"

static void give_to(gr_mutex *mutex, gr_task *task)
{
    mutex->owner = task;
    if (task)
        task->held_mutexes++;
}

int gr_mutex_try_lock(gr_co co, gr_mutex *mutex)
{
    gri_check_co(co);
    gri_claim(&mutex->waiters.thread, "gr_mutex_try_lock()");
    if (mutex->owner)
        return GR_EBUSY;
    give_to(mutex, co.task);
    return 0;
}

/* Whoever unlocks makes the first of the line the owner, so a lock is never free while somebody waits. */
static int wait_for_it(gr_co co, gr_mutex *mutex)
{
    if (mutex->owner == co.task)
        gri_misuse("\"%s\" locks a mutex that it holds already, and would wait for itself", co.task->name);
    int rc = gri_await_begin(co);
    if (rc < 0 || gr_mutex_try_lock(co, mutex) == 0)
        return rc;
    return gri_waiters_wait(co, &mutex->waiters, "mutex");
}

int gr_mutex_lock(gr_co co, gr_mutex *mutex)
{
    gri_check_co(co);
    gri_claim(&mutex->waiters.thread, "gr_mutex_lock()");
    return wait_for_it(co, mutex);
}

void gr_mutex_unlock(gr_co co, gr_mutex *mutex)
{
    gri_check_co(co);
    gri_claim(&mutex->waiters.thread, "gr_mutex_unlock()");
    if (mutex->owner != co.task)
        gri_misuse("\"%s\" unlocks a mutex that %s%s%s holds: it is unlocked by the coroutine that locked it",
                   co.task->name, mutex->owner ? "\"" : "", mutex->owner ? mutex->owner->name : "nobody",
                   mutex->owner ? "\"" : "");
    co.task->held_mutexes--;
    give_to(mutex, gri_waiters_first(&mutex->waiters));
    gri_waiters_wake(&mutex->waiters);
}
