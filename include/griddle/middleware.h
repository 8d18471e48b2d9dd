/* Griddle: middleware: functions around every request of an application, the first added outermost.
 *
 * An async middleware wraps operations of either kind, and the 404 and 405 of those that do not exist. It may change
 * the reply, answer by itself (without calling what is next), or measure:
 *
 *     static gr_reply no_store(gr_co co, gr_req *req, gr_next *next)
 *     {
 *         return gr_with_header(gr_call_next(co, req, next), "Cache-Control", "no-store");
 *     }
 *     gr_use(app, no_store);
 *
 * The request's body has not been read when the middleware begins; it is read before the operation runs. */
#ifndef GRIDDLE_MIDDLEWARE_H
#define GRIDDLE_MIDDLEWARE_H

#include <griddle/app.h>

GR_BEGIN_DECLS

/* The rest of the chain. Borrowed, for the call of the middleware only; to be called once, with the middleware's own
 * request. Called twice, when its middleware has returned, or with another request, it does not go on: the reply is a
 * 500, and a log line says which middleware did it. So no middleware can put another request, or another operation, in
 * the place of those that came. */
typedef struct gr_next gr_next;

typedef gr_reply gr_middleware_fn(gr_co co, gr_req *req, gr_next *next);

/* Runs on the pool thread that will run the operation. Wraps blocking operations only, so an application with an async
 * operation refuses it at start; async middleware must be added before it. */
typedef gr_reply gr_blocking_middleware_fn(gr_req *req, gr_next *next);

/* The same with an argument: what the middleware was added with. It is a const void *, as arguments of functions are in
 * C, and not a pointer of the middleware's own type: that could only be called through a type that it does not have,
 * which C leaves undefined, and an expression cannot make the function that would translate.
 *
 *     struct limit { int64_t bytes; };
 *     static gr_reply limit(gr_co co, gr_req *req, gr_next *next, const void *with)
 *     {
 *         const struct limit *limit = with;
 *         ...
 *     }
 *     gr_use(app, limit, .with = &(struct limit){.bytes = 4096});                                        */
typedef gr_reply gr_middleware_with_fn(gr_co co, gr_req *req, gr_next *next, const void *with);
typedef gr_reply gr_blocking_middleware_with_fn(gr_req *req, gr_next *next, const void *with);

/* The reply of the rest of the chain: the first in an async middleware, the second in a blocking one. */
GR_API GR_MUST_USE gr_reply gr_call_next(gr_co co, gr_req *req, gr_next *next);
GR_API GR_MUST_USE gr_reply gr_call_next_blocking(gr_req *req, gr_next *next);

/* What may follow the function in gr_use(), as designated initialisers. Borrowed for as long as the application is. */
typedef struct gr_middleware_options {
    const char *name; /* in logs; NULL: the function's */
    const void *with; /* the argument; never NULL where the function takes one */
    char end_;
} gr_middleware_options;

/* A middleware, as it is added: one of the four functions, and what it was given. Filled by GR_MIDDLEWARE(), or by
 * hand.
 */
typedef struct gr_middleware {
    size_t size;      /* sizeof(gr_middleware), so that later versions can add members */
    const char *name; /* the function's */
    gr_middleware_fn *async;
    gr_blocking_middleware_fn *blocking;
    gr_middleware_with_fn *async_with;
    gr_blocking_middleware_with_fn *blocking_with;
    gr_middleware_options options;
} gr_middleware;

/* Adds a middleware (copied) inside those added before. GR_ENOMEM, GR_EINVAL (its size), also reported at start; there
 * what else is wrong with it is found. */
GR_API int gr_use_middleware(gr_app *app, const gr_middleware *middleware);

#ifndef __cplusplus
/* As in mistake.h: what is wrong is reported at the line that used a macro. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* clang-format off */

/* gr_use(app, fn), gr_use(app, fn, .with = &config, .name = "limit of uploads"): gr_use_middleware() of one written in
 * place, async or blocking by fn's type. */
#define gr_use(app, ...) gr_use_middleware(app, GR_MIDDLEWARE(__VA_ARGS__))

/* GR_MIDDLEWARE(fn, options...): a const gr_middleware *, in a file's scope too, and in lists of them, that NULL ends. */
#define GR_MIDDLEWARE(...)  GR_MIDDLEWARE_(__VA_ARGS__, .end_ = 0)
#define GR_MIDDLEWARES(...) ((const gr_middleware *const[]){__VA_ARGS__, NULL})

/* The pieces. */
#define GR_MIDDLEWARE_(fn, ...)                                                                       \
    (&(const gr_middleware){                                                                          \
        .size = sizeof(gr_middleware) +                                                               \
                GR_SAYS_(GR_IS_MIDDLEWARE_(fn),                                                       \
                         #fn " is no middleware: write gr_reply " #fn "(gr_co co, gr_req *req, gr_next *next), or " \
                             "the same without gr_co; one with an argument has const void *with at the end") + \
                GR_SAYS_(!GR_TAKES_ARGUMENT_(fn) || sizeof(#__VA_ARGS__) > sizeof(".end_ = 0"),       \
                         #fn " takes an argument: write .with = &config behind it") +                 \
                0 * sizeof((__typeof__(*_Generic((char (*)[1 + GR_TAKES_ARGUMENT_(fn)])0,             \
                                                 char (*)[2]: (gr_middleware_options *)0,             \
                                                 default: (gr_middleware_that_takes_no_argument_ *)0))){__VA_ARGS__}), \
        .name = #fn,                                                                                  \
        .async = GR_IF_IT_IS_(gr_middleware_fn, fn),                                                  \
        .blocking = GR_IF_IT_IS_(gr_blocking_middleware_fn, fn),                                      \
        .async_with = GR_IF_IT_IS_(gr_middleware_with_fn, fn),                                        \
        .blocking_with = GR_IF_IT_IS_(gr_blocking_middleware_with_fn, fn),                            \
        .options = {__VA_ARGS__}})
#define GR_IF_IT_IS_(type, fn) _Generic((fn), type *: (fn), default: (type *)0)
#define GR_TAKES_ARGUMENT_(fn) \
    _Generic((fn), gr_middleware_with_fn *: 1, gr_blocking_middleware_with_fn *: 1, default: 0)
#define GR_IS_MIDDLEWARE_(fn) \
    _Generic((fn), gr_middleware_fn *: 1, gr_blocking_middleware_fn *: 1, gr_middleware_with_fn *: 1, \
             gr_blocking_middleware_with_fn *: 1, default: 0)

/* The options of one that takes none, as a compiler names them where .with is given. */
typedef struct gr_middleware_that_takes_no_argument_ {
    const char *name;
    char end_;
} gr_middleware_that_takes_no_argument_;

/* clang-format on */
#endif

/* A ready-made middleware: gives each request an identity. Takes X-Request-ID where the client sent one of 1 to 128
 * visible ASCII characters, else makes one of 32 random hexadecimal digits; returns it in the reply's X-Request-ID, and
 * the access log shows it. */
GR_API gr_reply gr_request_id_middleware(gr_co co, gr_req *req, gr_next *next);

/* The request's identity, or NULL where none was set. Borrowed from the request. */
GR_API const char *gr_request_id(gr_req *req);

/* Sets it, for a middleware of one's own. A request has one identity: where one middleware has set it, what another one
 * would set is refused, and a log line names both. The operation may change it, or take it away by NULL. `id` is
 * borrowed and must live as long as the request (gr_printf()): one in the frame of a function aborts. The access log
 * shows it, escaped and cut at 190 characters. Called by the request's owner. */
GR_API void gr_set_request_id(gr_req *req, const char *id);

GR_END_DECLS

#endif
