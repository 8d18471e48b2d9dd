#include "http/status.h"
#include "serve/invalid.h"

static bool may_lack_type(const gr_req *req)
{
    return req->running->program.app->lax_content_type || req->op->route->options.lax_content_type;
}

/* application/json or any +json, as FastAPI reads it; parameters do not matter. */
bool gri_body_is_json(const gr_req *req)
{
    const struct gri_header_field *field = gri_head_find(&req->x.head, GRI_STR("Content-Type"));
    if (!field || !field->value.len)
        return may_lack_type(req);
    struct gri_str rest, type = gri_str_trim(gri_str_cut(field->value, ';', &rest));
    bool plus_json = type.len > 5 && gri_str_is_nocase((struct gri_str){type.at + type.len - 5, 5}, GRI_STR("+json"));
    return plus_json || gri_str_is_nocase(type, GRI_STR("application/json"));
}

/* What is short and takes long to read is bounded by how long a body may be, so that no byte of it takes more than some
 * 220 instructions: tests/fuzz/slow.c looks for what does. */
struct gri_json_limits gri_body_limits(size_t most)
{
    enum { LEAST = 1 << 18, BYTES_A_VALUE = 8, BYTES_BUILT = 12, BYTES_A_GUESS = 2 };
    size_t bytes = most > LEAST ? most : LEAST;
    return (struct gri_json_limits){
        .values = bytes / BYTES_A_VALUE, .built = bytes / BYTES_BUILT, .guesses = bytes / BYTES_A_GUESS};
}

static void body_parse(struct gri_parsed *parsed, struct gri_str body, size_t most_values)
{
    struct gri_json_limits limits = {.values = most_values};
    parsed->value = gri_json_parse(body.at, body.len, &limits, &parsed->error, &parsed->rc);
    parsed->done = true;
}

struct body_trip {
    struct gri_str body;
    size_t most_values;
    struct gri_parsed parsed;
};

static int parse_on_thread(void *arg)
{
    struct body_trip *trip = arg;
    body_parse(&trip->parsed, trip->body, trip->most_values);
    return 0;
}

/* A coroutine beside this one may have asked meanwhile, and has the value that it was given. */
int gri_body_parse_on_pool(gr_co co, gr_req *req)
{
    struct body_trip trip = {.body = req->body, .most_values = req->op->json_limits.built};
    int rc = gri_offload_for_us(co, parse_on_thread, &trip);
    if (req->json.done)
        json_decref(trip.parsed.value);
    else
        req->json = trip.parsed;
    return rc;
}

int gri_fail_body(gr_req *req, int rc)
{
    if (rc <= 0)
        return rc;
    const char *text = gri_status_phrase(rc);
    if (rc == 400)
        text = "There was an error parsing the body";
    else if (rc == 415)
        text = "multipart/form-data is not read: send application/x-www-form-urlencoded";
    return gr_fail(req, rc, "%s", text);
}

int gri_fail_json_body(gr_req *req, int rc, const struct gri_json_error *error)
{
    if (rc == 0 || rc == GR_ENOMEM || rc == GR_ECANCELED)
        return rc;
    if (rc == -EILSEQ)
        return gr_fail(req, 400, "There was an error parsing the body");
    struct gri_errors errors;
    gri_errors_init(&errors, &req->x.arena);
    rc = gri_errors_json_invalid(&errors, error);
    return rc ? rc : gri_fail_invalid(req, &errors);
}

static int fail_missing(gr_req *req)
{
    static const struct gri_step_to loc = {"body", 4, 0};
    struct gri_errors errors;
    gri_errors_init(&errors, &req->x.arena);
    bool added = gri_errors_add(&errors, &(struct gri_error){.kind = GRI_MISSING, .loc = &loc, .n_loc = 1});
    return added ? gri_fail_invalid(req, &errors) : GR_ENOMEM;
}

int gr_body_json(gr_req *req, json_t **value)
{
    gri_req_check(req);
    if (req->body.len && !req->json.done)
        body_parse(&req->json, req->body, req->op->json_limits.built);
    *value = req->json.value;
    if (*value)
        return 0;
    return req->body.len ? gri_fail_json_body(req, req->json.rc, &req->json.error) : fail_missing(req);
}
