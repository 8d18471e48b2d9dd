/* Griddle: replies.
 *
 * A handler makes a reply and returns it. Making one sends nothing: the head is written on the loop after the outermost
 * middleware has returned. Each maker below copies what it is given, returns a reply of this request, and never fails
 * by itself: where memory is out, or a value cannot be sent, the reply becomes a 500 and a log line naming the
 * operation. Called by the request's owner, as everything in request.h. */
#ifndef GRIDDLE_REPLY_H
#define GRIDDLE_REPLY_H

#include <griddle/request.h>

GR_BEGIN_DECLS

/* A struct of its own, so that a forgotten `return` or a number in its place does not compile. */
typedef struct gr_reply {
    struct gr_reply_impl *impl;
} gr_reply;

/* 200, application/json: `value`, compact, UTF-8, at most 64 levels deep. Steals `value` (also on failure); NULL, as
 * json_pack() returns for a string that is NULL or not UTF-8, for NaN, and for a wrong format, is a 500. Encoded here,
 * on the calling thread; of a large value only the first 64 KiB, and the rest on the pool where the handler is async:
 * keep no reference to it. */
GR_API GR_MUST_USE gr_reply gr_json(gr_req *req, json_t *value);

/* gr_json() of what jansson's json_pack() makes of `fmt`: gr_pack(req, "{s:i,s:[ss]}", "id", 7, "tags", "a", "b"). What
 * is wrong with the format or a value is said in the log line of the 500. */
GR_API GR_MUST_USE gr_reply gr_pack(gr_req *req, const char *fmt, ...);

/* 200, text/plain or text/html in UTF-8. */
GR_API GR_MUST_USE gr_reply gr_text(gr_req *req, const char *text);
GR_API GR_MUST_USE gr_reply gr_html(gr_req *req, const char *html);

/* 200, any bytes of any content type; NULL: of none. */
GR_API GR_MUST_USE gr_reply gr_content(gr_req *req, const char *content_type, const void *data, size_t len);

/* The same without a copy: `data` is borrowed, and must live until the server has stopped, as static data and what a
 * start hook made do; what lies in a frame of the handler aborts. */
GR_API GR_MUST_USE gr_reply gr_content_static(gr_req *req, const char *content_type, const void *data, size_t len);

/* `status` without a body: 204, 304, ... */
GR_API GR_MUST_USE gr_reply gr_empty(gr_req *req, int status);

/* 307 to `url` (RFC 9110 section 15.4.8: the method stays); bytes a header may not carry are percent-encoded. */
GR_API GR_MUST_USE gr_reply gr_redirect(gr_req *req, const char *url);

/* `status` with {"detail": text}, as FastAPI's HTTPException looks. The text is written as by gr_printf(). A reply like
 * any other: what raises, so that gr_app_on_error() is asked, is gr_failed(req, gr_fail(req, status, ...)). */
GR_API GR_MUST_USE gr_reply gr_error(gr_req *req, int status, const char *fmt, ...) GR_PRINTF(3, 4);

/* The reply for a result that was not 0: a positive rc is the answer that gr_fail() recorded; GR_ETIMEDOUT is 504,
 * GR_EBUSY 503 with Retry-After, GR_ECANCELED no reply at all (the client has left); anything else is a 500 and a log
 * line. */
GR_API GR_MUST_USE gr_reply gr_failed(gr_req *req, int rc);

/* The same reply with another status (200 to 599). One that has become a 500 stays one. */
GR_API GR_MUST_USE gr_reply gr_with_status(gr_reply reply, int status);

/* The same reply with one more header field; what a reply has once replaces what it had: Age, Content-Disposition,
 * Content-Location, Content-Range, Content-Type, ETag, Expires, Last-Modified, Location, Retry-After, Server,
 * Strict-Transport-Security, Access-Control-Allow-Origin, -Allow-Credentials and -Max-Age. Both strings are copied.
 * A name that is no token, or CR, LF, NUL in the value, turns the reply into a 500 and a log line (RFC 9110 5.5).
 * Content-Length, Transfer-Encoding, Connection and Date are the server's: the same. */
GR_API GR_MUST_USE gr_reply gr_with_header(gr_reply reply, const char *name, const char *value);

/* The same, but it replaces whatever the name: the reply has the field once. NULL for `value`: not at all, be it the
 * Server that every reply has. */
GR_API GR_MUST_USE gr_reply gr_set_header(gr_reply reply, const char *name, const char *value);

/* What a reply says, for middleware: its status, and a header field or NULL. */
GR_API int gr_reply_status(gr_reply reply);
GR_API const char *gr_reply_header(gr_reply reply, const char *name);

GR_END_DECLS

#endif
