/* Griddle: the request that a handler answers.
 *
 * A gr_req has one owner thread at a time: the loop's, or, from the moment when a blocking function that is given it is
 * to run (a handler, a middleware, the writer of a reply, a background task, a teardown) until that has returned, its
 * pool thread's. What the server itself does on threads, reading a large body say, leaves it to the loop. Every
 * function below may be called by the owner only; it checks, and aborts naming the operation. All strings and blocks
 * are borrowed from the request and live until its background work and teardowns have ended. */
#ifndef GRIDDLE_REQUEST_H
#define GRIDDLE_REQUEST_H

#include <griddle/arena.h>
#include <griddle/co.h>
#include <griddle/mistake.h>
#include <jansson.h>

GR_BEGIN_DECLS

typedef struct gr_req gr_req;

/* "GET", "POST", ...: as it came (RFC 9110 section 9). */
GR_API const char *gr_method(gr_req *req);

/* The path, percent-decoded once, without the query: "/items/4 2". Starts with '/'; "*" for OPTIONS *. */
GR_API const char *gr_path(gr_req *req);

/* What stands before the paths that the application declares, for a client: the root path of the server ("/api", where
 * a proxy serves it below that; gr_server_options.root_path, --root-path, or gr_app_info.root_path), and the prefixes
 * of the mounts that lead to the application whose code asks, "/api/admin"; "" where there is none. gr_path() begins
 * with it, unless the proxy has taken the root path away. Static. */
GR_API const char *gr_root_path(gr_req *req);

/* Path and query as they came, nothing decoded: "/items/4%202?q=1", what a gateway passes on. Of a target in absolute
 * form ("http://host/items") what follows the host, which Host then says (RFC 9112 section 3.2.2). */
GR_API const char *gr_target(gr_req *req);

/* The query as it came, not decoded, without the '?'; "" where there is none. */
GR_API const char *gr_query_string(gr_req *req);

/* A path parameter by the name in the route's "{name}", decoded. NULL where the route has none of that name. */
GR_API const char *gr_path_param(gr_req *req, const char *name);

/* A query parameter, decoded ('+' is a space). Given several times, the last one counts, as in FastAPI. NULL: absent,
 * or out of memory. */
GR_API const char *gr_query(gr_req *req, const char *name);

/* A header field's value by its name, in any case. Repeated fields: the first. NULL: absent. */
GR_API const char *gr_header(gr_req *req, const char *name);

/* The i-th header field, in the order in which they came. False: there is no i-th. */
GR_API bool gr_header_at(gr_req *req, size_t i, const char **name, const char **value);

/* Whether the client asks for that content coding, "gzip" say, in Accept-Encoding (RFC 9110 section 12.5.3). False too
 * where it says nothing: it would take any coding then, but a program that says nothing often does not decode either.
 */
GR_API bool gr_accepts_encoding(gr_req *req, const char *coding);

/* Whether If-None-Match names `etag` (with its quotes), or is "*": the client has it already, and 304 is the answer to
 * GET and HEAD (RFC 9110 section 13.1.2, weak comparison). */
GR_API bool gr_has_etag(gr_req *req, const char *etag);

/* The whole body, as it came (a chunked one joined), followed by a NUL that *len does not count. Never NULL; empty
 * where there is none. It was read before the handler ran, up to the operation's body limit. */
GR_API const char *gr_body(gr_req *req, size_t *len);

/* The body as JSON: strict (RFC 8259), no duplicate keys, no U+0000 and no lone surrogate in a string (FastAPI takes
 * these; no text of C holds them), no number beyond int64_t and double, at most 64 levels deep; a byte order mark in
 * front is skipped, as in FastAPI. *value is borrowed and owned by the request; parsed once, so that all who ask have
 * the same. An async handler's body above 64 KiB was parsed on the pool before the handler ran; a task of a middleware
 * that asks while that goes on does not wait for it: it parses the body on the loop, for itself and for the handler. 0;
 * 422, recorded in FastAPI's shape (json_invalid with the position, or missing where there is no body), so that `return
 * gr_failed(req, rc)` answers it; GR_ENOMEM. */
GR_API GR_MUST_USE int gr_body_json(gr_req *req, json_t **value);

/* The peer's address as text ("127.0.0.1", "::1"), and its port. "" and 0 where the transport has none (Unix socket).
 */
GR_API const char *gr_client_host(gr_req *req);
GR_API int gr_client_port(gr_req *req);

/* The name of the operation that serves the request ("read_item"), behind those of the applications that it is mounted
 * in and of its routers ("admin:users:read_user", see router.h), or "" where no route matched. */
GR_API const char *gr_operation(gr_req *req);

/* What gr_app_set_state() was given. */
GR_API void *gr_state(gr_req *req);

/* Memory that lives as long as the request: 16-byte aligned, zeroed. NULL: out of memory. */
GR_API void *gr_alloc(gr_req *req, size_t size);

/* The arena of the request, for what a handler reads itself: item_read(gr_req_arena(req), json, &item). Its memory is
 * the request's and ends with it. Borrowed; used by the request's owner. NULL: out of memory. */
GR_API gr_arena *gr_req_arena(gr_req *req);

/* printf into memory of the request, as in the C locale, whatever the process's or the thread's is: "%f" writes a
 * point. NULL: out of memory. */
GR_API char *gr_printf(gr_req *req, const char *fmt, ...) GR_PRINTF(2, 3);

/* `text` percent-encoded, in memory of the request: every byte but letters, digits and "-._~" (RFC 3986 section 2.3),
 * so that it can be a segment of a path, or a name or a value of a query. NULL: out of memory. */
GR_API char *gr_url_encode(gr_req *req, const char *text);

/* Records an error answer, {"detail": text} with `status` (400 to 599; others are logged and become 500), and returns
 * the status, to be passed up as it is and ended by `return gr_failed(req, rc)`. The first gr_fail() of a request wins.
 * The text is written as by gr_printf(). */
GR_API int gr_fail(gr_req *req, int status, const char *fmt, ...) GR_PRINTF(3, 4);

/* The same with any JSON value as the detail: {"detail": value}. Steals `detail` (also on failure, and where it comes
 * too late); NULL, and what is no JSON, is logged and becomes 500, as gr_json()'s. Encoded here. */
GR_API int gr_fail_json(gr_req *req, int status, json_t *detail);

/* Adds a header field to what the last gr_fail() recorded, as gr_with_header() does: WWW-Authenticate twice is two of
 * them, a header that cannot be sent makes it a 500. Copied. Returns the status:
 *
 *     gr_fail(req, 401, "who are you?");
 *     return gr_fail_header(req, "WWW-Authenticate", "Bearer");
 *
 * Where that gr_fail() was not the first, and so is not what is answered, the header is not either. GR_EINVAL: nothing
 * was recorded. */
GR_API int gr_fail_header(gr_req *req, const char *name, const char *value);

/* How a request ended, as its teardowns are told. */
typedef enum gr_outcome {
    GR_ANSWERED = 0, /* a reply below 400 was made */
    GR_FAILED = 1,   /* a reply of 400 or above was made */
    GR_ABANDONED = 2 /* no reply: the client left, or the server stopped */
} gr_outcome;

/* A teardown. Async ones run in the request's coroutine, shielded from cancellation, each under a deadline of 5 s. */
typedef void gr_teardown_fn(gr_req *req, void *arg, gr_outcome outcome);
typedef void gr_async_teardown_fn(gr_co co, gr_req *req, void *arg, gr_outcome outcome);

/* Runs fn(arg) when the request has ended: after the last byte of the reply was sent, or it became clear that none will
 * be; last recorded, first run. Always takes ownership of arg: where memory is out, fn is called at once (with
 * GR_ABANDONED) and GR_ENOMEM returned. A blocking teardown runs on a pool thread, an async one on the loop. For what
 * teardowns do on threads, be it by gr_offload(), there are four that no handler can occupy.
 *
 * `arg` lives until fn has run: it is the request's own (gr_alloc()), or lives longer. One in a frame of the handler,
 * of a middleware, or of a task of these, is gone by then: that aborts, saying so. */
GR_API GR_MUST_USE int gr_defer_blocking(gr_req *req, gr_teardown_fn *fn, void *arg);
GR_API GR_MUST_USE int gr_defer_async(gr_req *req, gr_async_teardown_fn *fn, void *arg);

/* An early teardown: 0, or what becomes the reply instead, as gr_failed() says. `outcome` is how the request would end.
 * An async one runs as an async teardown does. */
typedef int gr_early_fn(gr_req *req, void *arg, gr_outcome outcome);
typedef int gr_async_early_fn(gr_co co, gr_req *req, void *arg, gr_outcome outcome);

/* Runs fn(arg) when the operation has made its reply, before that goes through the middleware and is sent, or begins to
 * stream; what middleware records later, before it is sent. Last recorded, first run. Where fn returns other than 0
 * that is the reply (so a commit that fails is a 500), and those behind it, and what gr_defer() recorded, are told
 * GR_FAILED; where nobody waits for a reply any more they are told GR_ABANDONED, and there is none to replace. For what
 * has to be known before the client is answered; what is only given back is gr_defer()'s. Ownership and lifetime of
 * `arg`, and threads, as there. GR_ENOMEM; GR_EINVAL once a reply was sent: fn was called, with GR_ABANDONED. FastAPI's
 * Depends(scope="function"). */
GR_API GR_MUST_USE int gr_defer_early_blocking(gr_req *req, gr_early_fn *fn, void *arg);
GR_API GR_MUST_USE int gr_defer_early_async(gr_req *req, gr_async_early_fn *fn, void *arg);

#ifndef __cplusplus
/* As in mistake.h: what is wrong is reported at the line that used a macro. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* gr_defer(req, fn, arg): async or blocking by fn's type. */
#define gr_defer(req, fn, arg) \
    GR_BY_TYPE_(fn, gr_teardown_fn, gr_defer_blocking, gr_async_teardown_fn, gr_defer_async) \
    (GR_ONE_OF_(req, fn, gr_teardown_fn, gr_async_teardown_fn, \
                #fn " is no teardown: write void " #fn "(gr_req *req, void *arg, gr_outcome outcome), or the " \
                    "same with gr_co co first"), \
     (fn), (arg))

/* gr_defer_early(req, fn, arg): async or blocking by fn's type. */
#define gr_defer_early(req, fn, arg) \
    GR_BY_TYPE_(fn, gr_early_fn, gr_defer_early_blocking, gr_async_early_fn, gr_defer_early_async) \
    (GR_ONE_OF_(req, fn, gr_early_fn, gr_async_early_fn, \
                #fn " is no early teardown: write int " #fn "(gr_req *req, void *arg, gr_outcome outcome), or the " \
                    "same with gr_co co first"), \
     (fn), (arg))
#endif

GR_END_DECLS

#endif
