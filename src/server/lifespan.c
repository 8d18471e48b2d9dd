/* The application's start and stop hooks. */
#include <stdlib.h>

#include "base/print.h"
#include "co/call.h"
#include "server/engine.h"

static gr_app *app_of(const struct gri_engine *engine)
{
    return (gr_app *)(uintptr_t)engine->running.program.app;
}

static const struct gri_hook *hook_at(const struct gri_engine *engine, size_t i)
{
    return (const struct gri_hook *)engine->running.program.app->hooks.items + i;
}

/* --- one that runs as a coroutine --- */

struct life {
    struct gri_engine *engine;
    gr_task_fn *fn;
    void *arg;
};

/* While the server stops gri_engine_close() goes on when the coroutine is gone, as after any last one. */
static int run_life(gr_co co, void *arg)
{
    const struct life *life = arg;
    struct gri_engine *engine = life->engine;
    engine->hook_rc = gri_call(co, life->fn, life->arg);
    engine->hook = NULL;
    return 0;
}

bool gri_lifespan_begin(struct gri_engine *engine, const char *name, gr_task_fn *fn, void *arg)
{
    void *place;
    gr_task *task = gri_task_create(&engine->sched, name, sizeof(struct life), &place);
    if (!task)
        return false;
    *(struct life *)place = (struct life){engine, fn, arg};
    engine->hook = task;
    if (engine->past_deadline)
        gr_cancel_because(task, "the server stops");
    gri_task_start(task, run_life, place);
    gri_sched_drain(&engine->sched);
    return true;
}

static void await_life(struct gri_engine *engine)
{
    while (engine->hook && engine->turn(engine))
        continue;
}

int gri_lifespan_await(struct gri_engine *engine, const char *what, const char *name, gr_task_fn *fn, void *arg)
{
    if (!gri_lifespan_begin(engine, name, fn, arg))
        return GR_ENOMEM;
    await_life(engine);
    if (!engine->hook)
        return engine->hook_rc;
    gri_log(&engine->log, GRI_LOG_ERROR, "%s \"%s\" does not end: it waits for %s", what, name,
            engine->hook->waits_for ? engine->hook->waits_for : "its turn");
    gr_cancel_because(engine->hook, "it does not end");
    gri_sched_drain(&engine->sched);
    await_life(engine);
    if (engine->hook) {
        gri_fprintf(stderr, "griddle: %s \"%s\" does not end, though it was cancelled\n", what, name);
        abort();
    }
    return engine->hook_rc ? engine->hook_rc : GR_ETIMEDOUT;
}

int gri_lifespan_failed(struct gri_engine *engine, const char *who, int rc)
{
    const char *failure = app_of(engine)->failure;
    char why[64];
    gri_snprintf(why, sizeof why, "%d (%s)", rc, rc < 0 ? gr_strerror(rc) : "which is no code of an error");
    gri_log(&engine->log, GRI_LOG_ERROR, "%s failed: %s", who, failure ? failure : why);
    engine->hook_failed = true;
    return rc;
}

/* --- starting --- */

static int call_user_start_hook(gr_co co, void *arg)
{
    const struct gri_engine *engine = arg;
    return hook_at(engine, engine->n_hooks_started)->start_async(co, app_of(engine), app_of(engine)->state);
}

static int start_hook(struct gri_engine *engine, const struct gri_hook *hook)
{
    gr_app *app = app_of(engine);
    if (hook->start_async)
        return gri_lifespan_await(engine, "start hook", hook->name, call_user_start_hook, engine);
    return hook->start ? hook->start(app, app->state) : 0;
}

static int start_failed(struct gri_engine *engine, const struct gri_hook *hook, int rc)
{
    char who[128];
    if (hook->name)
        gri_snprintf(who, sizeof who, "start hook \"%s\"", hook->name);
    else
        gri_snprintf(who, sizeof who, "start hook %zu of the application", engine->n_hooks_started + 1);
    return gri_lifespan_failed(engine, who, rc);
}

static void forget_failure(gr_app *app)
{
    free(app->failure);
    app->failure = NULL;
}

int gri_lifespan_start(struct gri_engine *engine)
{
    forget_failure(app_of(engine));
    while (engine->n_hooks_started < app_of(engine)->hooks.n) {
        const struct gri_hook *hook = hook_at(engine, engine->n_hooks_started);
        int rc = engine->start_cancelled ? GR_ECANCELED : start_hook(engine, hook);
        if (rc && engine->start_cancelled)
            return GR_ECANCELED;
        if (rc)
            return start_failed(engine, hook, rc);
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
    hook_at(engine, engine->n_hooks_started)->stop_async(co, app_of(engine), app_of(engine)->state);
    return 0;
}

/* False: there is no memory for it. */
static bool stop_async_hook(struct gri_engine *engine, const struct gri_hook *hook)
{
    bool begun = gri_lifespan_begin(engine, hook->name, call_user_stop_hook, engine);
    if (!begun)
        gri_log(&engine->log, GRI_LOG_ERROR, "stop hook \"%s\" does not run: out of memory", hook->name);
    return begun;
}

bool gri_lifespan_stop(struct gri_engine *engine)
{
    gr_app *app = app_of(engine);
    if (engine->hook)
        return false;
    while (engine->n_hooks_started > 0) {
        const struct gri_hook *hook = hook_at(engine, --engine->n_hooks_started);
        if (hook->stop)
            hook->stop(app, app->state);
        else if (hook->stop_async && stop_async_hook(engine, hook))
            return false;
    }
    return true;
}
