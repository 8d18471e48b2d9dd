/* What of an application runs as a coroutine while it is not served yet, or no more. */
#include <stdlib.h>

#include "base/print.h"
#include "co/call.h"
#include "server/engine.h"

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

bool gri_life_begin(struct gri_engine *engine, const char *name, gr_task_fn *fn, void *arg)
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

/* Until it has ended, or nothing can happen any more. */
static void await_life(struct gri_engine *engine)
{
    while (engine->hook && engine->turn(engine))
        continue;
}

int gri_life_await(struct gri_engine *engine, const char *what, const char *name, gr_task_fn *fn, void *arg)
{
    if (!gri_life_begin(engine, name, fn, arg))
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

int gri_life_failed(struct gri_engine *engine, const gr_app *app, const char *who, int rc)
{
    char why[64];
    gri_snprintf(why, sizeof why, "%d (%s)", rc, rc < 0 ? gr_strerror(rc) : "which is no code of an error");
    gri_log(&engine->log, GRI_LOG_ERROR, "%s failed: %s", who, app->failure ? app->failure : why);
    engine->hook_failed = true;
    return rc;
}
