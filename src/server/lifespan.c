/* The start and stop hooks of an application, and of those that are mounted in it. */
#include <stdlib.h>

#include "base/print.h"
#include "co/call.h"
#include "server/engine.h"

/* A hook, and the application that gave it. */
struct owned_hook {
    gr_app *app;
    const struct gri_hook *hook;
};

/* The one at index *i of an application and of those mounted in it, which come behind; else *i becomes the index behind
 * theirs. */
static bool find_hook(const struct gri_running *running, size_t *i, struct owned_hook *found)
{
    gr_app *app = (gr_app *)(uintptr_t)running->program.app;
    if (*i < app->hooks.n) {
        *found = (struct owned_hook){app, (const struct gri_hook *)app->hooks.items + *i};
        return true;
    }
    *i -= app->hooks.n;
    for (size_t m = 0; m < running->n_mounts; m++)
        if (find_hook(&running->mounts[m], i, found))
            return true;
    return false;
}

static bool hook_at(const struct gri_engine *engine, size_t i, struct owned_hook *found)
{
    return find_hook(&engine->running, &i, found);
}

/* One that runs as a coroutine, in the engine. */
struct gri_hook_run {
    struct gri_engine *engine;
    struct owned_hook own;
};

static gr_task *create_hook_task(struct gri_engine *engine, const struct owned_hook *own, struct gri_hook_run **run)
{
    void *place;
    gr_task *task = gri_task_create(&engine->sched, own->hook->name, sizeof **run, &place);
    if (!task)
        return NULL;
    *run = place;
    **run = (struct gri_hook_run){engine, *own};
    return task;
}

/* --- starting --- */

static int call_user_start_hook(gr_co co, void *arg)
{
    const struct gri_hook_run *run = arg;
    return run->own.hook->start_async(co, run->own.app, run->own.app->state);
}

static int run_start_hook(gr_co co, void *arg)
{
    struct gri_hook_run *run = arg;
    struct gri_engine *engine = run->engine;
    engine->hook_rc = gri_call(co, call_user_start_hook, run);
    engine->hook = NULL;
    return 0;
}

/* Until it has ended, or nothing can happen any more. */
static void await_start_hook(struct gri_engine *engine)
{
    gri_sched_drain(&engine->sched);
    while (engine->hook && engine->turn(engine))
        continue;
}

static int start_async_hook(struct gri_engine *engine, const struct owned_hook *own)
{
    const char *name = own->hook->name;
    struct gri_hook_run *run;
    gr_task *task = create_hook_task(engine, own, &run);
    if (!task)
        return GR_ENOMEM;
    engine->hook = task;
    gri_task_start(task, run_start_hook, run);
    await_start_hook(engine);
    if (!engine->hook)
        return engine->hook_rc;
    gri_log(&engine->log, GRI_LOG_ERROR, "start hook \"%s\" does not end: it waits for %s", name,
            task->waits_for ? task->waits_for : "its turn");
    gr_cancel_because(task, "it does not end");
    await_start_hook(engine);
    if (engine->hook) {
        gri_fprintf(stderr, "griddle: start hook \"%s\" does not end, though it was cancelled\n", name);
        abort();
    }
    return engine->hook_rc ? engine->hook_rc : GR_ETIMEDOUT;
}

static int start_hook(struct gri_engine *engine, const struct owned_hook *own)
{
    if (own->hook->start_async)
        return start_async_hook(engine, own);
    return own->hook->start ? own->hook->start(own->app, own->app->state) : 0;
}

static void log_failed_hook(const struct gri_engine *engine, const struct owned_hook *own, int rc)
{
    const gr_app *app = own->app;
    char who[256], why[64];
    if (own->hook->name)
        gri_snprintf(who, sizeof who, "\"%s\"", own->hook->name);
    else
        gri_snprintf(who, sizeof who, "%zu of the application%s%s%s",
                     (size_t)(own->hook - (const struct gri_hook *)app->hooks.items) + 1, app->outer ? " at \"" : "",
                     app->outer ? app->mounted_at : "", app->outer ? "\"" : "");
    gri_snprintf(why, sizeof why, "%d (%s)", rc, gr_strerror(rc));
    gri_log(&engine->log, GRI_LOG_ERROR, "start hook %s failed: %s", who, app->failure ? app->failure : why);
}

static void forget_failures(const struct gri_running *running)
{
    gr_app *app = (gr_app *)(uintptr_t)running->program.app;
    free(app->failure);
    app->failure = NULL;
    for (size_t i = 0; i < running->n_mounts; i++)
        forget_failures(&running->mounts[i]);
}

int gri_lifespan_start(struct gri_engine *engine)
{
    struct owned_hook own;
    forget_failures(&engine->running);
    while (hook_at(engine, engine->n_hooks_started, &own)) {
        int rc = engine->start_cancelled ? GR_ECANCELED : start_hook(engine, &own);
        if (rc && engine->start_cancelled)
            return GR_ECANCELED;
        if (rc) {
            log_failed_hook(engine, &own, rc);
            engine->hook_failed = true;
            return rc;
        }
        engine->n_hooks_started++;
    }
    return 0;
}

void gri_lifespan_cancel_start(struct gri_engine *engine)
{
    engine->start_cancelled = true;
    if (engine->hook)
        gr_cancel_because(engine->hook, "the server stops");
    gri_sched_drain(&engine->sched);
}

/* --- stopping --- */

static int call_user_stop_hook(gr_co co, void *arg)
{
    const struct gri_hook_run *run = arg;
    run->own.hook->stop_async(co, run->own.app, run->own.app->state);
    return 0;
}

/* When the coroutine is gone gri_engine_close() goes on, as after any last one. */
static int run_stop_hook(gr_co co, void *arg)
{
    struct gri_hook_run *run = arg;
    (void)gri_call(co, call_user_stop_hook, run);
    run->engine->hook = NULL;
    return 0;
}

/* False: there is no memory for it. */
static bool stop_async_hook(struct gri_engine *engine, const struct owned_hook *own)
{
    struct gri_hook_run *run;
    gr_task *task = create_hook_task(engine, own, &run);
    if (!task) {
        gri_log(&engine->log, GRI_LOG_ERROR, "stop hook \"%s\" does not run: out of memory", own->hook->name);
        return false;
    }
    engine->hook = task;
    if (engine->past_deadline)
        gr_cancel_because(task, "the server stops");
    gri_task_start(task, run_stop_hook, run);
    gri_sched_drain(&engine->sched);
    return true;
}

bool gri_lifespan_stop(struct gri_engine *engine)
{
    struct owned_hook own;
    if (engine->hook)
        return false;
    while (engine->n_hooks_started > 0 && hook_at(engine, --engine->n_hooks_started, &own)) {
        if (own.hook->stop)
            own.hook->stop(own.app, own.app->state);
        else if (own.hook->stop_async && stop_async_hook(engine, &own))
            return false;
    }
    return true;
}
