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

static const char *invalid_text_of(gr_req *req, const struct gri_error *error, write_fn *write)
{
    struct gri_buf buf;
    gri_buf_init(&buf, &req->x.arena);
    write(error, &buf);
    gri_buf_putc(&buf, '\0');
    return buf.failed ? NULL : buf.data;
}

static void write_context(const struct gri_error *error, struct gri_buf *buf)
{
    gri_error_write_context(error, buf);
}

static bool invalid_describe(gr_req *req, const struct gri_error *error, gr_invalid *to)
{
    *to = (gr_invalid){.type = gri_error_type(error),
                       .loc = invalid_text_of(req, error, gri_error_write_loc),
                       .msg = invalid_text_of(req, error, gri_error_write_message),
                       .input = invalid_text_of(req, error, gri_error_write_input),
                       .ctx = invalid_text_of(req, error, write_context)};
    if (!to->loc || !to->msg || !to->input || !to->ctx)
        return false;
    if (!*to->ctx)
        to->ctx = NULL;
    return true;
}

static int answer_by_the_application(gr_req *req, const struct gri_errors *errors)
{
    size_t n = gri_errors_kept(errors);
    gr_invalid *mistakes = gri_arena_alloc(&req->x.arena, n * sizeof *mistakes);
    for (size_t i = 0; mistakes && i < n; i++)
        if (!invalid_describe(req, errors->kept[i], &mistakes[i]))
            return GR_ENOMEM;
    if (!mistakes)
        return GR_ENOMEM;
    gr_reply reply = req->running->program.app->invalid(req, mistakes, n);
    if (!reply.impl || reply.impl->req != req)
        reply = gri_reply_internal_error(req, "the function of gr_app_set_invalid() returned no reply of this request");
    return invalid_record(req, reply.impl);
}

int gri_fail_invalid(gr_req *req, const struct gri_errors *errors)
{
    return req->running->program.app->invalid ? answer_by_the_application(req, errors) : answer_as_fastapi(req, errors);
}
