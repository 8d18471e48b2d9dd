/* The start and stop hooks of an application, and of those that are mounted in it. */
#include "server/engine.h"

static int start_hooks(struct gri_running *running)
{
    gr_app *app = (gr_app *)(uintptr_t)running->program.app;
    const struct gri_hook *hooks = app->hooks.items;
    while (running->n_hooks_started < app->hooks.n) {
        const struct gri_hook *hook = &hooks[running->n_hooks_started];
        int rc = hook->start ? hook->start(app, app->state) : 0;
        if (rc) {
            gri_log(running->program.log, GRI_LOG_ERROR, "start hook %zu of the application%s%s%s failed: %d (%s)",
                    running->n_hooks_started + 1, app->outer ? " at \"" : "",
                    app->outer ? running->program.root_path : "", app->outer ? "\"" : "", rc, gr_strerror(rc));
            return rc;
        }
        running->n_hooks_started++;
    }
    return 0;
}

/* Those that are mounted may use what the outer one made. */
static int start_with_mounted(struct gri_running *running)
{
    int rc = start_hooks(running);
    for (size_t i = 0; rc == 0 && i < running->n_mounts; i++)
        rc = start_with_mounted(&running->mounts[i]);
    return rc;
}

static void stop_hooks(struct gri_running *running)
{
    gr_app *app = (gr_app *)(uintptr_t)running->program.app;
    const struct gri_hook *hooks = app->hooks.items;
    while (running->n_hooks_started > 0) {
        const struct gri_hook *hook = &hooks[--running->n_hooks_started];
        if (hook->stop)
            hook->stop(app, app->state);
    }
}

static void stop_with_mounted(struct gri_running *running)
{
    for (size_t i = running->n_mounts; i > 0; i--)
        stop_with_mounted(&running->mounts[i - 1]);
    stop_hooks(running);
}

int gri_lifespan_start(struct gri_engine *engine)
{
    int rc = start_with_mounted(&engine->running);
    if (rc)
        stop_with_mounted(&engine->running);
    return rc;
}

void gri_lifespan_stop(struct gri_engine *engine)
{
    stop_with_mounted(&engine->running);
}
