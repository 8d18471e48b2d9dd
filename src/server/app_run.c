/* An application that is started for one coroutine, and serves nobody. */
#include <griddle/app_dependency.h>

#include <stdlib.h>
#include <unistd.h>

#include "co/call.h"
#include "co/misuse.h"
#include "co/run.h"
#include "server/engine.h"

struct app_run {
    uv_loop_t loop;
    struct gri_engine engine;
    gr_task_fn *fn;
    void *arg;
    int result;
    bool ended, closed;
};

static int run_app_main(gr_co co, void *arg)
{
    struct app_run *run = arg;
    run->result = gri_call(co, run->fn, run->arg);
    run->ended = true;
    return 0;
}

static void on_app_run_closed(struct gri_engine *engine)
{
    struct app_run *run = engine->owner;
    run->closed = true;
}

static int run_app_fn(struct app_run *run)
{
    gr_task *task = gri_task_create(&run->engine.sched, "main", 0, NULL);
    if (!task)
        return GR_ENOMEM;
    gri_task_start(task, run_app_main, run);
    while (!run->ended)
        gri_run_turn(&run->loop, &run->engine.sched, &run->ended);
    return run->result;
}

/* What awaits in a start: where the loop has nothing to do, nothing can end it. */
static bool turn_to_start_command(struct gri_engine *engine)
{
    return uv_run(engine->loop, UV_RUN_ONCE) != 0 || !engine->hook;
}

static int run_started(struct app_run *run, gr_app *app)
{
    struct gri_engine_options options = {.log = {.level = GRI_LOG_WARNING, .fd = STDERR_FILENO},
                                         .owner = run,
                                         .turn = turn_to_start_command,
                                         .is_command = true};
    bool open = false;
    int rc = gri_engine_init(&run->engine, &run->loop, app, &options, &open);
    run->engine.closed = on_app_run_closed;
    bool started = rc == 0;
    if (started)
        rc = run_app_fn(run);
    if (started)
        gri_engine_stop(&run->engine);
    else if (open)
        gri_engine_close(&run->engine);
    while (open && !run->closed)
        uv_run(&run->loop, UV_RUN_DEFAULT);
    return rc;
}

int gr_app_run(gr_app *app, gr_task_fn *fn, void *arg)
{
    if (gri_running())
        gri_misuse("gr_app_run() was called in the coroutine \"%s\", which would hold its loop: await the function "
                   "there",
                   gri_running()->name);
    struct app_run *run = calloc(1, sizeof *run);
    int rc = run ? uv_loop_init(&run->loop) : GR_ENOMEM;
    if (rc < 0)
        goto done;
    run->fn = fn;
    run->arg = arg;
    rc = run_started(run, app);
    if (uv_loop_close(&run->loop) < 0)
        gri_misuse("gr_app_run() ended while a handle of its loop is open: close what you opened on gr_loop()");
done:
    free(run);
    return rc;
}
