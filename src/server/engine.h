/* Everything that serves one application on one loop, but for where connections come from: a server adds a listener,
 * the test client adds memory. */
#ifndef GRI_SERVER_ENGINE_H
#define GRI_SERVER_ENGINE_H

#include "kit/docs.h"
#include "serve/running.h"

struct gri_engine;

struct gri_engine_options {
    struct gri_pool_options pool;
    const gr_limits *limits; /* NULL: the application's */
    struct gri_log log;
    bool access_log, is_virtual;
    bool is_command;       /* the application's own tasks do not run */
    size_t stack_bytes;    /* of a coroutine; 0: the default */
    const char *root_path; /* NULL: the application's own */
    void *owner;
    int (*opened)(struct gri_engine *); /* the loop is in use, hooks come next; other than 0 ends the start; or NULL */
    bool (*turn)(struct gri_engine *); /* lets something happen while a start hook is awaited; false: nothing can. NULL:
                                           a turn of the loop */
};

struct gri_engine {
    uv_loop_t *loop; /* borrowed */
    struct gri_log log;
    struct gri_sched sched;
    struct gri_running running;
    size_t n_hooks_started; /* of all applications */
    gr_task *hook;          /* the coroutine of a hook; NULL: none runs */
    int hook_rc;
    bool hook_failed, start_cancelled, past_deadline;
    bool (*turn)(struct gri_engine *);
    struct gri_http http;
    bool stopping, closing, cancelled;   /* cancelled: the application's own tasks are told to end */
    void (*closed)(struct gri_engine *); /* the engine has ended, and its memory may go */
    void *owner;
};

/* Checks the application, builds everything, runs the start hooks. 0; or a negative code, with *open telling whether
 * handles were opened: then gri_engine_close() must follow, and the loop run until `closed`. Caller memory. */
int gri_engine_init(struct gri_engine *engine, uv_loop_t *loop, const gr_app *app,
                    const struct gri_engine_options *options, bool *open);

/* No new connections come. Closes idle ones, lets requests finish, runs the stop hooks, closes; then `closed`. */
void gri_engine_stop(struct gri_engine *engine);

/* A line at level info: what the stop waits for, if anything; `hint` ends it. `first`: the stop has just begun. */
void gri_engine_log_waiting(const struct gri_engine *engine, bool first, const char *hint);

/* Names at level warning, and cancels, whatever still runs. */
void gri_engine_cancel(struct gri_engine *engine);

/* Names at level warning whatever has not come back after that: it holds a thread, or ignores its cancellation. */
void gri_engine_name_left(const struct gri_engine *engine);

/* Closes what gri_engine_init() opened; nothing may run but the application's own tasks. Waits for requests to libuv's
 * threads that were left behind. */
void gri_engine_close(struct gri_engine *engine);

/* Compiles an application, and those that are mounted in it: `running` is zero, but for its `outer`. 0, or GR_EINVAL or
 * GR_ENOMEM; gri_applications_finish() must follow in every case. `limits`: in place of the application's own, or
 * NULL. */
int gri_applications_compile(struct gri_running *running, const gr_app *app, const gr_limits *limits,
                             const char *root_path, const struct gri_log *log);
void gri_applications_finish(struct gri_running *running);
void gri_applications_set_pools(struct gri_running *running, struct gri_pool *pool, struct gri_pool *reserved);

/* Runs the start hooks in order, those of mounted applications behind those of the one they are mounted in. 0, or the
 * code of one that failed, which was logged; GR_ECANCELED: a stop was asked for meanwhile. gri_engine_close() runs the
 * stop hooks of those before. */
int gri_lifespan_start(struct gri_engine *engine);

/* A start hook that runs is cancelled, and no other begins. */
void gri_lifespan_cancel_start(struct gri_engine *engine);

/* Runs the stop hooks of those that have started. False: one is a coroutine, and when that has ended it is to be called
 * again. */
bool gri_lifespan_stop(struct gri_engine *engine);

/* --- life.c --- */

/* Runs fn(arg) as a coroutine of that name, one at a time, without waiting for its end: engine->hook is NULL from then
 * on, and hook_rc what it returned. False: no memory. */
bool gri_life_begin(struct gri_engine *engine, const char *name, gr_task_fn *fn, void *arg);

/* The same of a start, until it has ended: what it returned. `what` it is, for the log. GR_ENOMEM; GR_ETIMEDOUT:
 * nothing could end it but its cancellation. */
int gri_life_await(struct gri_engine *engine, const char *what, const char *name, gr_task_fn *fn, void *arg);

/* Logs that `who` has ended the start, with what gr_app_fail() was told or the code, which it returns. */
int gri_life_failed(struct gri_engine *engine, const gr_app *app, const char *who, int rc);

/* --- made.c --- */

/* Makes the dependencies of the applications, those of mounted ones behind those of the one they are mounted in. 0 or a
 * code, as gri_lifespan_start(). */
int gri_made_start(struct gri_engine *engine);

/* Runs the teardowns of those that have begun, as gri_lifespan_stop() runs the stop hooks. */
bool gri_made_stop(struct gri_engine *engine);

/* Blocking functions, requests to libuv's threads and children that are waited for. */
size_t gri_engine_in_flight(const struct gri_engine *engine);

#endif
