/* Application dependencies at work: made when the engine starts, torn down when it stops. */
#include <griddle/app_dependency.h>

#include "base/print.h"
#include "co/call.h"
#include "compile/made.h"
#include "server/engine.h"

/* How long one async teardown may take. */
enum { APP_TEARDOWN_MS = 5000 };

static gr_app *app_of_made(const struct gri_running *running)
{
    return (gr_app *)(uintptr_t)running->program.app;
}

/* --- making --- */

struct making {
    gr_app *app;
    struct gri_made_one *one;
    const void *input;
};

static int call_user_app_dependency(gr_co co, void *arg)
{
    const struct making *making = arg;
    return making->one->runs.make(co, making->app, making->input, making->one->value);
}

static int call_blocking_app_dependency(void *arg)
{
    const struct making *making = arg;
    GRI_EXCEPTIONS_END_HERE();
    return making->one->runs.make((gr_co){0}, making->app, making->input, making->one->value);
}

static int make_on_pool(gr_co co, void *arg)
{
    return gr_offload(co, call_blocking_app_dependency, arg);
}

static int make_one(struct gri_engine *engine, const struct gri_running *running, struct gri_made_one *one)
{
    struct gri_made *made = running->program.made;
    struct making making = {app_of_made(running), one, gri_made_input(made, one)};
    made->making = one;
    int rc = gri_life_await(engine, "application dependency", one->runs.name,
                            one->runs.kind == GR_ASYNC ? call_user_app_dependency : make_on_pool, &making);
    made->making = NULL;
    one->is_made = rc == 0;
    return rc;
}

static int made_failed(struct gri_engine *engine, const struct gri_running *running, const struct gri_made_one *one,
                       int rc)
{
    const gr_app *app = running->program.app;
    char who[256];
    if (engine->start_cancelled)
        return GR_ECANCELED;
    gri_snprintf(who, sizeof who, "application dependency \"%s\"%s%s%s", one->runs.name, app->outer ? " at \"" : "",
                 app->outer ? app->mounted_at : "", app->outer ? "\"" : "");
    rc = gri_life_failed(engine, app, who, rc);
    return rc > 0 ? GR_EIO : rc;
}

/* Its functions know the application alone, so that has them once. */
static int lend_app(struct gri_engine *engine, const struct gri_running *running)
{
    struct gri_made *none = NULL;
    if (__atomic_compare_exchange_n(&app_of_made(running)->made, &none, running->program.made, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return 0;
    gri_log(&engine->log, GRI_LOG_ERROR,
            "the application is served already, and has application dependencies, which are made once");
    engine->hook_failed = true;
    return GR_EBUSY;
}

static int make_all(struct gri_engine *engine, const struct gri_running *running)
{
    struct gri_made_one *one = running->program.made->first;
    int rc = one ? lend_app(engine, running) : 0;
    for (; one && rc == 0; one = one->next) {
        rc = engine->start_cancelled ? GR_ECANCELED : make_one(engine, running, one);
        if (rc)
            return made_failed(engine, running, one, rc);
    }
    return rc;
}

static int make_with_mounted(struct gri_engine *engine, const struct gri_running *running)
{
    int rc = make_all(engine, running);
    for (size_t i = 0; rc == 0 && i < running->n_mounts; i++)
        rc = make_with_mounted(engine, &running->mounts[i]);
    return rc;
}

int gri_made_start(struct gri_engine *engine)
{
    return make_with_mounted(engine, &engine->running);
}

const void *gr_app_value(const gr_app *app, const gr_dependency *dependency)
{
    const struct gri_made *made = app ? __atomic_load_n(&app->made, __ATOMIC_ACQUIRE) : NULL;
    const struct gri_made_one *one = made ? made->first : NULL;
    while (one && one->declared != dependency)
        one = one->next;
    return one && one->is_made ? one->value : NULL;
}

/* --- tearing down --- */

static int call_user_app_teardown(gr_co co, void *arg)
{
    const struct gri_app_deferred *deferred = arg;
    deferred->async(gr_within(co, APP_TEARDOWN_MS), deferred->app, deferred->arg);
    return 0;
}

static int tear_down_async(gr_co co, void *arg)
{
    return gri_call(co, call_user_app_teardown, arg);
}

static int tear_down_on_loop(gr_co co, void *arg)
{
    return gr_shield(co, tear_down_async, arg);
}

static int call_blocking_app_teardown(void *arg)
{
    const struct gri_app_deferred *deferred = arg;
    GRI_EXCEPTIONS_END_HERE();
    deferred->blocking(deferred->app, deferred->arg);
    return 0;
}

static int offload_teardown(gr_co co, void *arg)
{
    return gr_offload(co, call_blocking_app_teardown, arg);
}

static int tear_down_on_pool(gr_co co, void *arg)
{
    int rc = gr_shield(co, offload_teardown, arg);
    if (rc) /* not even one thread could be started: late is worse than on the loop */
        call_blocking_app_teardown(arg);
    return 0;
}

/* False: there is no memory for a coroutine. */
static bool tear_down(struct gri_engine *engine, struct gri_app_deferred *deferred)
{
    if (gri_life_begin(engine, deferred->name, deferred->async ? tear_down_on_loop : tear_down_on_pool, deferred))
        return true;
    if (deferred->blocking)
        call_blocking_app_teardown(deferred);
    else
        gri_log(&engine->log, GRI_LOG_ERROR, "a teardown of application dependency \"%s\" does not run: out of memory",
                deferred->name);
    return false;
}

/* False: one has begun to be awaited. */
static bool tear_down_all(struct gri_engine *engine, const struct gri_running *running)
{
    struct gri_made *made = running->program.made, *own = made;
    while (made->deferred) {
        struct gri_app_deferred *last = made->deferred;
        made->deferred = last->next;
        if (tear_down(engine, last))
            return false;
    }
    __atomic_compare_exchange_n(&app_of_made(running)->made, &own, NULL, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    return true;
}

static bool tear_down_with_mounted(struct gri_engine *engine, const struct gri_running *running)
{
    for (size_t i = running->n_mounts; i > 0; i--)
        if (!tear_down_with_mounted(engine, &running->mounts[i - 1]))
            return false;
    return tear_down_all(engine, running);
}

bool gri_made_stop(struct gri_engine *engine)
{
    return tear_down_with_mounted(engine, &engine->running);
}

/* --- recording --- */

/* What could not be recorded runs at once: in this coroutine, or in that which waits for this thread. */
static void tear_down_here(struct gri_app_deferred *deferred)
{
    if (deferred->blocking)
        call_blocking_app_teardown(deferred);
    else if (gri_running())
        (void)tear_down_on_loop((gr_co){gri_running(), 0}, deferred);
    else
        (void)gri_job_ask(tear_down_on_loop, deferred);
}

static int app_defer(gr_app *app, struct gri_app_deferred deferred)
{
    struct gri_made *made = app ? __atomic_load_n(&app->made, __ATOMIC_ACQUIRE) : NULL;
    if (!made || !made->making)
        return GR_EINVAL;
    struct gri_app_deferred *place = gri_arena_alloc(made->arena, sizeof *place);
    deferred.name = made->making->runs.name;
    deferred.next = made->deferred;
    if (!place) {
        tear_down_here(&deferred);
        return GR_ENOMEM;
    }
    *place = deferred;
    made->deferred = place;
    return 0;
}

int gr_app_defer_blocking(gr_app *app, gr_app_teardown_fn *fn, void *arg)
{
    return app_defer(app, (struct gri_app_deferred){.app = app, .blocking = fn, .arg = arg});
}

int gr_app_defer_async(gr_app *app, gr_async_app_teardown_fn *fn, void *arg)
{
    return app_defer(app, (struct gri_app_deferred){.app = app, .async = fn, .arg = arg});
}
