/* Griddle: what is wrong with a request, and an answer of one's own for it.
 *
 * A request that does not fit its GR_INPUT is answered 422 with {"detail": [...]} as FastAPI answers it. An application
 * that promised its clients another shape gives a function and the model of what that replies, so that the answer and
 * its documentation cannot part. */
#ifndef GRIDDLE_INVALID_H
#define GRIDDLE_INVALID_H

#include <griddle/app.h>
#include <griddle/model.h>

GR_BEGIN_DECLS

/* One mistake. All texts are NUL-terminated and the request's. */
typedef struct gr_invalid {
    const char *type;  /* "missing", "int_parsing", ...: pydantic's */
    const char *loc;   /* where: a JSON array, ["query","limit"] */
    const char *msg;   /* what: a sentence for people */
    const char *input; /* what came: JSON; "null" too where all of them would be longer than 64 KiB */
    const char *ctx;   /* what it was measured by: a JSON object, or NULL */
} gr_invalid;

/* What the last TAG_read() or TAG_read_list() into the arena found wrong: *n mistakes, whose places begin in the value
 * itself: ["price"]. Their texts are the arena's, until it is reset or read into again. NULL, *n = 0: nothing, or out
 * of memory. */
GR_API const gr_invalid *gr_arena_invalid(gr_arena *arena, size_t *n);

/* Records the 422 (FastAPI's, or what the function of gr_app_set_invalid() answers) that lists what the last read into
 * gr_req_arena(req) found wrong, and returns its status, to be passed up as gr_fail()'s:
 *
 *     int rc = item_read(gr_req_arena(req), json, &item);
 *     if (rc)
 *         return gr_failed(req, rc == GR_EINVAL ? gr_fail_invalid(req) : rc);
 *
 * GR_EINVAL: it found nothing. GR_ENOMEM. */
GR_API GR_MUST_USE int gr_fail_invalid(gr_req *req);

/* Makes the reply, of any status, for a request with n > 0 mistakes (at most 100 are listed, and no more than come to
 * 64 KiB). Runs in place of the handler, on the loop, or on the pool where the body is large: it must not block. */
typedef gr_reply gr_invalid_fn(gr_req *req, const gr_invalid *mistakes, size_t n);

/* Answers invalid requests by `fn` instead of FastAPI's 422. `model` describes what it replies, in the documentation
 * (of the 422 there).
 * GR_EINVAL, also reported at start: one of them is NULL. */
GR_API int gr_app_set_invalid(gr_app *app, gr_invalid_fn *fn, gr_model_fn *model);

GR_END_DECLS

#endif
