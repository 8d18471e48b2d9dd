/* The application behind gr_app, and what a running server adds to it. */
#ifndef GRI_APP_APP_H
#define GRI_APP_APP_H

#include <griddle/background.h>
#include <griddle/invalid.h>
#include <griddle/middleware.h>
#include <griddle/openapi.h>

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

/* Of a path's characters (RFC 3986 section 3.3) those that need no escape anywhere, in HTML neither. */
#define GRI_PLAIN_PATH "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$()*+,;=:@/"

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
    gr_app_info info;
    const char *openapi_url;  /* or NULL: the document is not served */
    struct gri_list webhooks; /* const gr_route * */
    gr_openapi_fn *on_openapi;
    void *on_openapi_arg;
    int failed; /* the first error of building it: reported at start */
};

/* The document as it is served, and the operation that serves it. */
struct gri_openapi {
    gr_route route;
    char *text; /* NULL: it is not served */
    size_t len;
    char etag[20];
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
    struct gri_openapi openapi;
    bool access_log;
    size_t n_hooks_started;
};

/* Grows `list` by one element of `size` bytes: a place to fill, or NULL. */
void *gri_list_add(struct gri_list *list, size_t size);

/* Frees what gr_app_describe() has copied. */
void gri_app_forget_info(gr_app *app);

/* Checks everything that was declared, reporting each mistake at level error, and compiles the routes. 0, GR_EINVAL or
 * GR_ENOMEM. `pool` and `reserved` are borrowed. */
int gri_running_init(struct gri_running *running, const gr_app *app, const struct gri_log *log);
void gri_running_finish(struct gri_running *running);

/* Plans an operation's input and reply, once all was checked; the lists go into `arena`. 0, or GR_ENOMEM. */
int gri_op_plan(struct gri_op *op, struct gri_schema *schema, struct gri_arena *arena);

/* Makes the document of what was checked and planned: new. 0, GR_ENOMEM, GR_EINVAL or a code of the application's,
 * which was logged. */
int gri_openapi_make(const struct gri_running *running, json_t **document);

/* The operation that serves the document, where one does: before gri_openapi_init(), which makes it. */
const gr_route *gri_openapi_route(struct gri_running *running);
int gri_openapi_init(struct gri_running *running);
void gri_openapi_finish(struct gri_running *running);

/* Runs the start hooks in order; on a failure the stop hooks of those before. */
int gri_running_start(struct gri_running *running);
void gri_running_stop(struct gri_running *running);

/* How http reaches the application: state is the struct gri_running. */
struct gri_service gri_running_service(struct gri_running *running);

#endif
