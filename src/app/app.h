/* The application behind gr_app, and what a running server adds to it. */
#ifndef GRI_APP_APP_H
#define GRI_APP_APP_H

#include <griddle/background.h>
#include <griddle/invalid.h>
#include <griddle/middleware.h>

#include "app/router.h"
#include "base/log.h"
#include "co/pool.h"
#include "http/exchange.h"

/* A growing list of pointers or small structs, of one element size. */
struct gri_list {
    void *items;
    size_t n, cap;
};

/* One step of the chain: an async or a blocking middleware. */
struct gri_step {
    gr_kind kind;
    gr_middleware_fn *async;
    gr_blocking_middleware_fn *blocking;
};

struct gri_option {
    const char *name, *placeholder, *doc; /* without "--" */
    const char **value;
};

struct gri_hook {
    gr_start_fn *start;
    gr_stop_fn *stop;
};

/* A coroutine of the application's own. */
struct gri_app_task {
    const char *name;
    gr_task_fn *fn;
    void *arg;
};

struct gr_app {
    const char *title, *version;
    struct gri_list routes;  /* const gr_route * */
    struct gri_list steps;   /* struct gri_step */
    struct gri_list options; /* struct gri_option */
    struct gri_list hooks;   /* struct gri_hook */
    struct gri_list tasks;   /* struct gri_app_task */
    void *state;
    gr_limits limits;
    gr_invalid_fn *invalid; /* or NULL: the 422 of FastAPI */
    gr_model_fn *invalid_model;
    const char *docs_url, *redoc_url; /* or NULL: none */
    int failed;                       /* the first error of building it: reported at start */
};

/* An application being served on one loop. */
struct gri_running {
    const gr_app *app;
    const struct gri_log *log;
    gr_limits limits;
    struct gri_list routes; /* const gr_route *: the library's own, then the application's */
    struct gri_router router;
    struct gri_schema *schema; /* the plans of all models; made where a reply needs one that no operation declares */
    struct gri_pool *pool;     /* blocking handlers and gr_offload() */
    struct gri_pool *reserved; /* blocking teardowns: they never wait behind handlers that wait for them */
    struct gri_docs *docs;     /* NULL: no pages */
    bool access_log;
    size_t n_hooks_started;
};

/* Grows `list` by one element of `size` bytes: a place to fill, or NULL. */
void *gri_list_add(struct gri_list *list, size_t size);

/* Where the application's OpenAPI document is; NULL: nowhere. */
const char *gri_app_openapi_url(const gr_app *app);

/* Checks everything that was declared, reporting each mistake at level error, and compiles the routes. 0, GR_EINVAL or
 * GR_ENOMEM. `pool` and `reserved` are borrowed. */
int gri_running_init(struct gri_running *running, const gr_app *app, const struct gri_log *log);
void gri_running_finish(struct gri_running *running);

/* Plans an operation's input and reply, once all was checked. 0, or GR_ENOMEM. */
int gri_op_plan(struct gri_op *op, struct gri_schema *schema);

/* Runs the start hooks in order; on a failure the stop hooks of those before. */
int gri_running_start(struct gri_running *running);
void gri_running_stop(struct gri_running *running);

/* How http reaches the application: state is the struct gri_running. */
struct gri_service gri_running_service(struct gri_running *running);

#endif
