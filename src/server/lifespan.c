/* The start and stop hooks of an application, and of those that are mounted in it. */
#include <stdlib.h>

#include "base/print.h"
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

/* --- starting --- */

static int call_user_start_hook(gr_co co, void *arg)
{
    const struct owned_hook *own = arg;
    return own->hook->start_async(co, own->app, own->app->state);
}

static int start_hook(struct gri_engine *engine, struct owned_hook *own)
{
    if (own->hook->start_async)
        return gri_life_await(engine, "start hook", own->hook->name, call_user_start_hook, own);
    return own->hook->start ? own->hook->start(own->app, own->app->state) : 0;
}

static int start_failed(struct gri_engine *engine, const struct owned_hook *own, int rc)
{
    const gr_app *app = own->app;
    char who[256];
    if (own->hook->name)
        gri_snprintf(who, sizeof who, "start hook \"%s\"", own->hook->name);
    else
        gri_snprintf(who, sizeof who, "start hook %zu of the application%s%s%s",
                     (size_t)(own->hook - (const struct gri_hook *)app->hooks.items) + 1, app->outer ? " at \"" : "",
                     app->outer ? app->mounted_at : "", app->outer ? "\"" : "");
    return gri_life_failed(engine, app, who, rc);
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
        if (rc)
            return start_failed(engine, &own, rc);
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
    const struct gri_engine *engine = arg;
    struct owned_hook own;
    if (hook_at(engine, engine->n_hooks_started, &own))
        own.hook->stop_async(co, own.app, own.app->state);
    return 0;
}

/* False: there is no memory for it. */
static bool stop_async_hook(struct gri_engine *engine, const struct owned_hook *own)
{
    bool begun = gri_life_begin(engine, own->hook->name, call_user_stop_hook, engine);
    if (!begun)
        gri_log(&engine->log, GRI_LOG_ERROR, "stop hook \"%s\" does not run: out of memory", own->hook->name);
    return begun;
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
