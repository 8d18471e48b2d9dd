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

/* One mistake. All texts are NUL-terminated and the request's, or the arena's. Where it lies, what came and what it was
 * measured by are there as values too, borrowed: until the function returns, or the arena is reset; json_incref() what
 * is to be replied. Of a number that no json_t holds (1e999) the value is a string of the JSON that it is in. */
typedef struct gr_invalid {
    const char *type;   /* "missing", "int_parsing", ...: pydantic's */
    const char *loc;    /* where: a JSON array, ["query","limit"] */
    const char *msg;    /* what: a sentence for people */
    const char *input;  /* what came: JSON; "null" too where all of them would be longer than 64 KiB */
    const char *ctx;    /* what it was measured by: a JSON object, or NULL */
    json_t *loc_json;   /* `loc`: an array */
    json_t *input_json; /* `input`: any value */
    json_t *ctx_json;   /* `ctx`: an object, or NULL */
} gr_invalid;

/* What the last TAG_read() or TAG_read_list() into the arena found wrong: *n mistakes, whose places begin in the value
 * itself: ["price"]. Their texts and values are the arena's, until it is reset or read into again. `size` is
 * sizeof(gr_invalid) where they are looked at, the distance of two of them: later versions can add members. NULL, *n =
 * 0: nothing, out of memory, or `size` is none that it can have. */
GR_API const gr_invalid *gr_arena_invalid_sized(gr_arena *arena, size_t *n, size_t size);
GR_UNUSED static inline const gr_invalid *gr_arena_invalid(gr_arena *arena, size_t *n)
{
    return gr_arena_invalid_sized(arena, n, sizeof(gr_invalid));
}

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
 * 64 KiB). Runs in place of the handler, of a blocking one too, on the loop, and so must not block; for
 * gr_fail_invalid() on the thread that calls that. It may ask for the body, by gr_body() or gr_body_json(): what that
 * finds wrong is not told to it again. Its reply is what is sent; gr_app_on_error() is asked only where it fails, by
 * gr_failed(). */
typedef gr_reply gr_invalid_fn(gr_req *req, const gr_invalid *mistakes, size_t n);

/* Answers invalid requests by `fn` instead of FastAPI's 422. `model` describes what it replies, in the documentation
 * (of the 422 there). `size` is sizeof(gr_invalid) where `fn` was compiled. GR_EINVAL, also reported at start: one of
 * them is NULL, or `size` none that it can have. */
GR_API int gr_app_set_invalid_sized(gr_app *app, gr_invalid_fn *fn, gr_model_fn *model, size_t size);
GR_UNUSED static inline int gr_app_set_invalid(gr_app *app, gr_invalid_fn *fn, gr_model_fn *model)
{
    return gr_app_set_invalid_sized(app, fn, model, sizeof(gr_invalid));
}

GR_END_DECLS

#endif
