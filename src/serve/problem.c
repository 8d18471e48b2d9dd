/* Problem details for HTTP APIs: RFC 9457. */
#include <griddle/json.h>

#include "http/status.h"
#include "schema/text.h"
#include "serve/failure.h"

static bool problem_is_replaced(const struct gri_problem *problem, const char *name)
{
    return json_object_get(problem->members, name) != NULL; /* NULL where they are no object */
}

static bool problem_put_text(const struct gri_problem *problem, struct gri_buf *buf, const char *name,
                             struct gri_str text)
{
    if (problem_is_replaced(problem, name))
        return true;
    size_t before = buf->len;
    gri_buf_printf(buf, ",\"%s\":", name);
    if (gri_text_quote(buf, text.at, text.len))
        return true;
    buf->len = before;
    return false;
}

static int problem_put_value(struct gri_buf *buf, const char *name, json_t *value)
{
    gri_buf_putc(buf, ',');
    if (!gri_text_quote(buf, name, strlen(name)))
        return GR_EINVAL;
    gri_buf_putc(buf, ':');
    return gri_json_write_all(value, buf);
}

static int problem_put_members(struct gri_buf *buf, json_t *members)
{
    const char *name;
    json_t *value;
    if (members && !json_is_object(members))
        return problem_put_value(buf, "errors", members);
    int rc = 0;
    json_object_foreach(members, name, value)
    {
        if (strcmp(name, "status") != 0)
            rc = rc ? rc : problem_put_value(buf, name, value);
    }
    return rc;
}

int gri_problem_write(const gr_req *req, const struct gri_problem *problem, struct gri_buf *buf)
{
    const char *phrase = gri_status_phrase(problem->status), *detail = problem->detail ? problem->detail : phrase;
    gri_buf_printf(buf, "{\"status\":%d", problem->status);
    problem_put_text(problem, buf, "type", GRI_STR("about:blank"));
    problem_put_text(problem, buf, "title", gri_str_from(phrase));
    if (!problem_put_text(problem, buf, "detail", gri_str_from(detail)))
        return GR_EINVAL;
    if (!req->refused && req->target.raw_path.len) /* left out where it is no text that JSON could hold */
        (void)problem_put_text(problem, buf, "instance", req->target.raw_path);
    int rc = problem_put_members(buf, problem->members);
    if (problem->errors.len) {
        gri_buf_puts(buf, ",\"errors\":");
        gri_buf_put(buf, problem->errors.at, problem->errors.len);
    }
    gri_buf_putc(buf, '}');
    return rc ? rc : buf->failed ? GR_ENOMEM : 0;
}

void gri_problem_place(struct gr_reply_impl *impl)
{
    struct gri_buf buf;
    gr_req *req = impl->req;
    if (!req->running->program.app->problem_details)
        return;
    gri_buf_init(&buf, &req->x.arena);
    if (gri_problem_write(req, &(struct gri_problem){.status = 500}, &buf) == 0)
        impl->response.body = (struct gri_str){buf.data, buf.len};
}

/* One that needs no memory. */
#define FIXED_PROBLEM(code, phrase) \
    ((struct gri_response){.status = code, \
                           .content_type = GRI_STR("application/problem+json"), \
                           .body = GRI_STR("{\"status\":" #code ",\"type\":\"about:blank\",\"title\":\"" phrase \
                                           "\",\"detail\":\"" phrase "\"}")})

struct gri_response gri_response_internal_error(const gr_app *app)
{
    if (app->problem_details)
        return FIXED_PROBLEM(500, "Internal Server Error");
    return (struct gri_response){
        .status = 500, .content_type = GRI_STR("text/plain; charset=utf-8"), .body = GRI_STR("Internal Server Error")};
}

struct gri_response gri_response_timed_out(void)
{
    return FIXED_PROBLEM(504, "Gateway Timeout");
}
