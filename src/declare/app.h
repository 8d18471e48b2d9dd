/* The application behind gr_app: what was said of it, and nothing done with it. */
#ifndef GRI_DECLARE_APP_H
#define GRI_DECLARE_APP_H

#include <griddle/background.h>
#include <griddle/dependency.h>
#include <griddle/error.h>
#include <griddle/invalid.h>
#include <griddle/middleware.h>
#include <griddle/openapi.h>
#include <griddle/router.h>

#include "base/arena.h"
#include "base/list.h"

struct gri_option {
    const char *name, *placeholder, *doc; /* without "--" */
    const char **value;
};

/* Who answers an error in the reply's place. */
struct gri_on_error {
    int status; /* 404; 4 is any of 4XX; 0 any */
    gr_error_fn *fn;
};

/* At most one start and one stop. */
struct gri_hook {
    const char *name; /* or NULL */
    gr_start_fn *start;
    gr_async_start_fn *start_async;
    gr_stop_fn *stop;
    gr_async_stop_fn *stop_async;
};

/* What runs in the place of a dependency. */
struct gri_override {
    const gr_dependency *dependency, *stand_in;
};

/* A coroutine of the application's own. */
struct gri_app_task {
    const char *name;
    gr_task_fn *fn;
    void *arg;
};

/* Of a path's characters (RFC 3986 section 3.3) those that need no escape anywhere, in HTML neither. */
#define GRI_PLAIN_PATH "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$()*+,;=:@/"

/* Of what an application serves one part, in the order in which they were given: a route, a router or an application.
 */
struct gri_part {
    const gr_route *route;
    const gr_router *router;
    const gr_include_options *inclusion; /* of the router: the application's copy */
    gr_app *mounted;
    const char *prefix;  /* where that is mounted; "": everywhere */
    const char *refused; /* why it is not, and stays its caller's; or NULL */
};

struct gr_app {
    const char *title, *version;
    struct gri_arena arena;    /* of the copies of what is written in place */
    struct gri_list parts;     /* struct gri_part */
    struct gri_list steps;     /* gr_middleware */
    struct gri_list options;   /* struct gri_option */
    struct gri_list hooks;     /* struct gri_hook */
    struct gri_list tasks;     /* struct gri_app_task */
    struct gri_list needs;     /* const gr_dependency *: of each operation */
    struct gri_list overrides; /* struct gri_override */
    void *state;
    gr_limits limits;
    bool redirects_slashes;
    bool lax_content_type;
    bool problem_details;
    struct gri_list on_errors; /* struct gri_on_error */
    gr_invalid_fn *invalid;    /* or NULL: the 422 of FastAPI */
    size_t invalid_size;       /* sizeof(gr_invalid) where that was compiled */
    gr_model_fn *invalid_model;
    const char *docs_url, *redoc_url; /* or NULL: none */
    gr_app_info info;
    const char *openapi_url;  /* or NULL: the document is not served */
    struct gri_list webhooks; /* const gr_route * */
    gr_openapi_fn *on_openapi;
    void *on_openapi_arg;
    char *failure;          /* gr_app_fail()'s text; or NULL */
    struct gri_made *made;  /* where it is served: its application dependencies; or NULL */
    int failed;             /* the first error of building it: reported at start */
    const char *failed_why; /* the call, and what it wants; NULL: what the code says */
    const gr_app *outer;    /* where it is mounted, or NULL */
    const char *mounted_at; /* the prefix there */
};

/* Whether a program may know a gr_invalid of that size. */
static inline bool gri_invalid_size_fits(size_t size)
{
    return size >= offsetof(gr_invalid, loc_json) && size <= sizeof(gr_invalid);
}

/* A blocking middleware of the application, or of one that it is mounted in; NULL: there is none. */
const gr_middleware *gri_app_blocking_middleware(const gr_app *app);

/* The application's i-th mounted one (from 0), with what it was mounted as; NULL: there is no i-th. */
const struct gri_part *gri_app_mount_at(const gr_app *app, size_t i);

/* What runs where `dependency` is needed: that, or its stand-in. */
const gr_dependency *gri_app_stand_in(const gr_app *app, const gr_dependency *dependency);
static inline bool gri_middleware_is_blocking(const gr_middleware *middleware)
{
    return middleware->blocking || middleware->blocking_with;
}

/* As logs name it. */
static inline const char *gri_middleware_name(const gr_middleware *middleware)
{
    const char *name = middleware->options.name ? middleware->options.name : middleware->name;
    return name ? name : "(without a name)";
}

/* A place at the end of one of the application's lists, or NULL, which is reported at start. */
void *gri_app_add(gr_app *app, struct gri_list *list, size_t size);

/* Returns `code`; the first of an application is reported at start, with the call and what it wants, which is static,
 * or by what the code says (NULL). */
int gri_app_refuse(gr_app *app, int code, const char *why);

/* How many pointers, to whatever, stand in a list before the NULL that ends it. */
size_t gri_pointers(const void *list);

/* A router at its whole length. False: its size is none that a gr_router can have. */
bool gri_router_take(gr_router *whole, const gr_router *declared);

/* A router that is looked into, and those around it: so that one that includes itself has an end. */
struct gri_within {
    const struct gri_within *outer;
    const gr_router *router; /* as it was declared */
};
bool gri_is_within(const struct gri_within *within, const gr_router *router);

/* Frees what gr_app_describe() has copied. */
void gri_app_forget_info(gr_app *app);

#endif
