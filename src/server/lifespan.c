/* The application's start and stop hooks. */
#include "server/engine.h"

int gri_lifespan_start(struct gri_engine *engine)
{
    gr_app *app = (gr_app *)(uintptr_t)engine->running.program.app;
    const struct gri_hook *hooks = app->hooks.items;
    while (engine->n_hooks_started < app->hooks.n) {
        const struct gri_hook *hook = &hooks[engine->n_hooks_started];
        int rc = hook->start ? hook->start(app, app->state) : 0;
        if (rc) {
            gri_log(&engine->log, GRI_LOG_ERROR, "start hook %zu of the application failed: %d (%s)",
                    engine->n_hooks_started + 1, rc, gr_strerror(rc));
            gri_lifespan_stop(engine);
            return rc;
        }
        engine->n_hooks_started++;
    }
    return 0;
}

void gri_lifespan_stop(struct gri_engine *engine)
{
    gr_app *app = (gr_app *)(uintptr_t)engine->running.program.app;
    const struct gri_hook *hooks = app->hooks.items;
    while (engine->n_hooks_started > 0) {
        const struct gri_hook *hook = &hooks[--engine->n_hooks_started];
        if (hook->stop)
            hook->stop(app, app->state);
    }
}
