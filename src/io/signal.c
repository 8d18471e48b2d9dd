#include <griddle/signal.h>

#include <signal.h>
#include <stdlib.h>

#include "co/owner.h"
#include "co/task.h"
#include "co/waiters.h"
#include "io/signal_chain.h"

/* One number of those that are taken. */
struct taken {
    uv_signal_t handle;
    gr_signals *owner;
    uint64_t arrived; /* the place in the order of arrival; 0: it is not pending */
};

struct gr_signals {
    struct gri_sched *sched;
    gr_waiters waiters; /* each with an int * for the number */
    uint64_t arrivals;
    size_t n; /* handles that are open */
    struct taken taken[];
};

static void on_signal_signal(uv_signal_t *handle, int signum)
{
    struct taken *self = GRI_OWNER_OF(handle, struct taken, handle);
    gr_signals *owner = self->owner;
    int *waiting = gri_waiters_first_data(&owner->waiters);
    if (waiting) {
        *waiting = signum;
        gri_waiters_wake(&owner->waiters);
    } else if (self->arrived == 0) {
        self->arrived = ++owner->arrivals;
    }
    gri_sched_drain(owner->sched);
}

static void on_signal_closed(uv_handle_t *handle)
{
    gr_signals *owner = GRI_OWNER_OF(handle, struct taken, handle)->owner;
    if (--owner->n == 0)
        free(owner);
}

/* A fault happens again when its handler returns; the rest of the refusals is the system's. */
static bool is_fault(int signum)
{
    return signum == SIGILL || signum == SIGFPE || signum == SIGSEGV || signum == SIGBUS;
}

static bool are_takable(const int *signums, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (signums[i] <= 0 || signums[i] >= NSIG || is_fault(signums[i]))
            return false;
        for (size_t j = 0; j < i; j++)
            if (signums[j] == signums[i])
                return false;
    }
    return n > 0;
}

static int signal_take(gr_signals *self, int signum)
{
    struct taken *taken = &self->taken[self->n];
    taken->owner = self;
    int rc = uv_signal_init(self->sched->loop, &taken->handle);
    if (rc < 0)
        return rc;
    rc = gri_signal_start(&taken->handle, on_signal_signal, signum);
    self->n++;
    return rc;
}

static int take_all(gr_signals *self, const int *signums, size_t n)
{
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = signal_take(self, signums[i]);
    return rc;
}

int gr_signals_open_n(gr_co co, gr_signals **signals, const int *signums, size_t n)
{
    gri_check_co(co);
    *signals = NULL;
    if (!are_takable(signums, n))
        return GR_EINVAL;
    gr_signals *self = calloc(1, sizeof *self + n * sizeof self->taken[0]);
    if (!self)
        return GR_ENOMEM;
    self->sched = co.task->sched;
    int rc = take_all(self, signums, n);
    if (rc == 0)
        *signals = self;
    else
        gr_signals_close(self);
    return rc;
}

static struct taken *first_pending(gr_signals *self)
{
    struct taken *first = NULL;
    for (struct taken *taken = self->taken; taken < self->taken + self->n; taken++)
        if (taken->arrived && (!first || taken->arrived < first->arrived))
            first = taken;
    return first;
}

int gr_signals_wait(gr_co co, gr_signals *signals, int *signum)
{
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    gri_check_loop(signals->sched, "gr_signals_wait()");
    struct taken *pending = first_pending(signals);
    if (!pending)
        return gri_waiters_wait_with(co, &signals->waiters, signum, "signal");
    pending->arrived = 0;
    *signum = pending->handle.signum;
    return 0;
}

/* A number that could not be taken is in none of the lists. */
static void signal_give_back(struct taken *taken)
{
    if (taken->handle.signum)
        gri_signal_stop(&taken->handle);
    uv_close((uv_handle_t *)&taken->handle, on_signal_closed);
}

void gr_signals_close(gr_signals *signals)
{
    if (!signals)
        return;
    gri_check_loop(signals->sched, "gr_signals_close()");
    gri_waiters_wake_all_with(&signals->waiters, GR_EPIPE);
    for (size_t i = 0, n = signals->n; i < n; i++)
        signal_give_back(&signals->taken[i]);
    if (signals->n == 0)
        free(signals);
}
