/* Griddle: path operations: what a handler is, and the table that names one.
 *
 * A handler's type says how it runs. Four shapes:
 *
 *     gr_reply f(gr_co co, gr_req *req);                       async: a coroutine on the event loop
 *     gr_reply f(gr_co co, gr_req *req, const struct f *in);   async, with declared input
 *     gr_reply f(gr_req *req);                                 blocking: on a thread of the pool
 *     gr_reply f(gr_req *req, const struct f *in);             blocking, with declared input
 *
 * One that awaits nothing says so: `GR_UNUSED gr_co co`.
 *
 * An async handler, and what else of the operation runs on the loop (async middleware, background tasks, teardowns),
 * has a stack of 64 KiB unless `.stack_bytes` says more; griddle/co.h says what that means.
 *
 * GR_GET("/path/{name}", f, options...); after its definition makes `static const gr_route f_route`, to be given to
 * gr_app_add(). Another signature does not compile; a route never added is an unused variable under -Wall. */
#ifndef GRIDDLE_ROUTE_H
#define GRIDDLE_ROUTE_H

#include <griddle/model.h>
#include <griddle/reply.h>

GR_BEGIN_DECLS

typedef enum gr_kind { GR_ASYNC = 0, GR_BLOCKING = 1 } gr_kind;

/* What every shape is called through: `co` is empty for a blocking handler, `in` NULL for one without input. */
typedef gr_reply gr_call_fn(gr_co co, gr_req *req, const void *in);

typedef struct gr_route gr_route;

/* Where to read more, for the documentation. All zero: nowhere. */
typedef struct gr_link {
    const char *url, *description;
} gr_link;

/* A reply that an operation may give beside its own, for the documentation. Later versions add members at the end. */
typedef struct gr_response_info {
    int status;              /* 404; 4 is any of 4XX; GR_OTHER_STATUS all that is not listed; 0 ends a list */
    const char *description; /* NULL: the status's phrase, {.status = 404} */
    gr_model_fn *model;      /* what it says; NULL: not told */
    bool list;               /* an array of them */
    const char *type;        /* its content type; NULL: application/json, where there is a model */
} gr_response_info;
enum { GR_OTHER_STATUS = -1 };

/* A list of them: GR_RESPONSES({404, .model = problem_model}, ...). */
typedef struct gr_response_list {
    size_t stride;              /* sizeof(gr_response_info), so that later versions can add members */
    const gr_response_info *at; /* ended by one whose status is 0 */
} gr_response_list;

/* The options of an operation: what may follow the handler's name in GR_GET(...), as designated initialisers. All zero
 * is the default. */
typedef struct gr_route_options {
    const char *summary;                 /* one line for the documentation; NULL: from the name */
    const char *description;             /* more of it */
    int status;                          /* of a reply that says no other; 0: 200 */
    gr_model_fn *response;               /* NAME_model: what the handler replies with, by NAME_reply(), _reply_list()
                                            or _reply_json() of that very model. What it replies by gr_json(),
                                            gr_pack() or another model goes out as it is: unlike FastAPI's
                                            response_model, .response is no filter of these */
    bool response_list;                  /* an array of them */
    const char *const *response_include; /* GR_NAMES("id", "owner.name"): of the response only these members; lists and
                                            maps are looked through: "items.price" is of each; "items.*.price", too */
    const char *const *response_exclude; /* all but these. The document tells of names without a dot */
    bool response_exclude_unset;         /* without members that were not given (see gr_set) */
    bool response_exclude_defaults;      /* without members that have their default */
    bool response_exclude_none;          /* without members that are null */
    bool response_by_name;               /* under the members' own names instead of their aliases */
    size_t max_body_bytes;    /* a larger body is answered 413 before it is read; 0: the application's limit */
    int64_t deadline_ms;      /* from the complete head to the reply: 504; 0: the application's; below 0: none */
    bool stream_body;         /* the handler reads the body itself, by gr_read(): it is not collected */
    bool finish_if_abandoned; /* a client that leaves does not cancel the handler */
    bool deprecated, hidden;  /* in the documentation */

    /* The rest is documentation, see openapi.h. */
    const char *const *tags;           /* GR_NAMES("items", "admin") */
    const char *operation_id;          /* NULL: from name, path and method, as FastAPI makes it */
    const char *response_description;  /* NULL: "Successful Response" */
    const char *response_type;         /* content type of the reply; NULL: application/json; "": not told */
    const gr_response_list *responses; /* GR_RESPONSES({404, .model = problem_model}, ...): others that may come */
    gr_link external_docs;
    const gr_route *const *callbacks; /* GR_CALLBACKS(&paid_route, ...): requests that it will send, see GR_OUTGOING */
    const char *openapi_extra;        /* a JSON object, merged into the operation's */
    char end_;

    size_t stack_bytes;    /* for all that runs in a request's coroutine, see co.h: 32 KiB to 64 MiB; 0: the server's */
    bool lax_content_type; /* a body without a Content-Type is JSON: see gr_app_set_strict_content_type() */

    /* GR_DEPENDENCIES(&verify_token_dependency, ...): run before the handler, which does not see their values; see
     * griddle/dependency.h. Those of the application run first, then those of routers, then these */
    const gr_dependency *const *needs;
} gr_route_options;

/* A path operation. Filled by the macros below, by those of griddle.hpp, or by hand. */
struct gr_route {
    size_t size;        /* sizeof(gr_route), so that later versions can add members */
    const char *method; /* "GET"; any that llhttp knows, PURGE and PROPFIND among them (checked at start); "*": each */
    const char *path;   /* "/items/{item_id:int}"; converters: str (default), int, float, uuid, path */
    const char *name;   /* the operation's, in logs and documentation */
    gr_kind kind;
    bool takes_input; /* the handler has a third parameter */
    gr_call_fn *call;
    gr_model_fn *const *input; /* *input is the GR_INPUT table, or NULL; the pointer itself may be NULL */
    gr_route_options options;
};

/* The route that serves the request, as it was added: one that is a member of a struct leads its handler to the rest of
 * that. NULL: none matched. Borrowed; called by the request's owner. */
GR_API const gr_route *gr_route_of(gr_req *req);

GR_END_DECLS

#ifndef __cplusplus

/* As in model.h: mistakes are reported at the line that used a macro. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* Lists, for the options above. */
#define GR_NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define GR_RESPONSES(...) \
    (&(const gr_response_list){sizeof(gr_response_info), (const gr_response_info[]){__VA_ARGS__, {.status = 0}}})
#define GR_CALLBACKS(...) ((const gr_route *const[]){__VA_ARGS__, NULL})
#define GR_DEPENDENCIES(...) \
    ((const gr_dependency *const[]){__VA_ARGS__, NULL} + GR_ARE_NEEDS_(__VA_ARGS__, GR_NO_NEED_, GR_NO_NEED_, \
                                                                       GR_NO_NEED_, GR_NO_NEED_, GR_NO_NEED_, \
                                                                       GR_NO_NEED_, GR_NO_NEED_, GR_NO_NEED_, 0))

/* 0; the first eight have a sentence where they are none, NULL too, which would end the list. */
#define GR_ARE_NEEDS_(a, b, c, d, e, f, g, h, ...) \
    (0 * sizeof(struct { \
         GR_IS_NEED_(a); \
         GR_IS_NEED_(b); \
         GR_IS_NEED_(c); \
         GR_IS_NEED_(d); \
         GR_IS_NEED_(e); \
         GR_IS_NEED_(f); \
         GR_IS_NEED_(g); \
         GR_IS_NEED_(h); \
         char gr_says_; \
     }))
#define GR_IS_NEED_(d) \
    _Static_assert(_Generic((d), const gr_dependency * : 1, gr_dependency * : 1, default : 0), \
                   #d " is no address of a dependency: of a function f it is &f_dependency")
#define GR_NO_NEED_ ((const gr_dependency *)0)

#define GR_GET(where, fn, ...)     GR_ROUTE_(fn, fn##_route, "GET", where, fn, ##__VA_ARGS__, .end_ = 0)
#define GR_POST(where, fn, ...)    GR_ROUTE_(fn, fn##_route, "POST", where, fn, ##__VA_ARGS__, .end_ = 0)
#define GR_PUT(where, fn, ...)     GR_ROUTE_(fn, fn##_route, "PUT", where, fn, ##__VA_ARGS__, .end_ = 0)
#define GR_PATCH(where, fn, ...)   GR_ROUTE_(fn, fn##_route, "PATCH", where, fn, ##__VA_ARGS__, .end_ = 0)
#define GR_DELETE(where, fn, ...)  GR_ROUTE_(fn, fn##_route, "DELETE", where, fn, ##__VA_ARGS__, .end_ = 0)
#define GR_HEAD(where, fn, ...)    GR_ROUTE_(fn, fn##_route, "HEAD", where, fn, ##__VA_ARGS__, .end_ = 0)
#define GR_OPTIONS(where, fn, ...) GR_ROUTE_(fn, fn##_route, "OPTIONS", where, fn, ##__VA_ARGS__, .end_ = 0)

/* Any method, HEAD, OPTIONS and TRACE too: gr_method() says which. Not in the documentation, which has no word for it.
 */
#define GR_ANY(where, fn, ...) GR_ROUTE_(fn, fn##_route, "*", where, fn, ##__VA_ARGS__, .end_ = 0)

/* GR_ROUTE_AS(name, "METHOD", path, fn, options...): any other method, and NAME_route for a second route to a handler.
 */
#define GR_ROUTE_AS(id, verb, where, fn, ...) GR_ROUTE_(id, id##_route, verb, where, fn, ##__VA_ARGS__, .end_ = 0)

/* GR_OUTGOING(name, "METHOD", path, options...): NAME_route of a request that the application sends, a webhook or a
 * callback: documented, never served. What it carries is GR_INPUT(name, ...), what it expects back its .response. The
 * path of a callback says in runtime expressions where it goes (OpenAPI 3.1): "{$request.body#/callback_url}/paid". */
#define GR_OUTGOING(id, verb, where, ...) GR_OUTGOING_(id, id##_route, verb, where, ##__VA_ARGS__, .end_ = 0)

/* The pieces. Each fn in the _Generic lists is named only in the branch of its own type. */
#define GR_ASYNC_FN_(tag)    gr_reply (*)(gr_co, gr_req *, const struct tag *)
#define GR_BLOCKING_FN_(tag) gr_reply (*)(gr_req *, const struct tag *)
#define GR_ASYNC_BARE_       gr_reply (*)(gr_co, gr_req *)
#define GR_BLOCKING_BARE_    gr_reply (*)(gr_req *)

/* The mistakes that have a sentence of their own. */
#define GR_MUTABLE_FNS_(tag, code) \
    gr_reply (*)(gr_co, gr_req *, struct tag *) : code, gr_reply(*)(gr_req *, struct tag *) : code
#define GR_SWAPPED_FNS_(tag, code) \
    gr_reply (*)(gr_req *, gr_co) : code, gr_reply(*)(gr_req *, gr_co, const struct tag *) : code
#define GR_FNS_OF_(type, tag, code) \
    type (*)(gr_co, gr_req *, const struct tag *) \
        : code, \
          type(*)(gr_req *, const struct tag *) : code, type(*)(gr_co, gr_req *) : code, type(*)(gr_req *) : code
#define GR_HANDLER_IS_(fn) \
    "write gr_reply " fn "(gr_co co, gr_req *req) to await, or gr_reply " fn "(gr_req *req) to block; " \
    "input that it declares is one parameter more, const struct " fn " *, named as the handler is"

/* Never called: they stand in the branches of GR_ROUTE_ that a handler's type rules out. */
GR_UNUSED static inline gr_reply gr_never_async(gr_co co, gr_req *req, const void *in)
{
    (void)co, (void)req, (void)in;
    return (gr_reply){NULL};
}
GR_UNUSED static inline gr_reply gr_never_blocking(gr_req *req, const void *in)
{
    (void)req, (void)in;
    return (gr_reply){NULL};
}
GR_UNUSED static inline gr_reply gr_never_async_bare(gr_co co, gr_req *req)
{
    (void)co, (void)req;
    return (gr_reply){NULL};
}
GR_UNUSED static inline gr_reply gr_never_blocking_bare(gr_req *req)
{
    (void)req;
    return (gr_reply){NULL};
}

/* clang-format off */

/* Expands to gr_shape_of_NAME, which of the four shapes fn has; gr_call_of_NAME, a one-line thunk that calls it so; and
 * the table NAME_route, whose name comes pasted so that a compiler which reports it as unused names the user's line.
 * gr_input_of_FN is a tentative definition: C makes it the one that GR_INPUT(fn, ...) gave, or NULL. But for
 * NAME_route all names begin with gr_, so that none is a name of the user's. */
#define GR_ROUTE_(id, route, verb, where, fn, ...)                                                    \
    struct fn;                                                                                        \
    static gr_model_fn *const gr_input_of_##fn;                                                       \
    _Static_assert(_Generic(fn, gr_reply (*)(void): 0, default: 1),                                   \
                   #fn " has no parameters: " GR_HANDLER_IS_(#fn));                                   \
    enum {                                                                                            \
        gr_shape_of_##id = _Generic(fn, GR_ASYNC_FN_(fn): 0, GR_BLOCKING_FN_(fn): 1,                  \
                                    GR_ASYNC_BARE_: 2, GR_BLOCKING_BARE_: 3, GR_MUTABLE_FNS_(fn, 4),  \
                                    GR_SWAPPED_FNS_(fn, 5), GR_FNS_OF_(int, fn, 6),                   \
                                    GR_FNS_OF_(void, fn, 6), GR_FNS_OF_(json_t *, fn, 6), default: 7) \
    };                                                                                                \
    _Static_assert(GR_IS_(gr_shape_of_##id != 4),                                                     \
                   #fn " takes its input without const: write const struct " #fn " *");               \
    _Static_assert(GR_IS_(gr_shape_of_##id != 5), #fn " takes gr_co in the wrong place: it comes first"); \
    _Static_assert(GR_IS_(gr_shape_of_##id != 6), #fn " returns no gr_reply: " GR_HANDLER_IS_(#fn));  \
    _Static_assert(GR_IS_(gr_shape_of_##id != 7), #fn " is no handler: " GR_HANDLER_IS_(#fn));        \
    static gr_reply gr_call_of_##id(gr_co gr_co_, gr_req *gr_req_, const void *gr_in_)                \
    {                                                                                                 \
        switch (gr_shape_of_##id) {                                                                   \
        case 0:                                                                                       \
            return _Generic(fn, GR_ASYNC_FN_(fn): fn, default: gr_never_async)(gr_co_, gr_req_, gr_in_); \
        case 1:                                                                                       \
            return _Generic(fn, GR_BLOCKING_FN_(fn): fn, default: gr_never_blocking)(gr_req_, gr_in_); \
        case 2:                                                                                       \
            return _Generic(fn, GR_ASYNC_BARE_: fn, default: gr_never_async_bare)(gr_co_, gr_req_);   \
        default:                                                                                      \
            return _Generic(fn, GR_BLOCKING_BARE_: fn, default: gr_never_blocking_bare)(gr_req_);     \
        }                                                                                             \
    }                                                                                                 \
    static const gr_route route = {.size = sizeof(gr_route),                                          \
                                   .method = verb,                                                    \
                                   .path = where,                                                     \
                                   .name = #id,                                                       \
                                   .kind = gr_shape_of_##id % 2 ? GR_BLOCKING : GR_ASYNC,             \
                                   .takes_input = gr_shape_of_##id < 2,                               \
                                   .call = gr_call_of_##id,                                           \
                                   .input = &gr_input_of_##fn,                                        \
                                   .options = {__VA_ARGS__}}

#define GR_OUTGOING_(id, route, verb, where, ...)                                                     \
    struct id;                                                                                        \
    static gr_model_fn *const gr_input_of_##id;                                                       \
    static const gr_route route = {.size = sizeof(gr_route),                                          \
                                   .method = verb,                                                    \
                                   .path = where,                                                     \
                                   .name = #id,                                                       \
                                   .input = &gr_input_of_##id,                                        \
                                   .options = {__VA_ARGS__}}

#endif

#endif
