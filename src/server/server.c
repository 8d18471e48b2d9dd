#include <griddle/server.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/print.h"
#include "co/debug.h"
#include "http/tcp.h"
#include "server/engine.h"
#include "server/options.h"
#include "server/server.h"
#include "server/watchdog.h"

enum { BACKLOG = 2048, DEFAULT_STOP_MS = 10000, GRACE_MS = 1000, PROGRESS_MS = 3000 };

struct gr_server {
    struct gri_engine engine;
    uv_loop_t *loop, own_loop;
    uv_async_t async;            /* gr_server_stop() comes from any thread */
    int stop_asked, print_asked; /* atomic */
    struct gri_listener listener;
    struct gri_watchdog *watchdog; /* or NULL */
    struct gri_timer deadline, progress;
    void (*begun)(gr_server *server); /* or NULL */
    const char *hint;                 /* behind what a stop waits for */
    int64_t stop_timeout_ms;
    int port;
    int open; /* engine, listener, async handle: what is not closed yet */
    bool has_async, serving, stopping, cancelled, stuck;
    bool failed; /* to start: frees itself when all is closed */
};

/* --- closing --- */

static void on_async_closed(uv_handle_t *handle)
{
    struct gr_server *server = handle->data;
    server->open--;
    if (server->failed && server->loop != &server->own_loop)
        free(server);
}

/* The async handle goes last, so that gr_server_stop() may be called again and again until then. */
static void close_async_last(struct gr_server *server)
{
    if (server->open == 1 && server->has_async)
        uv_close((uv_handle_t *)&server->async, on_async_closed);
}

static void server_one_closed(struct gr_server *server)
{
    server->open--;
    close_async_last(server);
    if (server->open == 0 && server->failed && server->loop != &server->own_loop)
        free(server);
}

static void stop_watchdog(struct gr_server *server)
{
    gri_watchdog_stop(server->watchdog);
    server->watchdog = NULL;
}

static void on_engine_closed(struct gri_engine *engine)
{
    stop_watchdog(engine->owner);
    server_one_closed(engine->owner);
}

static void on_server_listener_closed(struct gri_listener *listener)
{
    server_one_closed(GRI_OWNER_OF(listener, struct gr_server, listener));
}

/* --- stopping --- */

/* First whatever runs is cancelled; what does not even come back from that is a thread that nobody can end. */
static void on_server_deadline(struct gri_timer *timer)
{
    struct gr_server *server = GRI_OWNER_OF(timer, struct gr_server, deadline);
    if (server->engine.closing)
        return;
    if (server->cancelled) {
        server->stuck = true;
        gri_engine_name_left(&server->engine);
        if (server->loop == &server->own_loop) /* another's goes on, and the server stops when the thread is back */
            uv_stop(server->loop);
        return;
    }
    server->cancelled = true;
    gri_timer_set(&server->engine.sched, timer, gri_now_ms(&server->engine.sched) + GRACE_MS);
    gri_engine_cancel(&server->engine);
}

static void on_server_progress(struct gri_timer *timer)
{
    struct gr_server *server = GRI_OWNER_OF(timer, struct gr_server, progress);
    if (server->engine.closing || server->cancelled)
        return;
    gri_engine_log_waiting(&server->engine, false, server->hint);
    gri_timer_set(&server->engine.sched, timer, gri_after_ms(&server->engine.sched, PROGRESS_MS));
}

static void server_stop(struct gr_server *server)
{
    server->stopping = true;
    gri_log(&server->engine.log, GRI_LOG_INFO, "Shutting down");
    gri_listener_close(&server->listener);
    gri_timer_set(&server->engine.sched, &server->deadline,
                  gri_after_ms(&server->engine.sched, server->stop_timeout_ms));
    gri_timer_set(&server->engine.sched, &server->progress, gri_after_ms(&server->engine.sched, PROGRESS_MS));
    gri_engine_log_waiting(&server->engine, true, server->hint);
    gri_engine_stop(&server->engine);
}

static void on_server_async(uv_async_t *async)
{
    struct gr_server *server = async->data;
    if (__atomic_exchange_n(&server->print_asked, 0, __ATOMIC_RELAXED))
        gri_tasks_print(&server->engine.sched, STDERR_FILENO);
    if (!__atomic_load_n(&server->stop_asked, __ATOMIC_RELAXED) || server->stopping || server->failed)
        return;
    if (server->serving)
        server_stop(server);
    else
        gri_lifespan_cancel_start(&server->engine);
}

void gr_server_stop(gr_server *server)
{
    __atomic_store_n(&server->stop_asked, 1, __ATOMIC_RELAXED);
    uv_async_send(&server->async);
}

void gri_server_print_tasks(gr_server *server)
{
    __atomic_store_n(&server->print_asked, 1, __ATOMIC_RELAXED);
    uv_async_send(&server->async);
}

bool gr_server_stuck(const gr_server *server)
{
    return server->stuck && server->open > 0;
}

bool gr_server_stopped(const gr_server *server)
{
    return server->open == 0;
}

/* --- starting --- */

static struct gri_engine_options engine_options(const gr_server_options *options)
{
    struct gri_engine_options engine = {
        .pool = {.threads = options->threads, .queue = options->queue},
        .limits = options->limits,
        .log = {.level = GRI_LOG_WARNING, .fd = STDERR_FILENO},
        .access_log = options->access_log,
        .stack_bytes = options->stack_bytes,
        .root_path = options->root_path,
    };
    if (options->log_level)
        gri_log_level_parse(options->log_level, &engine.log.level);
    return engine;
}

/* Closes what was opened. On a loop of the caller's that takes turns of it, so the memory goes by itself. What stop
 * hooks do has its deadline. */
static int server_fail(struct gr_server *server, int rc)
{
    server->failed = true;
    if (server->open > server->has_async)
        gri_timer_set(&server->engine.sched, &server->deadline,
                      gri_after_ms(&server->engine.sched, server->stop_timeout_ms));
    close_async_last(server);
    if (server->loop != &server->own_loop) {
        if (server->open == 0)
            free(server);
        return rc;
    }
    while (server->open && !server->stuck)
        uv_run(server->loop, UV_RUN_DEFAULT);
    if (server->stuck) /* whatever does not come back uses it */
        return rc;
    uv_loop_close(server->loop);
    free(server);
    return rc;
}

/* At the limit of descriptors libuv closes new connections without a word. So a reserve is kept for what is not a
 * connection, and connections beyond the rest wait in the system's queue. */
static void keep_reserve(struct gr_server *server)
{
    enum { RESERVE = 64 };
    struct rlimit descriptors;
    gr_limits *limits = &server->engine.http.limits;
    if (getrlimit(RLIMIT_NOFILE, &descriptors) < 0 || descriptors.rlim_cur == RLIM_INFINITY)
        return;
    size_t all = (size_t)descriptors.rlim_cur, room = all > 2 * RESERVE ? all - RESERVE : all / 2;
    if (limits->connections > room)
        limits->connections = room;
}

/* It can be stopped from here on, by gr_main()'s signals. */
static int on_server_opened(struct gri_engine *engine)
{
    struct gr_server *server = engine->owner;
    int rc = uv_async_init(server->loop, &server->async, on_server_async);
    if (rc)
        return rc;
    server->async.data = server;
    server->has_async = true;
    server->open++;
    if (server->begun)
        server->begun(server);
    return 0;
}

static int server_open_engine(struct gr_server *server, gr_app *app, const gr_server_options *options)
{
    struct gri_engine_options engine = engine_options(options);
    bool open = false;
    engine.owner = server;
    engine.opened = on_server_opened;
    int rc = gri_engine_init(&server->engine, server->loop, app, &engine, &open);
    server->engine.closed = on_engine_closed;
    server->open += open;
    if (rc && open)
        gri_engine_close(&server->engine);
    return rc;
}

static int open_listener(struct gr_server *server, const gr_server_options *options)
{
    const char *host = options->host ? options->host : "127.0.0.1";
    server->open++;
    int rc = gri_listener_open(&server->listener, &server->engine.http, host, options->port, BACKLOG,
                               on_server_listener_closed);
    if (rc)
        gri_engine_close(&server->engine);
    else
        server->port = gri_listener_port(&server->listener);
    keep_reserve(server);
    return rc;
}

static void start_watchdog(struct gr_server *server, int64_t limit_ms)
{
    if (limit_ms <= 0)
        return;
    server->watchdog = gri_watchdog_start(&server->engine.sched, limit_ms);
    if (!server->watchdog)
        gri_log(&server->engine.log, GRI_LOG_WARNING, "no memory, or no thread, for the watchdog: going on without it");
}

static struct gr_server *server_create(uv_loop_t *loop, const gr_server_options *options)
{
    struct gr_server *server = calloc(1, sizeof *server);
    if (!server)
        return NULL;
    server->loop = loop ? loop : &server->own_loop;
    server->deadline.fire = on_server_deadline;
    server->progress.fire = on_server_progress;
    server->hint = "";
    server->stop_timeout_ms = options->stop_timeout_ms > 0 ? options->stop_timeout_ms : DEFAULT_STOP_MS;
    if (!loop && uv_loop_init(&server->own_loop) != 0) {
        free(server);
        return NULL;
    }
    return server;
}

static int check_stack(size_t bytes)
{
    if (gri_stack_bytes_fit(bytes))
        return 0;
    gri_fprintf(stderr, "griddle: gr_server_options.stack_bytes: %zu is not from %d to %d bytes\n", bytes,
                GRI_STACK_LEAST, GRI_STACK_MOST);
    return GR_EINVAL;
}

static int check_root_path(const char **root_path)
{
    if (gri_root_path_take(root_path))
        return 0;
    gri_fprintf(stderr,
                "griddle: gr_server_options.root_path: \"%s\" is no path that begins with '/', does not end with "
                "it, and needs no escape\n",
                *root_path);
    return GR_EINVAL;
}

/* Its own copies of what it is told, which may be of an older program. */
static bool take_server_options(gr_server_options *own, gr_limits *limits, const gr_server_options *options)
{
    *own = (gr_server_options){.size = sizeof *own};
    gr_limits_init(limits);
    if (options && !gr_sized_take(own, sizeof *own, options, offsetof(gr_server_options, port)))
        return false;
    if (own->limits && !gr_sized_take(limits, sizeof *limits, own->limits, offsetof(gr_limits, head_bytes)))
        return false;
    own->limits = own->limits ? limits : NULL;
    return true;
}

int gr_server_start(gr_server **out, gr_app *app, const gr_server_options *given, struct uv_loop_s *loop)
{
    struct gri_starting starting = {0};
    return gri_server_start(out, app, given, loop, &starting);
}

int gri_server_start(gr_server **out, gr_app *app, const gr_server_options *given, struct uv_loop_s *loop,
                     struct gri_starting *starting)
{
    gr_server_options own;
    gr_limits limits;
    const gr_server_options *options = &own;
    if (!take_server_options(&own, &limits, given)) {
        gri_fprintf(stderr, "griddle: gr_server_options.size, or that of its limits, is not set, or is larger than the "
                            "library's: the program was compiled for a later one\n");
        return GR_EINVAL;
    }
    int rc = check_stack(options->stack_bytes);
    rc = rc ? rc : check_root_path(&own.root_path);
    if (rc)
        return rc;
    struct gr_server *server = server_create(loop, options);
    if (!server)
        return GR_ENOMEM;
    server->begun = starting->begun;
    rc = server_open_engine(server, app, options);
    starting->hook_failed = server->engine.hook_failed;
    if (rc == 0)
        rc = open_listener(server, options);
    if (rc && starting->ended)
        starting->ended(server);
    if (rc)
        return server_fail(server, rc);
    server->serving = true;
    if (__atomic_load_n(&server->stop_asked, __ATOMIC_RELAXED)) /* meanwhile */
        uv_async_send(&server->async);
    start_watchdog(server, options->watchdog_ms);
    *out = server;
    return 0;
}

int gr_server_port(const gr_server *server)
{
    return server->port;
}

int gr_server_run(gr_server *server)
{
    while (!gr_server_stopped(server) && !server->stuck)
        uv_run(server->loop, UV_RUN_DEFAULT);
    stop_watchdog(server);
    return server->stuck ? GR_ETIMEDOUT : 0;
}

void gr_server_destroy(gr_server *server)
{
    if (!server || gr_server_stuck(server))
        return;
    if (server->loop == &server->own_loop)
        uv_loop_close(&server->own_loop);
    free(server);
}

void gri_server_leaves_when_asked_again(gr_server *server)
{
    server->hint = " (again to leave now)";
}

struct gri_engine *gri_server_engine(gr_server *server)
{
    return &server->engine;
}
