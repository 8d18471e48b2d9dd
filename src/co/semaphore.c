#include "co/task.h"
#include "co/waiters.h"

/* What is given back goes to the first of the line, so nothing is free while somebody waits. */
int gr_semaphore_try_acquire(gr_semaphore *semaphore)
{
    gri_claim(&semaphore->waiters.thread, "gr_semaphore_try_acquire()");
    if (semaphore->free == 0)
        return GR_EBUSY;
    semaphore->free--;
    return 0;
}

int gr_semaphore_acquire(gr_co co, gr_semaphore *semaphore)
{
    int rc = gri_await_begin(co);
    if (rc < 0 || gr_semaphore_try_acquire(semaphore) == 0)
        return rc;
    return gri_waiters_wait(co, &semaphore->waiters, "semaphore");
}

void gr_semaphore_release(gr_semaphore *semaphore)
{
    gri_claim(&semaphore->waiters.thread, "gr_semaphore_release()");
    if (!gri_waiters_wake(&semaphore->waiters))
        semaphore->free++;
}
