#include "co/task.h"
#include "co/waiters.h"

static void let_go(gr_barrier *barrier, int rc)
{
    barrier->here = 0;
    gri_waiters_wake_all_with(&barrier->waiters, rc);
}

int gr_barrier_wait(gr_co co, gr_barrier *barrier)
{
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    gri_claim(&barrier->waiters.thread, "gr_barrier_wait()");
    if (barrier->broken)
        return GR_EPIPE;
    if (++barrier->here >= barrier->parties) {
        let_go(barrier, 0);
        return 0;
    }
    rc = gri_waiters_wait(co, &barrier->waiters, "barrier");
    if (rc == GR_ECANCELED || rc == GR_ETIMEDOUT)
        gr_barrier_break(barrier);
    return rc;
}

void gr_barrier_break(gr_barrier *barrier)
{
    gri_claim(&barrier->waiters.thread, "gr_barrier_break()");
    barrier->broken = true;
    let_go(barrier, GR_EPIPE);
}

void gr_barrier_reset(gr_barrier *barrier)
{
    gri_claim(&barrier->waiters.thread, "gr_barrier_reset()");
    barrier->broken = false;
    let_go(barrier, GR_EPIPE);
}
