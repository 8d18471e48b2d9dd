#include "serve/failure.h"

#include <griddle/json.h>

#include "http/status.h"
#include "schema/text.h"

/* --- their bodies --- */

static bool has_problems(const gr_req *req)
{
    return req->running->program.app->problem_details;
}

static int write_detail(struct gri_buf *buf, const char *text, json_t *value)
{
    gri_buf_puts(buf, "{\"detail\":");
    int rc = text ? (gri_text_quote(buf, text, strlen(text)) ? 0 : GR_EINVAL) : gri_json_write_all(value, buf);
    gri_buf_putc(buf, '}');
    return rc ? rc : buf->failed ? GR_ENOMEM : 0;
}

/* `text`, or where that is NULL, `value`. */
static int write_failure(gr_req *req, struct gri_buf *buf, int status, const char *text, json_t *value)
{
    gri_buf_init(buf, &req->x.arena);
    if (!has_problems(req))
        return write_detail(buf, text, value);
    struct gri_problem problem = {.status = status, .detail = text ? text : json_string_value(value)};
    problem.members = json_is_string(value) ? NULL : value;
    return gri_problem_write(req, &problem, buf);
}

static gr_reply with_body_of(gr_req *req, int status, const struct gri_buf *buf)
{
    struct gri_str type = has_problems(req) ? GRI_STR("application/problem+json") : GRI_STR("application/json");
    return gri_reply_with_body(req, status, type, (struct gri_str){buf->data, buf->len});
}

gr_reply gri_reply_detail(gr_req *req, int status, const char *text)
{
    struct gri_buf buf;
    int rc = write_failure(req, &buf, status, text, NULL);
    if (rc == GR_EINVAL)
        return gri_reply_internal_error(
            req, "the text of gr_error() or gr_fail() is not UTF-8: what a client sent may be part of it");
    return rc ? gri_reply_internal_error(req, "out of memory") : with_body_of(req, status, &buf);
}

static gr_reply json_detail(gr_req *req, int status, json_t *value)
{
    struct gri_buf buf;
    if (!value)
        return gri_reply_internal_error(req, "gr_fail_json(NULL): %s", gri_json_null_fault);
    int rc = write_failure(req, &buf, status, NULL, value);
    if (rc == GR_ENOMEM)
        return gri_reply_internal_error(req, "out of memory");
    return rc ? gri_reply_internal_error(req, "gr_fail_json(): %s", gri_json_write_fault(rc))
              : with_body_of(req, status, &buf);
}

/* The list is FastAPI's own. */
gr_reply gri_reply_invalid(gr_req *req, struct gri_str body)
{
    struct gri_buf buf;
    struct gri_problem problem = {.status = 422, .detail = "The request does not fit what is declared: see errors"};
    const size_t before = strlen("{\"detail\":"), behind = strlen("}");
    if (!has_problems(req))
        return gri_reply_with_body(req, 422, GRI_STR("application/json"), body);
    gri_buf_init(&buf, &req->x.arena);
    problem.errors = (struct gri_str){body.at + before, body.len - before - behind};
    return gri_problem_write(req, &problem, &buf) ? gri_reply_internal_error(req, "out of memory")
                                                  : with_body_of(req, 422, &buf);
}

/* --- raising --- */

/* gr_app_on_error() is asked about it. A plain 500 has said already what its cause is. */
static gr_reply failure_raise(gr_reply reply, int code, const char *cause)
{
    if (!reply.impl->spoilt) {
        reply.impl->code = code;
        reply.impl->cause = cause;
    }
    reply.impl->raised = true;
    return reply;
}

gr_reply gri_reply_raised(gr_req *req, int status, const char *text)
{
    return failure_raise(gri_reply_detail(req, status, text), 0, text);
}

static gr_reply not_an_error(gr_req *req, int status)
{
    return gri_reply_internal_error(req, "%d is no error status: use 400 to 599", status);
}

static bool is_error_status(int status)
{
    return status >= 400 && status <= 599;
}

static gr_reply error_reply(gr_req *req, int status, const char *fmt, va_list args)
{
    if (!is_error_status(status))
        return not_an_error(req, status);
    const char *text = gri_arena_vprintf(&req->x.arena, fmt, args);
    if (!text)
        return gri_reply_internal_error(req, "out of memory");
    gr_reply reply = gri_reply_detail(req, status, text);
    if (!reply.impl->spoilt)
        reply.impl->cause = text;
    return reply;
}

gr_reply gr_error(gr_req *req, int status, const char *fmt, ...)
{
    gri_req_check(req);
    va_list args;
    va_start(args, fmt);
    gr_reply reply = error_reply(req, status, fmt, args);
    va_end(args);
    return reply;
}

/* --- what gr_fail() records --- */

/* The first one wins: what is said of a later one is said of none. */
static bool failure_is_first(gr_req *req, struct gri_records **records)
{
    gri_req_check(req);
    *records = gri_records_of(req);
    (*records)->failure_is_past = (*records)->failure != NULL;
    return !(*records)->failure_is_past;
}

int gr_fail(gr_req *req, int status, const char *fmt, ...)
{
    struct gri_records *records;
    if (failure_is_first(req, &records)) {
        va_list args;
        va_start(args, fmt);
        records->failure = error_reply(req, status, fmt, args).impl;
        va_end(args);
    }
    return records->failure->response.status;
}

int gr_fail_json(gr_req *req, int status, json_t *detail)
{
    struct gri_records *records;
    if (failure_is_first(req, &records)) {
        gr_reply reply = is_error_status(status) ? json_detail(req, status, detail) : not_an_error(req, status);
        if (!reply.impl->spoilt)
            reply.impl->cause = gri_status_phrase(status);
        records->failure = reply.impl;
    }
    gr_json_free(detail);
    return records->failure->response.status;
}

int gr_fail_header(gr_req *req, const char *name, const char *value)
{
    gri_req_check(req);
    struct gri_records *records = gri_records_of(req);
    if (!records->failure)
        return GR_EINVAL;
    if (!records->failure_is_past && !records->failure->spoilt)
        records->failure = gr_with_header((gr_reply){records->failure}, name, value).impl;
    return records->failure->response.status;
}

static gr_reply busy(gr_req *req)
{
    gr_reply reply = has_problems(req) ? gri_reply_detail(req, 503, gri_status_phrase(503))
                                       : gr_with_status(gr_text(req, gri_status_phrase(503)), 503);
    return gr_with_header(reply, "retry-after", "1");
}

static gr_reply failure_left(gr_req *req)
{
    gr_reply reply = gri_reply_create(req, 499);
    reply.impl->none = true;
    return reply;
}

gr_reply gri_reply_timed_out(gr_req *req)
{
    gr_reply reply = gri_reply_detail(req, 504, gri_status_phrase(504));
    return failure_raise(reply, GR_ETIMEDOUT, gr_strerror(GR_ETIMEDOUT));
}

static gr_reply failure_of_code(gr_req *req, int rc)
{
    if (rc == GR_ETIMEDOUT)
        return gri_reply_timed_out(req);
    if (rc == GR_EBUSY)
        return failure_raise(busy(req), rc, gr_strerror(rc));
    gr_reply reply = gri_reply_internal_error(req, "failed with %d (%s)", rc, gr_strerror(rc));
    reply.impl->code = rc;
    return reply;
}

static gr_reply failure_of(gr_req *req, int rc)
{
    struct gr_reply_impl *failure = gri_records_of(req)->failure;
    if (rc > 0 && failure)
        return failure->is_worded ? (gr_reply){failure} : failure_raise((gr_reply){failure}, 0, failure->cause);
    if (rc > 0)
        return gri_reply_internal_error(req,
                                        "gr_failed(req, %d) without a gr_fail(): call gr_fail(req, %d, ...) where it "
                                        "fails, or return gr_error()",
                                        rc, rc);
    if (rc == 0)
        return gri_reply_internal_error(req, "gr_failed(req, 0) without a gr_fail(): 0 is no failure: return a reply");
    return rc == GR_ECANCELED ? failure_left(req) : failure_of_code(req, rc);
}

gr_reply gr_failed(gr_req *req, int rc)
{
    gri_req_check(req);
    gr_reply reply = failure_of(req, rc);
    reply.impl->failed = true;
    return reply;
}
