/* Griddle: what an application answers where something failed.
 *
 * Errors are answered as FastAPI answers them: {"detail": ...} with the status, and a plain-text 500. An application
 * that promised its clients another shape has it by gr_app_on_error(), or asks for RFC 9457's problem details. */
#ifndef GRIDDLE_ERROR_H
#define GRIDDLE_ERROR_H

#include <griddle/app.h>

GR_BEGIN_DECLS

/* An error, as the function that answers it is told. Borrowed, for its call. */
typedef struct gr_error_info {
    size_t size;       /* sizeof(gr_error_info) where the library was built, so that later versions can add members */
    int status;        /* of the reply */
    int code;          /* what failed, as gr_failed() was given it: GR_ETIMEDOUT, GR_ENOMEM, ...; 0: no function did */
    const char *cause; /* in words, not for clients: gr_fail()'s text, or what the log says. Never NULL */
    gr_reply reply;    /* what is answered, unless another one is returned */
} gr_error_info;

/* Returns the reply for an error: another one, or error->reply, changed or not. A reply that says no status has the
 * error's, and the header fields of error->reply (Allow, WWW-Authenticate, Retry-After, gr_fail_header()'s) stay, but
 * for those that it has itself. One that fails (gr_failed(), a reply that cannot be sent) or returns no reply of this
 * request is logged, and the plain 500 is answered.
 *
 * Runs where the error arose, on the loop or on the pool thread that has the request, and so must not block; there is
 * nothing that it could await either: of a 504 the time is over, of a 503 the pool is full. */
typedef gr_reply gr_error_fn(gr_req *req, const gr_error_info *error);

/* Answers errors by `fn`: those of `status` (400 to 599), all of 4XX or 5XX (4, 5), or all (0); the most specific one
 * is asked. An error is what went wrong on the way to a reply: nothing matched (404, 405), the request was refused
 * (400, 413, 415, 422), a function failed (500, 503, 504; gr_failed() of what gr_fail() recorded), a reply could not be
 * made (500). What a handler or a middleware returns by itself, be it by gr_error() or gr_with_status(), is a reply
 * like any other, as FastAPI's exception handlers see no response that was returned: gr_fail() and gr_failed() are what
 * raises there. So is what the function of gr_app_set_invalid() answers.
 *
 * The deadline of an operation (.deadline_ms) answers 504 while the handler still runs, so no middleware sees that;
 * `fn` is asked on the loop, unless a pool thread has the request: then the plain 504 is sent.
 *
 * `fn` is asked before the middleware around the place of the error sees the reply, so all of it sees what is sent.
 * Bytes that are no HTTP (400, 408, 431 of the server itself) make no request that it could be asked about.
 *
 * GR_EINVAL: no such status, or NULL; GR_EEXIST: there is one for it; GR_ENOMEM; also reported at start. */
GR_API int gr_app_on_error(gr_app *app, int status, gr_error_fn *fn);

/* Whether errors are answered with application/problem+json (RFC 9457) in place of FastAPI's {"detail": ...}: off,
 * unless this says otherwise. On, every reply that Griddle makes for an error, gr_error()'s too, is an object with
 *
 *     "type"      "about:blank"
 *     "title"     the status's phrase
 *     "status"    the status
 *     "detail"    the text: gr_fail()'s or gr_error()'s, or the phrase
 *     "instance"  the path of the request as it came (left out where it is not UTF-8, or the request had none)
 *     "errors"    of a 422: the list that FastAPI has as its detail
 *
 * and the document says so: the schema of a 422, and of the errors in .responses that have no model, is ProblemDetails.
 * gr_fail_json(): a string is the detail; the members of an object extend the problem, and take the place of its own
 * ("type", "title"; never "status"); any other value is "errors". A function of gr_app_set_invalid() or
 * gr_app_on_error() answers as it does. */
GR_API int gr_app_set_problem_details(gr_app *app, bool on);

GR_END_DECLS

#endif
