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

/* The rest of the chain. Borrowed, for the call of the middleware only; to be called once. */
typedef struct gr_next gr_next;

typedef gr_reply gr_middleware_fn(gr_co co, gr_req *req, gr_next *next);

/* Runs on the pool thread that will run the operation. Wraps blocking operations only, so an application with an async
 * operation refuses it at start; async middleware must be added before it. */
typedef gr_reply gr_blocking_middleware_fn(gr_req *req, gr_next *next);

/* The reply of the rest of the chain. */
GR_API GR_MUST_USE gr_reply gr_call_next(gr_co co, gr_req *req, gr_next *next);
GR_API GR_MUST_USE gr_reply gr_call_next_blocking(gr_req *req, gr_next *next);

/* Adds a middleware inside those added before. GR_ENOMEM, also reported at start. */
GR_API int gr_use_async(gr_app *app, gr_middleware_fn *fn);
GR_API int gr_use_blocking(gr_app *app, gr_blocking_middleware_fn *fn);

#ifndef __cplusplus
/* As in mistake.h: what is wrong is reported at the line that used a macro. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* gr_use(app, fn): async or blocking by fn's type. */
#define gr_use(app, fn) \
    GR_BY_TYPE_(fn, gr_middleware_fn, gr_use_async, gr_blocking_middleware_fn, gr_use_blocking) \
    (GR_ONE_OF_(app, fn, gr_middleware_fn, gr_blocking_middleware_fn, \
                #fn " is no middleware: write gr_reply " #fn "(gr_co co, gr_req *req, gr_next *next), or the " \
                    "same without gr_co"), \
     (fn))
#endif

/* A ready-made middleware: gives each request an identity. Takes X-Request-ID where the client sent one of 1 to 128
 * visible ASCII characters, else makes one of 32 random hexadecimal digits; returns it in the reply's X-Request-ID, and
 * the access log shows it. */
GR_API gr_reply gr_request_id_middleware(gr_co co, gr_req *req, gr_next *next);

/* The request's identity, or NULL where none was set. Borrowed from the request. */
GR_API const char *gr_request_id(gr_req *req);

/* Sets it, for a middleware of one's own. `id` is borrowed and must live as long as the request (gr_printf()): one in
 * the frame of a function aborts. The access log shows it, escaped and cut at 190 characters. Called by the request's
 * owner. */
GR_API void gr_set_request_id(gr_req *req, const char *id);

GR_END_DECLS

#endif
