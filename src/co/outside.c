/* What takes real time outside of the loop, and may never come back. */

#include "base/print.h"
#include "co/task.h"

void gri_sched_work_begins(struct gri_sched *sched, struct gri_outside *outside, const gr_task *task)
{
    sched->works++;
    sched->closing += sched->closing > 0;
    if (task) /* else it goes on for the same */
        gri_snprintf(outside->by, sizeof outside->by, "%s", task->name);
    outside->since_ms = gri_now_ms(sched);
    outside->prev = NULL;
    outside->next = sched->outside;
    if (outside->next)
        outside->next->prev = outside;
    sched->outside = outside;
}

void gri_sched_work_returned(struct gri_sched *sched, struct gri_outside *outside)
{
    if (outside->next)
        outside->next->prev = outside->prev;
    if (outside->prev)
        outside->prev->next = outside->next;
    else
        sched->outside = outside->next;
}

static void name_one(const struct gri_sched *sched, const struct gri_outside *outside, const char *whose)
{
    const char *of = outside->of;
    gri_log(sched->log, GRI_LOG_WARNING, "%s leaves behind: %s%s%s%s, by \"%s\", since %lld ms", whose, outside->what,
            of ? " (\"" : "", of ? of : "", of ? "\")" : "", outside->by,
            (long long)(gri_now_ms(sched) - outside->since_ms));
}

void gri_sched_name_outside(const struct gri_sched *sched, const char *whose)
{
    for (const struct gri_outside *outside = sched->outside; outside; outside = outside->next)
        name_one(sched, outside, whose);
}
