#include "co/call.h"

/* The next of the times every_ms apart that is not over yet. */
static int64_t next_tick(const struct gri_sched *sched, int64_t at_ms, int64_t every_ms)
{
    int64_t late_ms = gri_now_ms(sched) - at_ms;
    int64_t ticks = late_ms < 0 ? 1 : late_ms / every_ms + 1, next_ms;
    if (__builtin_mul_overflow(ticks, every_ms, &next_ms) || __builtin_add_overflow(at_ms, next_ms, &next_ms))
        return INT64_MAX;
    return next_ms;
}

int gr_every(gr_co co, int64_t every_ms, gr_task_fn *fn, void *arg)
{
    gri_check_co(co);
    const struct gri_sched *sched = co.task->sched;
    every_ms = every_ms > 0 ? every_ms : 1;
    int64_t at_ms = gri_after_ms(sched, every_ms);
    for (;;) {
        int rc = gri_suspend(co, at_ms, "every");
        rc = rc == GRI_ON_TIME ? gri_call(co, fn, arg) : rc;
        if (rc)
            return rc;
        at_ms = next_tick(sched, at_ms, every_ms);
    }
}
