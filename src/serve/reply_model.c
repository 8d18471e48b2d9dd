/* Replies made of structs. */
#include <griddle/json.h>

#include "base/cold.h"
#include "schema/check.h"
#include "schema/decode.h"
#include "serve/req.h"

static void model_report(void *arg, const char *text)
{
    const gr_req *req = arg;
    gri_log(req->running->program.log, GRI_LOG_ERROR, "%s: %s", req->name, text);
}

/* A model that no operation declared is checked when it is first used. NULL: it is wrong, or memory is out. */
static GRI_COLD const struct gri_plan *model_make_plan(gr_req *req, const gr_model *model)
{
    struct gri_checker checker;
    gri_checker_init(&checker, model_report, req);
    int rc = gri_check_model(&checker, model, false);
    gri_checker_finish(&checker);
    return rc ? NULL : gri_schema_plan(req->running->program.schema, model);
}

static const struct gri_plan *plan_of(gr_req *req, const gr_model *model)
{
    if (req->op && req->op->response && req->op->response->model == model)
        return req->op->response;
    const struct gri_plan *plan = gri_schema_find(req->running->program.schema, model);
    return plan ? plan : model_make_plan(req, model);
}

/* What the operation leaves out of its response; of another model it leaves out nothing. */
static const struct gri_encode_options *options_of(const gr_req *req, const struct gri_plan *plan)
{
    const struct gri_op *op = req->op;
    return op && op->leaves_out && op->response == plan ? &op->response_options : NULL;
}

static gr_reply encoded(gr_req *req, const struct gri_buf *buf, int rc, const struct gri_culprit *culprit)
{
    if (rc == GR_ENOMEM || buf->failed)
        return gri_reply_internal_error(req, "out of memory");
    if (rc)
        return gri_reply_internal_error(req, "the reply does not fit its model: %s.%s: %s", culprit->model,
                                        culprit->field, culprit->why);
    return gri_reply_with_body(req, 200, GRI_STR("application/json"), (struct gri_str){buf->data, buf->len});
}

static GRI_COLD gr_reply no_plan(gr_req *req)
{
    return gri_reply_internal_error(
        req, "the model of the reply cannot be used: the lines above say why, or there was no memory");
}

gr_reply gr_reply_model(gr_req *req, const gr_model *model, const void *value)
{
    gri_req_check(req);
    struct gri_culprit culprit = {0};
    struct gri_steps steps;
    struct gri_buf buf;
    const struct gri_plan *plan = plan_of(req, model);
    if (!plan)
        return no_plan(req);
    gri_buf_init(&buf, &req->x.arena);
    gri_req_init_steps(req, &steps);
    int rc = gri_encode_struct(&buf, plan, value, options_of(req, plan), &steps, &culprit);
    gri_steps_finish(&steps);
    return encoded(req, &buf, rc, &culprit);
}

gr_reply gr_reply_models(gr_req *req, const gr_model *model, const void *values, size_t n)
{
    gri_req_check(req);
    struct gri_culprit culprit = {0};
    struct gri_steps steps;
    struct gri_buf buf;
    const struct gri_plan *plan = plan_of(req, model);
    if (!plan)
        return no_plan(req);
    gri_buf_init(&buf, &req->x.arena);
    gri_req_init_steps(req, &steps);
    int rc = gri_encode_structs(&buf, plan, values, n, options_of(req, plan), &steps, &culprit);
    gri_steps_finish(&steps);
    return encoded(req, &buf, rc, &culprit);
}

/* --- from a json_t --- */

/* ".owner.name", "[3].price": the first step is the body, which a reply does not have. */
static void put_place(const struct gri_error *error, struct gri_buf *buf)
{
    for (unsigned i = 1; i < error->n_loc; i++) {
        const struct gri_step_to *step = &error->loc[i];
        if (step->name)
            gri_buf_printf(buf, ".%.*s", (int)step->len, step->name);
        else
            gri_buf_printf(buf, "[%zu]", step->index);
    }
}

static GRI_COLD gr_reply misfit(gr_req *req, const struct gri_plan *plan, const struct gri_errors *errors)
{
    struct gri_buf buf;
    gri_buf_init(&buf, &req->x.arena);
    put_place(errors->kept[0], &buf);
    gri_buf_puts(&buf, ": ");
    gri_error_write_message(errors->kept[0], &buf);
    return gri_reply_internal_error(req, "the reply does not fit its model: %s%.*s", plan->model->name, (int)buf.len,
                                    buf.failed ? "" : buf.data);
}

/* An array of structs is a list member of an unnamed struct; one struct is its only member. */
static gr_reply read_and_encode(gr_req *req, const struct gri_plan *plan, const char *text, size_t len, bool list)
{
    static const gr_field none = {.name = ""};
    struct gri_errors errors;
    struct gri_steps steps;
    struct gri_decoding d = {.arena = &req->x.arena, .errors = &errors, .steps = &steps};
    struct gri_member root = {.field = &none, .type = GR_TYPE_OBJECT, .plan = (struct gri_plan *)(uintptr_t)plan};
    struct gri_sequence values = {NULL, 0};
    root.size = root.stride = plan->size;
    root.shape = list ? GR_SEQUENCE : 0;
    size_t size = list ? sizeof values : plan->size;
    void *to = list ? &values : gri_arena_alloc(&req->x.arena, size);
    gri_errors_init(&errors, &req->x.arena);
    if (!to)
        return gri_reply_internal_error(req, "out of memory");
    memset(to, 0, size);
    gri_req_init_steps(req, &steps);
    int rc = gri_decode(&d, text, len, &root, to, size);
    gri_steps_finish(&steps);
    gr_reply reply;
    if (rc || errors.count)
        reply = rc ? gri_reply_internal_error(req, "the reply is no JSON: %s", d.json_error.text)
                   : misfit(req, plan, &errors);
    else
        reply = list ? gr_reply_models(req, plan->model, values.at, values.len) : gr_reply_model(req, plan->model, to);
    json_decref(d.values);
    return reply;
}

/* A list may be what the model itself is; it is one of them where the operation says so. */
static bool is_whole(const gr_req *req, const struct gri_plan *plan)
{
    bool listed = req->op && req->op->response == plan && req->op->route->options.response_list;
    return plan && (plan->bare || plan->is_tuple) && !listed;
}

gr_reply gr_reply_model_json(gr_req *req, const gr_model *model, json_t *value)
{
    gri_req_check(req);
    struct gri_buf buf;
    const struct gri_plan *plan = plan_of(req, model);
    gri_buf_init(&buf, &req->x.arena);
    if (!value)
        return gri_reply_internal_error(req, "the reply's json_t is NULL: %s", gri_json_null_fault);
    int rc = gri_json_write_all(value, &buf);
    bool list = json_is_array(value) && !is_whole(req, plan);
    gr_json_free(value);
    if (!plan)
        return no_plan(req);
    if (rc)
        return gri_reply_internal_error(req, "the reply's json_t: %s", gri_json_write_fault(rc));
    return read_and_encode(req, plan, buf.data, buf.len, list);
}
