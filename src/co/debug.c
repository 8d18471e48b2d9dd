#include "co/debug.h"

#include "base/print.h"
#include "co/pool.h"
#include "co/task.h"

static gr_task_info info_of(const gr_task *task, int64_t now_ms)
{
    bool waits = task->waits_for != NULL;
    return (gr_task_info){.size = sizeof(gr_task_info),
                          .name = task->name,
                          .parent = task->scope ? task->scope->owner->name : NULL,
                          .state = gr_task_get_state(task),
                          .waits_for = task->waits_for,
                          .age_ms = now_ms - task->created_ms,
                          .waits_ms = waits ? now_ms - task->waits_since_ms : 0,
                          .cancelled = task->reason,
                          .is_zombie = task->is_zombie};
}

int gri_tasks(const struct gri_sched *sched, gr_task_visit_fn *visit, void *arg)
{
    int64_t now_ms = gri_loop_ms(sched);
    int rc = 0;
    for (const gr_task *task = sched->tasks; task && rc == 0; task = task->next_task) {
        gr_task_info info = info_of(task, now_ms);
        rc = visit(&info, arg);
    }
    return rc;
}

int gr_tasks(gr_co co, gr_task_visit_fn *visit, void *arg)
{
    gri_check_co(co);
    return gri_tasks(co.task->sched, visit, arg);
}

static int count_zombie(const gr_task_info *info, void *arg)
{
    *(size_t *)arg += info->is_zombie;
    return 0;
}

void gri_stats_read(const struct gri_sched *sched, gr_stats *stats)
{
    struct gri_pool_stats pool = {0};
    if (sched->pool)
        gri_pool_stats(sched->pool, &pool);
    *stats = (gr_stats){.size = sizeof *stats,
                        .coroutines = sched->n_tasks,
                        .lag_ms = sched->lag_ms,
                        .most_lag_ms = sched->most_lag_ms,
                        .threads = pool.threads,
                        .busy = pool.busy,
                        .queued = pool.queued,
                        .waited_us = pool.waited_us,
                        .most_waited_us = pool.most_waited_us,
                        .jobs = pool.jobs};
    gri_tasks(sched, count_zombie, &stats->zombies);
}

int gr_stats_read(gr_co co, gr_stats *stats)
{
    gri_check_co(co);
    gr_stats own;
    gri_stats_read(co.task->sched, &own);
    return gr_sized_give(stats, &own, sizeof own, offsetof(gr_stats, zombies)) ? 0 : GR_EINVAL;
}

static int print_task(const gr_task_info *info, void *arg)
{
    static const char *const states[] = {"(its turn)", "(runs)", "", "(ended)"};
    gri_dprintf(*(int *)arg, "  %-28.28s %10lld  %-28.28s %10lld  %s%s%s\n", info->name, (long long)info->age_ms,
                info->waits_for ? info->waits_for : states[info->state], (long long)info->waits_ms,
                info->is_zombie ? "zombie " : "", info->cancelled ? "cancelled: " : "",
                info->cancelled ? info->cancelled : "");
    return 0;
}

/* The oldest hold a thread each; what its coroutine has left behind is nowhere else. */
static void print_outside(const struct gri_sched *sched, int fd)
{
    int64_t now_ms = gri_now_ms(sched);
    if (sched->outside)
        gri_dprintf(fd, "  %-28s %10s  %-28s %s\n", "OUTSIDE", "AGE MS", "BY", "OF");
    for (const struct gri_outside *outside = sched->outside; outside; outside = outside->next)
        gri_dprintf(fd, "  %-28.28s %10lld  %-28.28s %s\n", outside->what, (long long)(now_ms - outside->since_ms),
                    outside->by, outside->of ? outside->of : "");
}

void gri_tasks_print(const struct gri_sched *sched, int fd)
{
    gr_stats stats;
    gri_stats_read(sched, &stats);
    gri_dprintf(fd,
                "%zu coroutines, %zu of them zombies; loop busy for %lld ms in its last turn (at most %lld); pool: %u "
                "threads, %u busy, %u jobs "
                "waiting; the last one waited %lld us (at most %lld)\n",
                stats.coroutines, stats.zombies, (long long)stats.lag_ms, (long long)stats.most_lag_ms, stats.threads,
                stats.busy, stats.queued, (long long)stats.waited_us, (long long)stats.most_waited_us);
    gri_dprintf(fd, "  %-28s %10s  %-28s %10s\n", "COROUTINE", "AGE MS", "WAITS FOR", "SINCE MS");
    gri_tasks(sched, print_task, &fd);
    print_outside(sched, fd);
}
