/* Replies that say that something failed, and what they look like: {"detail": ...} as FastAPI's, or RFC 9457's problem
 * details where the application asks for these. */
#ifndef GRI_SERVE_FAILURE_H
#define GRI_SERVE_FAILURE_H

#include "serve/req.h"

/* {"detail": text}, or a problem. */
GRI_COLD gr_reply gri_reply_detail(gr_req *req, int status, const char *text);

/* The same as the answer to what no operation was to blame for: the application's gr_app_on_error() sees it. */
GRI_COLD gr_reply gri_reply_raised(gr_req *req, int status, const char *text);

/* The 422 for the mistakes whose FastAPI body, {"detail":[...]}, is given. */
GRI_COLD gr_reply gri_reply_invalid(gr_req *req, struct gri_str body);

/* The 504, raised. */
GRI_COLD gr_reply gri_reply_timed_out(gr_req *req);

/* What the plain 500, and a 504 that is a problem, say; these need no memory. */
struct gri_response gri_response_internal_error(const gr_app *app);
struct gri_response gri_response_timed_out(void);

/* What the 504 of an operation's deadline says, while its handler still runs. */
GRI_COLD void gri_request_timed_out(struct gri_exchange *x, struct gri_response *response);

/* Says in the problem of a plain 500 where it happened, if there is memory for it. */
GRI_COLD void gri_problem_place(struct gr_reply_impl *impl);

/* What gr_app_on_error() makes of a reply that was raised, which it is no more. In the thread that has the request. */
GRI_COLD gr_reply gri_error_answer(gr_req *req, gr_reply reply);

/* --- RFC 9457 --- */

struct gri_problem {
    int status;
    const char *detail; /* NULL: the status's phrase */
    json_t *members;    /* an object's extend it and take the place of its own; any other value is "errors"; or NULL */
    struct gri_str errors; /* JSON text for "errors"; empty: none */
};

/* Appends it to `buf`. 0; GR_ENOMEM; what gri_json_write() says of the members; GR_EINVAL: the detail is not UTF-8. */
GRI_COLD int gri_problem_write(const gr_req *req, const struct gri_problem *problem, struct gri_buf *buf);

#endif
