#include "co/call.h"

static int start_all(gr_co co, gr_group *scope, const gr_job *jobs, size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++) {
        gr_task *child = gri_scope_start(co, scope, NULL, jobs[i].run, jobs[i].arg);
        if (!child) {
            gri_scope_close(co, scope, what);
            return GR_ENOMEM;
        }
        child->place = i;
    }
    return 0;
}

int gr_gather_n(gr_co co, const gr_job *jobs, size_t n)
{
    gr_group scope = gri_scope_of(co.task, GRI_FREE);
    int rc = gri_await_begin(co);
    if (rc == 0)
        rc = start_all(co, &scope, jobs, n, "gather");
    return rc < 0 ? rc : gri_scope_wait(co, &scope, "gather");
}

/* Whoever ended first is first in the scope. */
static bool one_has_ended(const gr_group *scope)
{
    return scope->first && scope->first->ended_already;
}

static int wait_for_one(gr_co co, gr_group *scope, const char *what)
{
    int rc = 0;
    while (rc == 0 && !one_has_ended(scope))
        rc = gri_scope_suspend(co, scope, what);
    return rc;
}

struct gather_end {
    gr_each_fn *each;
    void *arg;
    size_t place;
    int result;
};

static int call_user_each(gr_co co, void *arg)
{
    const struct gather_end *end = arg;
    return end->each(co, end->place, end->result, end->arg);
}

static int take_one(gr_co co, gr_group *scope, gr_each_fn *each, void *arg)
{
    gr_task *child = scope->first;
    struct gather_end end = {each, arg, child->place, child->result};
    gri_scope_remove(child);
    gri_task_free(child);
    return gri_call(co, call_user_each, &end);
}

/* Of whoever has ended it is told, even where a cancellation or the deadline came before this coroutine ran again. */
static int take_ended(gr_co co, gr_group *scope, gr_each_fn *each, void *arg)
{
    int rc = 0;
    while (rc == 0 && one_has_ended(scope))
        rc = take_one(co, scope, each, arg);
    return rc;
}

static int wait_for_each(gr_co co, const gr_job *jobs, size_t n, gr_each_fn *each, void *arg, const char *what)
{
    gr_group scope = gri_scope_of(co.task, GRI_REPORT);
    int rc = gri_await_begin(co);
    if (rc == 0)
        rc = start_all(co, &scope, jobs, n, what);
    while (rc == 0 && scope.first) {
        rc = wait_for_one(co, &scope, what);
        int told = take_ended(co, &scope, each, arg);
        rc = told ? told : rc;
    }
    gri_scope_close(co, &scope, what);
    return rc;
}

int gr_as_completed_n(gr_co co, const gr_job *jobs, size_t n, gr_each_fn *each, void *arg)
{
    return wait_for_each(co, jobs, n, each, arg, "as_completed");
}

static int store_result(gr_co co, size_t i, int result, void *arg)
{
    int *results = arg;
    (void)co;
    results[i] = result;
    return 0;
}

int gr_gather_all_n(gr_co co, const gr_job *jobs, size_t n, int *results)
{
    for (size_t i = 0; i < n; i++)
        results[i] = GR_ECANCELED;
    return wait_for_each(co, jobs, n, store_result, results, "gather_all");
}

struct gather_race {
    size_t winner;
    int result;
};

static int stop_at_first(gr_co co, size_t i, int result, void *arg)
{
    struct gather_race *race = arg;
    (void)co;
    *race = (struct gather_race){i, result};
    return 1;
}

int gr_race_n(gr_co co, const gr_job *jobs, size_t n, size_t *winner)
{
    struct gather_race race = {n, 0};
    int rc = wait_for_each(co, jobs, n, stop_at_first, &race, "race");
    if (winner)
        *winner = race.winner;
    return race.winner < n ? race.result : rc;
}
