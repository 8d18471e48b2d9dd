/* The start and stop hooks of an application, and of those that are mounted in it. */
#include <stdlib.h>

#include "base/print.h"
#include "co/call.h"
#include "server/engine.h"

static gr_app *app_of(const struct gri_running *running)
{
    return (gr_app *)(uintptr_t)running->program.app;
}

static const struct gri_hook *hook_at(const struct gri_running *running, size_t i)
{
    return (const struct gri_hook *)app_of(running)->hooks.items + i;
}

/* One that runs as a coroutine, in the engine. */
struct gri_hook_run {
    struct gri_engine *engine;
    gr_app *app;
    const struct gri_hook *hook;
};

static gr_task *create_hook_task(struct gri_engine *engine, gr_app *app, const struct gri_hook *hook,
                                 struct gri_hook_run **run)
{
    void *place;
    gr_task *task = gri_task_create(&engine->sched, hook->name, sizeof **run, &place);
    if (!task)
        return NULL;
    *run = place;
    **run = (struct gri_hook_run){engine, app, hook};
    return task;
}

/* --- starting --- */

static int call_user_start_hook(gr_co co, void *arg)
{
    const struct gri_hook_run *run = arg;
    return run->hook->start_async(co, run->app, run->app->state);
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

static int start_async_hook(struct gri_engine *engine, gr_app *app, const struct gri_hook *hook)
{
    struct gri_hook_run *run;
    gr_task *task = create_hook_task(engine, app, hook, &run);
    if (!task)
        return GR_ENOMEM;
    engine->hook = task;
    gri_task_start(task, run_start_hook, run);
    await_start_hook(engine);
    if (!engine->hook)
        return engine->hook_rc;
    gri_log(&engine->log, GRI_LOG_ERROR, "start hook \"%s\" does not end: it waits for %s", hook->name,
            task->waits_for ? task->waits_for : "its turn");
    gr_cancel_because(task, "it does not end");
    await_start_hook(engine);
    if (engine->hook) {
        gri_fprintf(stderr, "griddle: start hook \"%s\" does not end, though it was cancelled\n", hook->name);
        abort();
    }
    return engine->hook_rc ? engine->hook_rc : GR_ETIMEDOUT;
}

static int start_hook(struct gri_engine *engine, gr_app *app, const struct gri_hook *hook)
{
    if (hook->start_async)
        return start_async_hook(engine, app, hook);
    return hook->start ? hook->start(app, app->state) : 0;
}

static void log_failed_hook(const struct gri_running *running, const struct gri_hook *hook, int rc)
{
    const gr_app *app = app_of(running);
    char who[128], why[64];
    if (hook->name)
        gri_snprintf(who, sizeof who, "\"%s\"", hook->name);
    else
        gri_snprintf(who, sizeof who, "%zu of the application", running->n_hooks_started + 1);
    gri_snprintf(why, sizeof why, "%d (%s)", rc, gr_strerror(rc));
    gri_log(running->program.log, GRI_LOG_ERROR, "start hook %s%s%s%s failed: %s", who, app->outer ? " at \"" : "",
            app->outer ? running->program.root_path : "", app->outer ? "\"" : "", app->failure ? app->failure : why);
}

static void forget_failure(gr_app *app)
{
    free(app->failure);
    app->failure = NULL;
}

static int start_hooks(struct gri_engine *engine, struct gri_running *running)
{
    gr_app *app = app_of(running);
    forget_failure(app);
    while (running->n_hooks_started < app->hooks.n) {
        const struct gri_hook *hook = hook_at(running, running->n_hooks_started);
        int rc = engine->start_cancelled ? GR_ECANCELED : start_hook(engine, app, hook);
        if (rc && engine->start_cancelled)
            return GR_ECANCELED;
        if (rc) {
            log_failed_hook(running, hook, rc);
            engine->hook_failed = true;
            return rc;
        }
        running->n_hooks_started++;
    }
    return 0;
}

/* Those that are mounted may use what the outer one made. */
static int start_with_mounted(struct gri_engine *engine, struct gri_running *running)
{
    int rc = start_hooks(engine, running);
    for (size_t i = 0; rc == 0 && i < running->n_mounts; i++)
        rc = start_with_mounted(engine, &running->mounts[i]);
    return rc;
}

int gri_lifespan_start(struct gri_engine *engine)
{
    return start_with_mounted(engine, &engine->running);
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
    run->hook->stop_async(co, run->app, run->app->state);
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
static bool stop_async_hook(struct gri_engine *engine, gr_app *app, const struct gri_hook *hook)
{
    struct gri_hook_run *run;
    gr_task *task = create_hook_task(engine, app, hook, &run);
    if (!task) {
        gri_log(&engine->log, GRI_LOG_ERROR, "stop hook \"%s\" does not run: out of memory", hook->name);
        return false;
    }
    engine->hook = task;
    if (engine->past_deadline)
        gr_cancel_because(task, "the server stops");
    gri_task_start(task, run_stop_hook, run);
    gri_sched_drain(&engine->sched);
    return true;
}

/* False: one has begun to be awaited. */
static bool stop_hooks(struct gri_engine *engine, struct gri_running *running)
{
    gr_app *app = app_of(running);
    while (running->n_hooks_started > 0) {
        const struct gri_hook *hook = hook_at(running, --running->n_hooks_started);
        if (hook->stop)
            hook->stop(app, app->state);
        else if (hook->stop_async && stop_async_hook(engine, app, hook))
            return false;
    }
    return true;
}

static bool stop_with_mounted(struct gri_engine *engine, struct gri_running *running)
{
    for (size_t i = running->n_mounts; i > 0; i--)
        if (!stop_with_mounted(engine, &running->mounts[i - 1]))
            return false;
    return stop_hooks(engine, running);
}

bool gri_lifespan_stop(struct gri_engine *engine)
{
    return !engine->hook && stop_with_mounted(engine, &engine->running);
}
