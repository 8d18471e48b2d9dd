#include "base/cold.h"
#include "schema/absent.h"
#include "schema/constant.h"
#include "schema/decode.h"
#include "schema/text.h"
#include "serve/pairs.h"

/* An input on its way: what it comes from, and what was wrong. */
struct binding {
    gr_req *req;
    char *in;
    gr_source source;
    struct gri_pairs pairs;         /* of the source */
    const struct gri_member *model; /* of a struct that comes from it whole; or NULL */
    struct gri_error whole;         /* what such a struct got, as errors repeat it; made for the first */
    bool has_whole;
    struct gri_errors errors;
};

static const char *const sources[] = {[GR_IN_PATH] = "path",     [GR_IN_QUERY] = "query", [GR_IN_HEADER] = "header",
                                      [GR_IN_COOKIE] = "cookie", [GR_IN_FORM] = "body",   [GR_IN_BODY] = "body"};

/* Where an error lies: source, name, and the index in a list. */
static bool bind_locate(struct binding *b, struct gri_error *error, const struct gri_str *name, const size_t *index)
{
    struct gri_step_to *loc = gri_arena_alloc(&b->req->x.arena, 3 * sizeof *loc);
    if (!loc)
        return false;
    loc[0] = (struct gri_step_to){sources[b->source], strlen(sources[b->source]), 0};
    error->n_loc = 1;
    if (name)
        loc[error->n_loc++] = (struct gri_step_to){name->at, name->len, 0};
    if (index)
        loc[error->n_loc++] = (struct gri_step_to){NULL, 0, *index};
    error->loc = loc;
    return true;
}

static GRI_COLD int bind_add_error(struct binding *b, struct gri_error *error, const struct gri_str *name,
                                   const size_t *index)
{
    return bind_locate(b, error, name, index) && gri_errors_add(&b->errors, error) ? 0 : GR_ENOMEM;
}

static GRI_COLD void set_input(struct gri_error *error, const struct gri_member *m, const struct gri_str *text)
{
    error->form = GRI_INPUT_TEXT;
    error->input = text->at;
    error->input_len = text->len;
    if (m->field->secret || (m->plan && m->plan->has_secret))
        gri_error_hide(error);
}

static struct gri_value text_value(const struct gri_str *text)
{
    return (struct gri_value){GRI_JSON_STRING, false, false, text->at, text->len};
}

static inline int read_one(struct binding *b, const struct gri_member *m, const struct gri_str *text, char *to)
{
    struct gri_error error;
    struct gri_value value = text_value(text);
    int rc = gri_scalar_read_member(m, &value, to, &b->req->x.arena, &b->req->steps, &error);
    if (rc <= 0)
        return rc;
    set_input(&error, m, text);
    return bind_add_error(b, &error, &m->name, NULL);
}

/* What a model got, as an object. */
static GRI_COLD int write_whole(struct binding *b, struct gri_error *error)
{
    struct gri_buf buf;
    gri_buf_init(&buf, &b->req->x.arena);
    gri_buf_putc(&buf, '{');
    for (size_t i = 0; i < b->pairs.n; i++) {
        const struct gri_pair *pair = &b->pairs.at[i];
        if (!gri_pairs_counts(&b->pairs, pair))
            continue;
        if (buf.len > 1)
            gri_buf_putc(&buf, ',');
        bool fits = !memchr(pair->name.at, '\0', pair->name.len) && /* which few readers of JSON take in a key */
                    gri_text_quote(&buf, pair->name.at, pair->name.len);
        gri_buf_putc(&buf, ':');
        if (!fits || !gri_text_quote(&buf, pair->value.at, pair->value.len))
            return 0; /* null instead */
    }
    gri_buf_putc(&buf, '}');
    error->form = GRI_INPUT_JSON;
    error->input = buf.data;
    error->input_len = buf.len;
    return buf.failed ? GR_ENOMEM : 0;
}

/* What pydantic repeats for each member that is missing. */
static GRI_COLD int repeat_whole(struct binding *b, struct gri_error *error)
{
    int rc = b->has_whole ? 0 : write_whole(b, &b->whole);
    b->has_whole = true;
    error->form = b->whole.form;
    error->input = b->whole.input;
    error->input_len = b->whole.input_len;
    return rc;
}

static int bind_take_absent(struct binding *b, const struct gri_member *m, char *to)
{
    struct gri_error error = {.kind = GRI_MISSING};
    if (m->has_default)
        return gri_member_default(m, to, &b->req->x.arena);
    if (m->field->optional)
        return 0;
    if (b->model && !b->model->plan->has_secret && repeat_whole(b, &error))
        return GR_ENOMEM;
    return bind_add_error(b, &error, &m->name, NULL);
}

/* What a list got, as an array. */
static GRI_COLD int all_items(struct binding *b, const struct gri_named *items, struct gri_error *error)
{
    struct gri_buf buf;
    gri_buf_init(&buf, &b->req->x.arena);
    gri_buf_putc(&buf, '[');
    for (const struct gri_pair *pair = items->first; pair; pair = pair->next) {
        struct gri_str text = pair->value;
        if (buf.len > 1)
            gri_buf_putc(&buf, ',');
        size_t before = buf.len;
        if (gri_text_quote(&buf, text.at, text.len))
            continue;
        buf.len = before;
        gri_buf_puts(&buf, "null");
    }
    gri_buf_putc(&buf, ']');
    error->form = GRI_INPUT_JSON;
    error->input = buf.data;
    error->input_len = buf.len;
    return buf.failed ? GR_ENOMEM : 0;
}

static GRI_COLD int bind_wrong_count(struct binding *b, const struct gri_member *m, const struct gri_named *items,
                                     bool too_long)
{
    struct gri_error error = {.kind = too_long ? GRI_LIST_TOO_LONG : GRI_LIST_TOO_SHORT, .actual = items->n};
    error.limit = gri_constant_uint(too_long ? m->field->max_items : m->field->min_items);
    int rc = m->field->secret ? 0 : all_items(b, items, &error); /* null instead */
    return rc ? rc : bind_add_error(b, &error, &m->name, NULL);
}

static int read_item(struct binding *b, const struct gri_member *m, const struct gri_str *text, char *to, size_t index)
{
    struct gri_error error;
    struct gri_value value = text_value(text);
    int rc = gri_scalar_read(m, &value, to, &b->req->x.arena, &b->req->steps, &error);
    if (rc <= 0)
        return rc;
    set_input(&error, m, text);
    return bind_add_error(b, &error, &m->name, &index);
}

static int read_items(struct binding *b, const struct gri_member *m, const struct gri_named *items, char *to)
{
    char *values = gri_arena_alloc(&b->req->x.arena, gri_size_mul(items->n, m->stride));
    int rc = values ? 0 : GR_ENOMEM;
    const struct gri_pair *pair = items->first;
    for (size_t i = 0; rc == 0 && pair; i++, pair = pair->next)
        rc = read_item(b, m, &pair->value, values + i * m->stride, i);
    struct gri_sequence list = {values, items->n};
    memcpy(to, &list, sizeof list);
    return rc;
}

static int read_list(struct binding *b, const struct gri_member *m, const struct gri_named *items, char *to)
{
    size_t before = b->errors.count;
    if (m->field->max_items && items->n > m->field->max_items)
        return bind_wrong_count(b, m, items, true);
    int rc = read_items(b, m, items, to);
    if (rc == 0 && items->n < m->field->min_items && b->errors.count == before)
        rc = bind_wrong_count(b, m, items, false);
    return rc;
}

/* *given: whether there was a value. */
static int read_member(struct binding *b, const struct gri_member *m, char *to, bool *given)
{
    struct gri_named items;
    gri_pairs_take(&b->pairs, m, &items);
    *given = items.n > 0;
    if (items.n == 0)
        return bind_take_absent(b, m, to);
    if (m->shape & GR_SEQUENCE)
        return read_list(b, m, &items, to);
    return read_one(b, m, &gri_pairs_choose(&b->pairs, &items)->value, to);
}

static GRI_COLD int refuse_extra(struct binding *b)
{
    for (size_t i = 0; i < b->pairs.n; i++) {
        const struct gri_pair *pair = &b->pairs.at[i];
        if (pair->taken)
            continue;
        struct gri_error error = {
            .kind = GRI_EXTRA_FORBIDDEN, .form = GRI_INPUT_TEXT, .input = pair->value.at, .input_len = pair->value.len};
        int rc = bind_add_error(b, &error, &pair->name, NULL);
        if (rc)
            return rc;
    }
    return 0;
}

static int bind_validate(struct binding *b, const struct gri_plan *plan, const gr_field *field, const char *in,
                         size_t before)
{
    const char *text = NULL;
    if (field && field->validate && b->errors.count == before)
        text = field->validate(in);
    if (!text)
        return 0;
    struct gri_error error = {.kind = GRI_VALUE_ERROR, .limit = {.kind = GR_CONSTANT_STRING, .s = text}};
    int rc = plan->has_secret ? 0 : repeat_whole(b, &error);
    return rc ? rc : bind_add_error(b, &error, NULL, NULL);
}

/* A struct whose members come from one place. */
static int read_model(struct binding *b, const struct gri_member *model, char *to)
{
    const struct gri_plan *plan = model->plan;
    gr_set set = {plan->model, 0, 0};
    size_t before = b->errors.count;
    bool given;
    int rc = 0;
    b->model = model;
    for (size_t i = 0; i < b->pairs.n && plan->forbids_extra; i++)
        b->pairs.at[i].taken = false;
    for (unsigned i = 0; i < plan->n_members && rc == 0; i++) {
        rc = read_member(b, &plan->members[i], to + plan->members[i].offset, &given);
        set.given |= i < 64 ? (uint64_t)given << i : 0;
    }
    if (plan->set)
        memcpy(to + plan->set->offset, &set, sizeof set);
    if (rc == 0 && plan->forbids_extra)
        rc = refuse_extra(b);
    if (rc == 0)
        rc = bind_validate(b, plan, plan->self, to, before);
    if (rc == 0)
        rc = bind_validate(b, plan, model->field, to, before);
    b->model = NULL;
    return rc;
}

static int read_path(struct binding *b, const struct gri_member *m)
{
    const struct gri_op *op = b->req->op;
    unsigned i = 0;
    while (!gri_str_is(op->param_names[i], m->name)) /* checked at start: it is there */
        i++;
    return read_one(b, m, &b->req->params[i], b->in + m->offset);
}

/* A place is read for the first of the members that come from it. */
static int bind_member(struct binding *b, const struct gri_member *m)
{
    gr_source source = m->field->source;
    char *to = b->in + m->offset;
    bool given;
    if (source == GR_IN_PATH)
        return read_path(b, m);
    if (source != b->source) {
        b->source = source;
        b->has_whole = false;
        int rc = gri_pairs_read(b->req, source, &b->pairs);
        if (rc)
            return rc;
    }
    return m->plan ? read_model(b, m, to) : read_member(b, m, to, &given);
}

/* --- the body --- */

static int decode_body(struct binding *b, struct gri_str json)
{
    const struct gri_op *op = b->req->op;
    struct gri_decoding d = {.arena = &b->req->x.arena, .errors = &b->errors, .steps = &b->req->steps};
    int rc = gri_decode(&d, json.at, json.len, &op->body, b->in, op->input->struct_size);
    b->req->input_json = d.values;
    b->req->json_error = d.json_error;
    return rc;
}

static enum gri_error_kind type_error(const struct gri_member *m)
{
    if (m->shape & (GR_SEQUENCE | GR_FIXED))
        return GRI_LIST_TYPE;
    return m->shape & GR_MAPPING ? GRI_DICT_TYPE : GRI_MODEL_ATTRIBUTES_TYPE;
}

/* A body that does not say that it is JSON is a text, and as such most often the wrong type. */
static int bind_text(struct binding *b)
{
    const struct gri_member *m = &b->req->op->body;
    const struct gri_str *text = &b->req->body;
    struct gri_error error = {.kind = type_error(m)};
    struct gri_value value = text_value(text);
    if (m->plan && m->plan->embedded)
        return decode_body(b, GRI_STR("null"));
    int rc = m->plan || (m->shape & (GR_SEQUENCE | GR_MAPPING | GR_FIXED)) || m->type == GR_TYPE_JSON
                 ? 1
                 : gri_scalar_read_member(m, &value, b->in + m->offset, &b->req->x.arena, &b->req->steps, &error);
    if (rc <= 0)
        return rc;
    set_input(&error, m, text);
    return bind_add_error(b, &error, NULL, NULL);
}

static int bind_body(struct binding *b)
{
    const struct gri_op *op = b->req->op;
    b->source = GR_IN_BODY;
    if (b->req->body.len && !gri_body_is_json(b->req))
        return bind_text(b);
    if (b->req->body.len)
        return decode_body(b, b->req->body);
    if (op->body.has_default)
        return gri_member_default(&op->body, b->in + op->body.offset, &b->req->x.arena);
    return decode_body(b, GRI_STR("null"));
}

static int bind_all(struct binding *b)
{
    const struct gri_op *op = b->req->op;
    int rc = 0;
    for (unsigned i = 0; i < op->n_bound && rc == 0; i++)
        rc = bind_member(b, op->bound[i]);
    return rc;
}

/* Whoever runs the service has to know which pattern it was. */
static GRI_COLD void log_spent(const gr_req *req)
{
    const struct gri_member *m = req->steps.spent_by;
    gri_log(req->running->program.log, GRI_LOG_WARNING,
            "operation \"%s\": the pattern of \"%s\" takes more than the %zu steps of a request: answered 422",
            req->name, m->field->name, req->running->limits.pattern_steps);
}

static int bind_finish(struct binding *b, int rc)
{
    gri_steps_finish(&b->req->steps);
    if (rc == 0 && b->req->steps.spent_by)
        log_spent(b->req);
    if (rc == 0 && b->errors.count)
        rc = gri_fail_invalid(b->req, &b->errors);
    return rc;
}

int gri_bind(gr_req *req, const void **input)
{
    const struct gri_op *op = req->op;
    struct binding b;
    b.req = req;
    b.in = gri_arena_alloc(&req->x.arena, op->input->struct_size);
    b.source = GR_IN_PATH;
    b.model = NULL;
    b.has_whole = false;
    gri_errors_init(&b.errors, &req->x.arena);
    if (!b.in)
        return GR_ENOMEM;
    memset(b.in, 0, op->input->struct_size);
    *input = b.in;
    int rc = gri_fail_body(req, bind_all(&b));
    if (rc == 0 && op->has_body)
        rc = gri_fail_json(req, bind_body(&b), &req->json_error);
    return bind_finish(&b, rc);
}
