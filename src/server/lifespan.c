/* The start and stop hooks of an application, and of those that are mounted in it. */
#include <stdlib.h>

#include "base/print.h"
#include "server/engine.h"

static gr_app *app_of(const struct gri_running *running)
{
    return (gr_app *)(uintptr_t)running->program.app;
}

static const struct gri_hook *hook_at(const struct gri_running *running, size_t i)
{
    return (const struct gri_hook *)app_of(running)->hooks.items + i;
}

/* --- starting --- */

static int call_user_start_hook(gr_co co, void *arg)
{
    const struct gri_running *running = arg;
    return hook_at(running, running->n_hooks_started)->start_async(co, app_of(running), app_of(running)->state);
}

static int start_hook(struct gri_engine *engine, struct gri_running *running, const struct gri_hook *hook)
{
    if (hook->start_async)
        return gri_life_await(engine, "start hook", hook->name, call_user_start_hook, running);
    return hook->start ? hook->start(app_of(running), app_of(running)->state) : 0;
}

static int start_failed(struct gri_engine *engine, const struct gri_running *running, const struct gri_hook *hook,
                        int rc)
{
    const gr_app *app = app_of(running);
    char who[256];
    if (hook->name)
        gri_snprintf(who, sizeof who, "start hook \"%s\"", hook->name);
    else
        gri_snprintf(who, sizeof who, "start hook %zu of the application%s%s%s", running->n_hooks_started + 1,
                     app->outer ? " at \"" : "", app->outer ? app->mounted_at : "", app->outer ? "\"" : "");
    return gri_life_failed(engine, running, who, rc);
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
        int rc = engine->start_cancelled ? GR_ECANCELED : start_hook(engine, running, hook);
        if (rc && engine->start_cancelled)
            return GR_ECANCELED;
        if (rc)
            return start_failed(engine, running, hook, rc);
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
    const struct gri_running *running = arg;
    hook_at(running, running->n_hooks_started)->stop_async(co, app_of(running), app_of(running)->state);
    return 0;
}

/* False: there is no memory for it. */
static bool stop_async_hook(struct gri_engine *engine, struct gri_running *running, const struct gri_hook *hook)
{
    bool begun = gri_life_begin(engine, hook->name, call_user_stop_hook, running);
    if (!begun)
        gri_log(&engine->log, GRI_LOG_ERROR, "stop hook \"%s\" does not run: out of memory", hook->name);
    return begun;
}

/* False: one has begun to be awaited. */
static bool stop_hooks(struct gri_engine *engine, struct gri_running *running)
{
    gr_app *app = app_of(running);
    while (running->n_hooks_started > 0) {
        const struct gri_hook *hook = hook_at(running, --running->n_hooks_started);
        if (hook->stop)
            hook->stop(app, app->state);
        else if (hook->stop_async && stop_async_hook(engine, running, hook))
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
