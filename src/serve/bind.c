#include "schema/absent.h"
#include "schema/decode.h"
#include "schema/text.h"
#include "serve/binding.h"

static inline int read_one(struct binding *b, const struct gri_member *m, const struct gri_str *text, char *to)
{
    struct gri_error error;
    struct gri_value value = gri_bind_value(text);
    int rc = gri_scalar_read_member(m, &value, to, b->arena, &b->steps, &error);
    if (rc <= 0)
        return rc;
    gri_bind_repeat(b, &error, m, text);
    return gri_bind_error(b, &error, &m->name, NULL);
}

static int bind_take_absent(struct binding *b, const struct gri_member *m, char *to)
{
    if (m->has_default)
        return gri_member_default(m, to, b->arena);
    return m->field->optional ? 0 : gri_bind_missing(b, m);
}

/* --- what is more than one text, or no scalar --- */

static int read_several(struct binding *b, const struct gri_member *m, struct gri_named *items, char *to)
{
    gr_style style = m->field->style;
    int rc = style ? gri_pairs_cut(b->req, b->arena, b->source, style, items) : 0;
    return rc ? rc : gri_bind_list(b, m, items, to);
}

static int read_other(struct binding *b, const struct gri_member *m, const struct gri_pair *pair,
                      struct gri_named *items, char *to)
{
    if (m->plan && !m->plan->bare)
        return gri_bind_tuple(b, m, items, to);
    if (m->shape & GR_SEQUENCE)
        return read_several(b, m, items, to);
    return m->plan ? gri_bind_bare(b, m, &pair->value, to, &m->name, NULL)
                   : gri_bind_untyped(b, m, &pair->value, to, NULL);
}

/* *given: whether there was a value. */
static GRI_HOT int read_member(struct binding *b, const struct gri_member *m, char *to, bool *given)
{
    struct gri_named items;
    gri_pairs_take(&b->pairs, m, &items);
    const struct gri_pair *pair = gri_pairs_choose(&b->pairs, &items);
    *given = pair && !gri_bind_is_blank(b, m, pair);
    if (!*given)
        return bind_take_absent(b, m, to);
    return m->single ? read_one(b, m, &pair->value, to) : read_other(b, m, pair, &items, to);
}

/* --- structs whose members come from one place --- */

static int bind_validate(struct binding *b, const gr_field *field, const char *in, size_t before)
{
    bool asked = field && field->validate && b->errors.count == before;
    const char *text = asked ? field->validate(in) : NULL;
    return text ? gri_bind_value_error(b, text) : 0;
}

static int read_model(struct binding *b, const struct gri_member *model, char *to)
{
    const struct gri_plan *plan = model->plan;
    gr_set set = {plan->model, 0, 0};
    size_t before = b->errors.count;
    bool given;
    int rc = 0;
    b->model = model;
    b->secret = model->field->secret;
    b->has_whole = false;
    for (unsigned i = 0; i < plan->n_members && rc == 0; i++) {
        rc = read_member(b, &plan->members[i], to + plan->members[i].offset, &given);
        set.given |= i < 64 ? (uint64_t)given << i : 0;
    }
    if (plan->set)
        memcpy(to + plan->set->offset, &set, sizeof set);
    if (rc == 0 && plan->forbids_extra)
        rc = gri_bind_extra(b);
    if (rc == 0)
        rc = bind_validate(b, plan->self, to, before);
    if (rc == 0)
        rc = bind_validate(b, model->field, to, before);
    b->model = NULL;
    b->secret = false;
    return rc;
}

static int read_deep(struct binding *b, const struct gri_member *model, char *to)
{
    struct gri_pairs outer = b->pairs;
    int rc = gri_pairs_deep(b->arena, &outer, model->name, &b->pairs);
    b->within = &model->name;
    rc = rc ? rc : read_model(b, model, to);
    b->within = b->of_case = NULL;
    b->pairs = outer;
    return rc;
}

static int read_struct(struct binding *b, const struct gri_member *model, char *to)
{
    return model->field->style == GR_STYLE_DEEP_OBJECT ? read_deep(b, model, to) : read_model(b, model, to);
}

static int read_path(struct binding *b, const struct gri_member *m, const struct gri_str *text, char *to)
{
    if (m->single)
        return read_one(b, m, text, to);
    struct gri_pair pair = {.value = *text};
    struct gri_named items = {&pair, &pair, 1};
    return read_other(b, m, &pair, &items, to);
}

/* A place is read for the first of the members that come from it. */
static int bind_member(struct binding *b, unsigned i)
{
    const struct gri_intake *intake = b->intake;
    const struct gri_member *m = intake->bound[i];
    gr_source source = m->field->source;
    char *to = b->in + m->offset;
    bool given;
    if (source == GR_IN_PATH)
        return read_path(b, m, &b->req->params[intake->bound_params[i]], to);
    if (source != b->source) {
        b->source = source;
        int rc = gri_pairs_read(b->req, b->arena, source, &b->pairs);
        if (rc)
            return rc;
    }
    bool whole = m->plan && !m->plan->bare && !m->plan->is_tuple;
    return whole ? read_struct(b, m, to) : read_member(b, m, to, &given);
}

/* --- the body --- */

static int decode_body(struct binding *b, struct gri_str json)
{
    const struct gri_intake *intake = b->intake;
    struct gri_decoding d = {.arena = b->arena, .errors = &b->errors, .steps = &b->steps, .values = b->values};
    d.limits = &b->req->op->json_limits;
    int rc = gri_decode(&d, json.at, json.len, &intake->body, b->in, intake->input->struct_size);
    b->values = d.values;
    b->json_error = d.json_error;
    return rc;
}

/* A body that does not say that it is JSON is a text, and as such most often the wrong type. */
static int bind_text(struct binding *b)
{
    const struct gri_member *m = &b->intake->body;
    const struct gri_str *text = &b->req->body;
    struct gri_error error = {.kind = gri_member_type_error(m)};
    struct gri_value value = gri_bind_value(text);
    if (m->plan && m->plan->embedded)
        return decode_body(b, GRI_STR("null"));
    if (m->plan && gri_model_is_scalar(m->plan->model) && !(m->shape & ~(unsigned)GR_POINTER))
        return gri_bind_bare(b, m, text, b->in + m->offset, NULL, NULL);
    int rc = m->plan || (m->shape & (GR_SEQUENCE | GR_MAPPING | GR_FIXED)) || m->type == GR_TYPE_JSON
                 ? 1
                 : gri_scalar_read_member(m, &value, b->in + m->offset, b->arena, &b->steps, &error);
    if (rc <= 0)
        return rc;
    gri_bind_repeat(b, &error, m, text);
    return gri_bind_error(b, &error, NULL, NULL);
}

static int bind_no_body(struct binding *b)
{
    const struct gri_member *m = &b->intake->body;
    struct gri_error missing = {.kind = GRI_MISSING};
    if (m->plan && m->plan->embedded)
        return decode_body(b, GRI_STR("null"));
    if (m->has_default)
        return gri_member_default(m, b->in + m->offset, b->arena);
    return m->field->optional ? 0 : gri_bind_error(b, &missing, NULL, NULL);
}

static int bind_body(struct binding *b)
{
    b->source = GR_IN_BODY;
    if (!b->req->body.len)
        return bind_no_body(b);
    return gri_body_is_json(b->req) ? decode_body(b, b->req->body) : bind_text(b);
}

static int bind_all(struct binding *b)
{
    int rc = 0;
    for (unsigned i = 0; i < b->intake->n_bound && rc == 0; i++)
        rc = bind_member(b, i);
    return rc;
}

int gri_binding_fill(struct binding *b, const struct gri_intake *intake, char *in)
{
    b->intake = intake;
    b->in = in;
    b->source = GR_IN_PATH;
    int rc = bind_all(b);
    if (rc == 0 && intake->has_body)
        b->json_rc = bind_body(b);
    return rc;
}

int gri_binding_close(struct binding *b, int rc)
{
    if (rc == 0 && b->json_rc == 0 && b->errors.count)
        rc = gri_invalid_make(&b->invalid, b->req->running->program.app, &b->errors);
    gri_steps_finish(&b->steps);
    return rc;
}

static int bind_make(struct binding *b)
{
    const struct gri_intake *intake = &b->req->op->intake;
    size_t size = intake->input->struct_size;
    char *in = gri_arena_alloc(b->arena, size);
    if (!in)
        return GR_ENOMEM;
    return gri_binding_close(b, gri_binding_fill(b, intake, memset(in, 0, size)));
}

/* --- from the request, and for it --- */

void gri_binding_begin(struct binding *b, const gr_req *req, struct gri_arena *arena)
{
    b->req = req;
    b->arena = arena;
    b->in = NULL;
    b->model = NULL;
    b->within = b->of_case = NULL;
    b->secret = false;
    b->values = req->input_json;
    b->json_rc = 0;
    b->invalid.values = NULL;
    gri_errors_init(&b->errors, arena);
    gri_req_init_steps(req, &b->steps);
}

/* Whoever runs the service has to know which pattern it was. */
static GRI_COLD void log_spent(const struct binding *b)
{
    const gr_req *req = b->req;
    gri_log(req->running->program.log, GRI_LOG_WARNING,
            "operation \"%s\": the pattern of \"%s\" takes more than the %zu steps of a request: answered 422",
            req->name, b->steps.spent_by->field->name, req->running->limits.pattern_steps);
}

GRI_COLD int gri_binding_refuse(gr_req *req, struct binding *b, int rc)
{
    rc = gri_fail_body(req, rc);
    if (rc == 0)
        rc = gri_fail_json_body(req, b->json_rc, &b->json_error);
    if (rc == 0 && b->steps.spent_by)
        log_spent(b);
    if (rc == 0)
        return gri_invalid_record(req, &b->invalid);
    gri_invalid_drop(&b->invalid);
    return rc;
}

static int bind_end(gr_req *req, struct binding *b, int rc, const void **input)
{
    *input = b->in;
    req->input_json = b->values;
    return rc || b->json_rc || b->errors.count ? gri_binding_refuse(req, b, rc) : 0;
}

int gri_bind(gr_req *req, const void **input)
{
    struct binding b;
    gri_binding_begin(&b, req, &req->x.arena);
    return bind_end(req, &b, bind_make(&b), input);
}

static int bind_on_thread(void *arg)
{
    return bind_make(arg);
}

int gri_bind_on_pool(gr_co co, gr_req *req, const void **input)
{
    struct binding b;
    struct gri_arena own;
    gri_arena_init(&own, NULL, 0);
    gri_binding_begin(&b, req, &own);
    int rc = gri_offload_for_us(co, bind_on_thread, &b);
    gri_arena_join(&req->x.arena, &own);
    return bind_end(req, &b, rc, input);
}
