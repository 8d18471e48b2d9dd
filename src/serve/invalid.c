#include "schema/errors.h"
#include "serve/req.h"

static int invalid_record(gr_req *req, struct gr_reply_impl *impl)
{
    if (!req->failure)
        req->failure = impl;
    return req->failure->response.status;
}

static int answer_as_fastapi(gr_req *req, const struct gri_errors *errors)
{
    struct gri_buf buf;
    gri_buf_init(&buf, &req->x.arena);
    gri_errors_write(errors, &buf);
    if (buf.failed)
        return GR_ENOMEM;
    gr_reply reply = gri_reply_create(req, 422);
    reply.impl->response.content_type = GRI_STR("application/json");
    reply.impl->response.body = (struct gri_str){buf.data, buf.len};
    return invalid_record(req, reply.impl);
}

typedef void write_fn(const struct gri_error *error, struct gri_buf *buf);

static const char *invalid_text_of(struct gri_arena *arena, const struct gri_error *error, write_fn *write)
{
    struct gri_buf buf;
    gri_buf_init(&buf, arena);
    write(error, &buf);
    gri_buf_putc(&buf, '\0');
    return buf.failed ? NULL : buf.data;
}

static void write_context(const struct gri_error *error, struct gri_buf *buf)
{
    gri_error_write_context(error, buf);
}

static bool invalid_describe(struct gri_arena *arena, const struct gri_error *error, bool with_input, gr_invalid *to)
{
    *to = (gr_invalid){.type = gri_error_type(error),
                       .loc = invalid_text_of(arena, error, gri_error_write_loc),
                       .msg = invalid_text_of(arena, error, gri_error_write_message),
                       .input = with_input ? invalid_text_of(arena, error, gri_error_write_input) : "null",
                       .ctx = invalid_text_of(arena, error, write_context)};
    if (!to->loc || !to->msg || !to->input || !to->ctx)
        return false;
    if (!*to->ctx)
        to->ctx = NULL;
    return true;
}

static size_t invalid_bytes(const gr_invalid *mistake)
{
    return strlen(mistake->loc) + strlen(mistake->msg) + strlen(mistake->input) +
           (mistake->ctx ? strlen(mistake->ctx) : 0);
}

/* As many as come to GRI_ERRORS_BYTES, and the first: many may repeat the same long part of the request. */
static int describe_all(const struct gri_errors *errors, gr_invalid *mistakes, size_t *n)
{
    size_t room = GRI_ERRORS_BYTES, bytes = 0;
    for (*n = 0; *n < gri_errors_kept(errors); ++*n, room -= bytes) {
        const struct gri_error *error = errors->kept[*n];
        if (!invalid_describe(errors->arena, error, gri_error_input_fits(error, room), &mistakes[*n]))
            return GR_ENOMEM;
        bytes = invalid_bytes(&mistakes[*n]);
        if (bytes > room) {
            *n += *n == 0;
            return 0;
        }
    }
    return 0;
}

static int answer_by_the_application(gr_req *req, const struct gri_errors *errors)
{
    size_t n;
    gr_invalid *mistakes = gri_arena_alloc(&req->x.arena, gri_errors_kept(errors) * sizeof *mistakes);
    if (!mistakes || describe_all(errors, mistakes, &n))
        return GR_ENOMEM;
    gr_reply reply = req->running->program.app->invalid(req, mistakes, n);
    if (!reply.impl || reply.impl->req != req)
        reply = gri_reply_internal_error(req, "the function of gr_app_set_invalid() returned no reply of this request");
    return invalid_record(req, reply.impl);
}

const gr_invalid *gr_arena_invalid(gr_arena *arena, size_t *n)
{
    const struct gri_errors *errors = &arena->errors;
    size_t kept = gri_errors_kept(errors);
    gr_invalid *mistakes = kept ? gri_arena_alloc(arena->memory, kept * sizeof *mistakes) : NULL;
    *n = 0;
    if (!mistakes || describe_all(errors, mistakes, n) == 0)
        return mistakes;
    *n = 0;
    return NULL;
}

int gr_fail_invalid(gr_req *req)
{
    gri_req_check(req);
    return req->arena && req->arena->errors.count ? gri_fail_invalid(req, &req->arena->errors) : GR_EINVAL;
}

int gri_fail_invalid(gr_req *req, const struct gri_errors *errors)
{
    return req->running->program.app->invalid ? answer_by_the_application(req, errors) : answer_as_fastapi(req, errors);
}
