/* Griddle: routers: operations that belong together, as a rule those of one source file, under one prefix.
 *
 *     static GR_ROUTER(users, "/users", .routes = GR_ROUTES(&read_me_route, &list_users_route),
 *         .tags = GR_NAMES("users"), .needs = GR_DEPENDENCIES(&current_user_dependency),
 *         .responses = GR_RESPONSES({404, .description = "No such user"}));
 *
 *     gr_app_include(app, &users_router, .prefix = "/api/v1");
 *
 * makes "GET /api/v1/users/me". One that another file includes is defined without `static`, and a header of it says
 * `extern const gr_router users_router;`. Routers hold routers; what an operation takes over from those around it is
 * what it takes over in FastAPI:
 *
 *   - paths: the prefix of the include, those of the routers from the outermost on, the route's own path, which may be
 *     "" in a router that has a prefix, or below one;
 *   - tags, needs and callbacks: the include's, the outermost router's, ..., the route's;
 *   - middleware: the application's, the outermost router's, ...;
 *   - responses: all of them; of one status those that are declared furthest inside;
 *   - deprecated, hidden: where any of them is.
 *
 * A router may be included again, at another prefix or for another host.
 *
 * Names. An operation of a router is called "users:read_me" where one without is called "read_me": by gr_operation(),
 * in logs, for gr_url_for(). Where the same name comes about twice, by a router that is included twice or by two of the
 * same name, each has host and prefix behind it: "users:read_me@/api/v1/users". The document names operations as
 * FastAPI does, "read_me_api_v1_users_me_get", without their routers. */
#ifndef GRIDDLE_ROUTER_H
#define GRIDDLE_ROUTER_H

#include <griddle/middleware.h>
#include <griddle/mistake.h>

GR_BEGIN_DECLS

typedef struct gr_router gr_router;

/* Static, as a rule: borrowed for as long as the application that includes it. Filled by GR_ROUTER() or by hand. */
struct gr_router {
    size_t size;      /* sizeof(gr_router), so that later versions can add members */
    const char *name; /* of its operations' names the first part; NULL or "": they have none of it */
    const char
        *prefix; /* "/users", "/users/{user_id}"; NULL or "": none. It begins with '/' and does not end with it */
    const gr_route *const *routes;     /* GR_ROUTES(&read_me_route, ...), ended by NULL */
    const gr_router *const *routers;   /* GR_ROUTERS(&admin_router, ...): matched behind `routes`, in their order */
    const char *const *tags;           /* GR_NAMES("users") */
    const gr_dependency *const *needs; /* GR_DEPENDENCIES(&current_user_dependency, ...) */
    const gr_response_list *responses; /* GR_RESPONSES({404, .description = "No such user"}, ...) */
    const gr_route *const *callbacks;  /* GR_CALLBACKS(&paid_route, ...) */
    bool deprecated, hidden;           /* in the documentation */

    /* GR_MIDDLEWARES(GR_MIDDLEWARE(audit), ...): around these operations alone, inside that of the application and of
     * the routers around, the first outermost. Not around the 404 of a path below the prefix that no operation has */
    const gr_middleware *const *middleware;

    /* "api.example.com", "{tenant}.example.com": only for requests whose Host it is, whatever the case and the port;
     * the others go on to what was declared behind. A parameter takes dots too, in lower case, and is read as one of
     * the path's, by GR_PATH(tenant) or gr_path_param(); it is not in the document. Inside another router the innermost
     * host counts. NULL: any */
    const char *host;
    char end_;
};

/* What an inclusion adds: outermost, before what the router itself says. All zero is nothing. */
typedef struct gr_include_options {
    size_t size;        /* sizeof(gr_include_options) */
    const char *prefix; /* "/api/v1" */
    const char *name;   /* "v1": its operations are called "v1:users:read_me" */
    const char *const *tags;
    const gr_dependency *const *needs;
    const gr_response_list *responses;
    const gr_route *const *callbacks;
    bool deprecated, hidden;
    char end_;
} gr_include_options;

/* Adds the operations of a router behind what was added before. `options` (NULL: none) and its lists are copied, the
 * strings, and the router, are borrowed. 0; GR_ENOMEM; GR_EINVAL: no router, or `size` is none that the options can
 * have: both also reported at start. There, all together, is also reported: a prefix that does not begin with '/' or
 * ends with it; a prefix and a path that are both empty; a router that includes itself; one that is reached twice at
 * the same paths. */
GR_API int gr_app_include_with(gr_app *app, const gr_router *router, const gr_include_options *options);

/* Mounts an application inside another: what begins with `prefix` and a slash is its, whatever it makes of that, unless
 * an operation that was added before serves it.
 *
 *     gr_app_mount(app, "/admin", admin_app);           "/admin/users" is "/users" of admin_app
 *
 * It has its own operations, documentation ("/admin/docs"), 404, 405 and slash redirect, middleware, inside the outer
 * application's, state, gr_app_set_...(), gr_app_on_error(), gr_app_need(), gr_app_override(), values of application
 * dependencies, hooks, tasks and, of its limits, body_bytes, pattern_steps and handler_ms; connections have those of
 * the outermost. gr_path() is the whole path, gr_root_path() what of it led there. Its name,
 * the prefix without its first slash, begins those of its operations: "admin:read_user". As in Starlette, "/admin"
 * itself is redirected to "/admin/", and the outer document does not tell of it. Mounts nest.
 *
 * Its start hooks run after the outer application's, so that they can use what those made (its tasks are started after
 * all of them), and its stop hooks before. Options of the command line are the outermost application's only: one that a
 * mounted one was given by gr_option() is a mistake. All mistakes of both are reported at start, together.
 *
 * `prefix` begins with '/', does not end with it, has no parameters, and needs no escape; "" or "/": all that is left.
 * Borrowed. `mounted` is stolen by success: the outer application destroys it; it may be given more until it is served.
 * 0; GR_ENOMEM; GR_EEXIST: it is mounted already, or would be inside itself, which is also reported at start. */
GR_API int gr_app_mount(gr_app *app, const char *prefix, gr_app *mounted);

/* Whether an operation of that method and that very path, as it is declared, was added, by a router or without one. */
GR_API bool gr_app_has(const gr_app *app, const char *method, const char *path);

GR_END_DECLS

#ifndef __cplusplus

/* As in mistake.h: what is wrong is reported at the line that used a macro. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* gr_app_include(app, &users_router, .prefix = "/api/v1", ...): gr_app_include_with() of options written in place. */
#define gr_app_include(app, router, ...) \
    gr_app_include_with(app, \
                        GR_SAYS_(_Generic((router), const gr_router * : 1, gr_router * : 1, default : 0), \
                                 #router " is no address of a router: of GR_ROUTER(r, ...) it is &r_router") \
                            ? NULL \
                            : (router), \
                        &(const gr_include_options){.size = sizeof(gr_include_options), ##__VA_ARGS__, .end_ = 0})

/* GR_ROUTER(users, "/users", members...): the definition `const gr_router users_router`; with `static` before it, of
 * one that is included in the same file, and an unused variable under -Wall where it is not. */
#define GR_ROUTER(id, where, ...) \
    const gr_router id##_router = {.size = sizeof(gr_router), .name = #id, .prefix = where, ##__VA_ARGS__, .end_ = 0}

/* Its lists, in a file's scope as a rule: within a function they end with their block, as all literals do. The first
 * eight have a sentence where they are no routes, or no routers, and a compiler's warning all of them. */
#define GR_ROUTES(...) \
    (GR_ARE_ROUTES_(__VA_ARGS__, GR_NONE_, GR_NONE_, GR_NONE_, GR_NONE_, GR_NONE_, GR_NONE_, GR_NONE_, GR_NONE_, 0) \
         ? NULL \
         : (const gr_route *const[]){__VA_ARGS__, NULL})
#define GR_ROUTERS(...) \
    (GR_ARE_ROUTERS_(__VA_ARGS__, GR_NO_, GR_NO_, GR_NO_, GR_NO_, GR_NO_, GR_NO_, GR_NO_, GR_NO_, 0) \
         ? NULL \
         : (const gr_router *const[]){__VA_ARGS__, NULL})

#define GR_ARE_ROUTERS_(a, b, c, d, e, f, g, h, ...) \
    (0 * sizeof(struct { \
         GR_IS_ROUTER_(a); \
         GR_IS_ROUTER_(b); \
         GR_IS_ROUTER_(c); \
         GR_IS_ROUTER_(d); \
         GR_IS_ROUTER_(e); \
         GR_IS_ROUTER_(f); \
         GR_IS_ROUTER_(g); \
         GR_IS_ROUTER_(h); \
         char gr_says_; \
     }))
#define GR_IS_ROUTER_(r) \
    _Static_assert(_Generic((r), const gr_router * : 1, gr_router * : 1, default : 0), \
                   #r " is no address of a router: of GR_ROUTER(r, ...) it is &r_router")
#define GR_NO_ ((const gr_router *)0)

#endif

#endif
