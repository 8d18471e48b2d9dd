#include "server/engine.h"

#include "co/call.h"

/* --- closing, one step after the other --- */

static void on_engine_sched_closed(struct gri_sched *sched)
{
    struct gri_engine *engine = sched->user;
    gri_http_finish(&engine->http);
    gri_applications_finish(&engine->running);
    if (engine->closed)
        engine->closed(engine);
}

static void close_sched(void *arg)
{
    struct gri_engine *engine = arg;
    gri_sched_close(&engine->sched, on_engine_sched_closed);
}

static void close_pool(void *arg)
{
    struct gri_engine *engine = arg;
    struct gri_pool *pool = engine->running.pool;
    engine->running.pool = NULL;
    if (pool)
        gri_pool_destroy(pool, close_sched, engine);
    else
        close_sched(engine);
}

/* The application's own tasks serve the requests, so they go after the last of these. */
static void cancel_daemons(struct gri_engine *engine)
{
    engine->cancelled = true;
    for (gr_task *task = engine->sched.tasks; task; task = task->next_task)
        if (!task->scope)
            gr_cancel_because(task, "the server stops");
    gri_sched_drain(&engine->sched);
}

void gri_engine_close(struct gri_engine *engine)
{
    struct gri_pool *reserved = engine->running.reserved;
    engine->stopping = true;
    if (engine->hook) /* the last thing that runs */
        return;
    if (engine->sched.n_tasks > 0) {
        if (!engine->cancelled)
            cancel_daemons(engine);
        return;
    }
    if (engine->sched.works > 0) /* what was left behind: the server's deadline does not wait for it */
        return;
    if (!gri_made_stop(engine) || !gri_lifespan_stop(engine) || engine->closing)
        return;
    engine->closing = true;
    engine->sched.last_ended = NULL;
    engine->running.reserved = NULL;
    if (reserved)
        gri_pool_destroy(reserved, close_pool, engine);
    else
        close_pool(engine);
}

/* --- stopping --- */

static void close_when_quiet(struct gri_engine *engine)
{
    if (engine->stopping && !engine->closing && !engine->http.conns && engine->sched.n_tasks == engine->sched.n_daemons)
        gri_engine_close(engine);
}

static void on_drained(struct gri_http *http)
{
    close_when_quiet(http->sched->user);
}

static void on_engine_last_ended(struct gri_sched *sched)
{
    close_when_quiet(sched->user);
}

void gri_engine_stop(struct gri_engine *engine)
{
    if (engine->stopping)
        return;
    engine->stopping = true;
    gr_event_set(&engine->sched.stopping);
    engine->http.drained = on_drained;
    gri_http_stop(&engine->http);
}

/* Children are their parent's to cancel: those of a teardown, which is shielded, are not to be. */
void gri_engine_cancel(struct gri_engine *engine)
{
    int64_t now_ms = gri_now_ms(&engine->sched);
    engine->past_deadline = true;
    for (gr_task *task = engine->sched.tasks; task; task = task->next_task) {
        gri_log(&engine->log, GRI_LOG_WARNING,
                "cancelled at the stop's deadline: \"%s\", which waits for %s since %lld ms", task->name,
                task->waits_for ? task->waits_for : "its turn",
                task->waits_for ? (long long)(now_ms - task->waits_since_ms) : 0);
        if (!task->scope)
            gr_cancel_because(task, "the server stops");
    }
    gri_http_abort(&engine->http);
    gri_sched_drain(&engine->sched);
}

static void name_task(const struct gri_engine *engine, const gr_task *task)
{
    const struct gri_exchange *x = gri_exchange_of(task);
    char text[GRI_REQUEST_TEXT] = "";
    int64_t now_ms = gri_now_ms(&engine->sched);
    gri_log(&engine->log, GRI_LOG_WARNING, "the stop leaves behind: \"%s\"%s%s, which waits for %s since %lld ms",
            task->name, x ? ": " : "", x ? gri_request_text(text, &x->head) : "",
            task->waits_for ? task->waits_for : "its turn",
            task->waits_for ? (long long)(now_ms - task->waits_since_ms) : 0);
}

void gri_engine_name_left(const struct gri_engine *engine)
{
    for (const gr_task *task = engine->sched.tasks; task; task = task->next_task)
        name_task(engine, task);
    gri_sched_name_outside(&engine->sched, "the stop");
}

size_t gri_engine_in_flight(const struct gri_engine *engine)
{
    const struct gri_running *running = &engine->running;
    return (running->pool ? gri_pool_in_flight(running->pool) : 0) +
           (running->reserved ? gri_pool_in_flight(running->reserved) : 0) + engine->sched.works;
}

/* --- starting --- */

/* Reserved first: gr_offload() goes to the pool that was created last. */
static int create_pools(struct gri_engine *engine, const struct gri_pool_options *options)
{
    struct gri_pool_options reserved = {.threads = 4, .queue = UINT32_MAX};
    int rc = gri_pool_create(&engine->running.reserved, &engine->sched, &reserved);
    if (rc)
        return rc;
    gri_pool_reserve(engine->running.reserved);
    return gri_pool_create(&engine->running.pool, &engine->sched, options);
}

static int engine_open(struct gri_engine *engine, const struct gri_engine_options *options)
{
    struct gri_service service = gri_running_service(&engine->running);
    int rc = create_pools(engine, &options->pool);
    gri_applications_set_pools(&engine->running, engine->running.pool, engine->running.reserved);
    if (rc == 0)
        rc = gri_http_init(&engine->http, &engine->sched, &service, &engine->running.limits);
    engine->http.access_log = options->access_log;
    if (rc == 0 && options->opened)
        rc = options->opened(engine);
    rc = rc ? rc : gri_lifespan_start(engine);
    return rc ? rc : gri_made_start(engine);
}

static int run_app_task(gr_co co, void *arg)
{
    const struct gri_app_task *self = arg;
    int rc = gri_call(co, self->fn, self->arg);
    if (rc && !gr_cancel_reason(co))
        gri_log(co.task->sched->log, GRI_LOG_ERROR, "task \"%s\" of the application failed: %d (%s)", self->name, rc,
                gr_strerror(rc));
    return 0;
}

static int start_tasks(struct gri_engine *engine, const struct gri_running *running)
{
    struct gri_app_task *tasks = running->program.app->tasks.items;
    int rc = 0;
    for (size_t i = 0; i < running->program.app->tasks.n; i++) {
        gr_task *task = gri_task_create(&engine->sched, tasks[i].name, 0, NULL);
        if (!task)
            return GR_ENOMEM;
        gri_task_make_daemon(task);
        gri_task_start(task, run_app_task, &tasks[i]);
    }
    for (size_t i = 0; rc == 0 && i < running->n_mounts; i++)
        rc = start_tasks(engine, &running->mounts[i]);
    return rc;
}

static int init_running(struct gri_engine *engine, const gr_app *app, const struct gri_engine_options *options)
{
    int rc = gri_applications_compile(&engine->running, app, options->limits, options->root_path, &engine->log);
    if (rc)
        gri_applications_finish(&engine->running);
    return rc;
}

static bool turn_loop(struct gri_engine *engine)
{
    uv_run(engine->loop, UV_RUN_ONCE);
    return true;
}

int gri_engine_init(struct gri_engine *engine, uv_loop_t *loop, const gr_app *app,
                    const struct gri_engine_options *options, bool *open)
{
    *engine = (struct gri_engine){.loop = loop, .log = options->log, .owner = options->owner, .turn = options->turn};
    if (!engine->turn)
        engine->turn = turn_loop;
    *open = false;
    int rc = app ? init_running(engine, app, options) : GR_ENOMEM;
    if (rc)
        return rc;
    struct gri_sched_options sched = {
        .log = &engine->log, .is_virtual = options->is_virtual, .stack_bytes = options->stack_bytes};
    rc = gri_sched_init(&engine->sched, loop, &sched);
    if (rc) {
        gri_applications_finish(&engine->running);
        return rc;
    }
    engine->sched.user = engine;
    engine->sched.last_ended = on_engine_last_ended;
    *open = true;
    rc = engine_open(engine, options);
    return rc || options->is_command ? rc : start_tasks(engine, &engine->running);
}
