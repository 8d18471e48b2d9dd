/* What an input got wrong, as FastAPI tells it: where, and what came. */
#include "compile/needs.h"
#include "schema/constant.h"
#include "schema/number.h"
#include "schema/text.h"
#include "serve/binding.h"

static const char *const sources[] = {[GR_IN_PATH] = "path",     [GR_IN_QUERY] = "query", [GR_IN_HEADER] = "header",
                                      [GR_IN_COOKIE] = "cookie", [GR_IN_FORM] = "body",   [GR_IN_BODY] = "body"};

/* Source, name, the index in a list, and the case of a union. */
static bool bind_locate(struct binding *b, struct gri_error *error, const struct gri_str *name, const size_t *index)
{
    struct gri_step_to *loc = gri_arena_alloc(b->arena, 5 * sizeof *loc);
    if (!loc)
        return false;
    loc[0] = (struct gri_step_to){sources[b->source], strlen(sources[b->source]), 0};
    error->n_loc = 1;
    if (b->within)
        loc[error->n_loc++] = (struct gri_step_to){b->within->at, b->within->len, 0};
    if (name)
        loc[error->n_loc++] = (struct gri_step_to){name->at, name->len, 0};
    if (index)
        loc[error->n_loc++] = (struct gri_step_to){NULL, 0, *index};
    if (b->of_case)
        loc[error->n_loc++] = (struct gri_step_to){b->of_case->at, b->of_case->len, 0};
    error->loc = loc;
    return true;
}

int gri_bind_error(struct binding *b, struct gri_error *error, const struct gri_str *name, const size_t *index)
{
    return bind_locate(b, error, name, index) && gri_errors_add(&b->errors, error) ? 0 : GR_ENOMEM;
}

static bool is_bound_secret(const struct binding *b, const struct gri_member *m)
{
    return b->secret || m->field->secret || (m->plan && m->plan->has_secret);
}

void gri_bind_repeat(const struct binding *b, struct gri_error *error, const struct gri_member *m,
                     const struct gri_str *text)
{
    error->form = GRI_INPUT_TEXT;
    error->input = text->at;
    error->input_len = text->len;
    if (is_bound_secret(b, m))
        gri_error_hide(error);
}

/* --- what came, as JSON --- */

static int repeat_json(struct gri_error *error, struct gri_buf *buf)
{
    error->form = GRI_INPUT_JSON;
    error->input = buf->data;
    error->input_len = buf->len;
    return buf->failed ? GR_ENOMEM : 0;
}

static void repeat_items(struct gri_buf *buf, const struct gri_named *items)
{
    gri_buf_putc(buf, '[');
    for (const struct gri_pair *pair = items->first; pair; pair = pair->next) {
        size_t before = buf->len + (pair != items->first);
        if (pair != items->first)
            gri_buf_putc(buf, ',');
        if (gri_text_quote(buf, pair->value.at, pair->value.len))
            continue;
        buf->len = before;
        gri_buf_puts(buf, "null");
    }
    gri_buf_putc(buf, ']');
}

/* A secret one is not: null instead. */
int gri_bind_list_error(struct binding *b, const struct gri_member *m, const struct gri_named *items,
                        struct gri_error *error, const size_t *index)
{
    struct gri_buf buf;
    bool secret = is_bound_secret(b, m);
    gri_buf_init(&buf, b->arena);
    if (!secret)
        repeat_items(&buf, items);
    int rc = secret ? 0 : repeat_json(error, &buf);
    return rc ? rc : gri_bind_error(b, error, &m->name, index);
}

/* --- what a struct got, as an object --- */

static void mark_members(struct binding *b, const struct gri_member *m)
{
    struct gri_named named;
    gri_pairs_take(&b->pairs, m, &named);
    for (struct gri_pair *pair = named.first; pair; pair = pair->next)
        pair->extra = false;
    bool missing = named.n == 0 && !m->has_default && !m->field->optional;
    for (size_t i = 0; i < b->pairs.n && missing && b->pairs.nocase; i++)
        if (gri_str_is_nocase(b->pairs.at[i].name, m->name))
            b->pairs.at[i].extra = false;
}

static void mark_secret(struct binding *b, const struct gri_member *m)
{
    struct gri_named named;
    gri_pairs_take(&b->pairs, m, &named);
    for (struct gri_pair *pair = named.first; pair; pair = pair->next)
        pair->secret = true;
}

/* NAME[member], and NAME by itself: all of them, as what is below a secret is in a body. */
static bool is_of_deep(struct gri_str name, struct gri_str of)
{
    return name.len >= of.len && memcmp(name.at, of.at, of.len) == 0 && (name.len == of.len || name.at[of.len] == '[');
}

static void mark_deep_secrets(struct binding *b, const struct gri_member *m)
{
    for (size_t i = 0; i < b->pairs.n; i++)
        if (is_of_deep(b->pairs.at[i].name, m->name))
            b->pairs.at[i].secret = true;
}

static void mark_struct_secrets(struct binding *b, const struct gri_member *m)
{
    for (unsigned i = 0; i < m->plan->n_members; i++)
        if (m->field->secret || is_bound_secret(b, &m->plan->members[i]))
            mark_secret(b, &m->plan->members[i]);
}

/* All cookies stand in one field. */
static void mark_cookies(struct binding *b)
{
    for (size_t i = 0; i < b->pairs.n && b->source == GR_IN_HEADER; i++)
        if (gri_str_is_nocase(b->pairs.at[i].name, GRI_STR("cookie")))
            b->pairs.at[i].secret = true;
}

static void mark_bound_secret(struct binding *b, const struct gri_member *m)
{
    if (m->field->source == GR_IN_COOKIE)
        mark_cookies(b);
    if (m->field->source != b->source)
        return;
    if (m->field->style == GR_STYLE_DEEP_OBJECT)
        mark_deep_secrets(b, m);
    else if (m->plan && !m->plan->bare && !m->plan->is_tuple)
        mark_struct_secrets(b, m);
    else
        mark_secret(b, m);
}

static void mark_secrets_of(struct binding *b, const struct gri_intake *intake)
{
    for (unsigned i = 0; i < intake->n_bound; i++)
        if (is_bound_secret(b, intake->bound[i]))
            mark_bound_secret(b, intake->bound[i]);
}

/* What is a secret of another member stays one where this struct has no member of its name: of a dependency's, too. */
static void mark_secrets_of_others(struct binding *b)
{
    const struct gri_op *op = b->req->op;
    if (b->within)
        return;
    mark_secrets_of(b, &op->intake);
    for (unsigned i = 0; op->needs && i < op->needs->n; i++)
        mark_secrets_of(b, &op->needs->at[i].intake);
}

/* Finds out which pairs are none of the struct's members. A header field that has a member's name with its underscores
 * is not read, and FastAPI does not mention it: where the member is missing that says enough, elsewhere it is told. */
static void find_extra(struct binding *b)
{
    const struct gri_plan *plan = b->model->plan;
    for (size_t i = 0; i < b->pairs.n; i++)
        b->pairs.at[i].extra = true;
    for (unsigned i = 0; i < plan->n_members; i++)
        mark_members(b, &plan->members[i]);
    mark_secrets_of_others(b);
}

/* False: it is no text that JSON has. */
static bool repeat_key(struct gri_buf *buf, struct gri_str name, bool lower)
{
    if (memchr(name.at, '\0', name.len)) /* which few readers of JSON take in a key */
        return false;
    gri_buf_puts(buf, buf->len > 1 ? "," : "");
    size_t at = buf->len;
    bool fits = gri_text_quote(buf, name.at, name.len);
    for (; fits && lower && at < buf->len && !buf->failed; at++)
        buf->data[at] = gri_lower(buf->data[at]);
    gri_buf_putc(buf, ':');
    return fits;
}

static bool repeat_text(struct gri_buf *buf, const struct gri_pair *pair)
{
    return gri_text_quote(buf, pair->value.at, pair->value.len);
}

static bool repeat_default(struct gri_buf *buf, const struct gri_member *m)
{
    const gr_constant *c = &m->field->default_value;
    int64_t number = c->kind == GR_CONSTANT_UINT ? (int64_t)c->u : c->i;
    const gr_enum_value *value = m->type == GR_TYPE_ENUM ? gri_choices_valued(&m->choices, number) : NULL;
    const char *text = value ? value->name : c->kind == GR_CONSTANT_STRING ? c->s : NULL;
    if (text)
        return gri_text_quote(buf, text, strlen(text));
    if (m->shape & GR_SEQUENCE)
        gri_buf_puts(buf, m->field->default_list ? m->field->default_list : "[]");
    else if (m->type == GR_TYPE_BOOL)
        gri_buf_puts(buf, c->i ? "true" : "false");
    else if (c->kind == GR_CONSTANT_UINT)
        gri_buf_put_u64(buf, c->u);
    else if (c->kind == GR_CONSTANT_DOUBLE)
        return gri_double_write(buf, c->d);
    else
        gri_buf_put_i64(buf, c->i);
    return true;
}

static bool repeat_member(struct binding *b, struct gri_buf *buf, const struct gri_member *m)
{
    struct gri_named named;
    gri_pairs_take(&b->pairs, m, &named);
    const struct gri_pair *pair = named.n ? gri_pairs_choose(&b->pairs, &named) : NULL;
    bool absent = !pair || gri_bind_is_blank(b, m, pair);
    if (absent && !m->has_default)
        return true;
    if (!repeat_key(buf, m->name, false))
        return false;
    if (absent)
        return repeat_default(buf, m);
    if (!(m->shape & GR_SEQUENCE))
        return repeat_text(buf, pair);
    repeat_items(buf, &named);
    return true;
}

/* Cookies are a dict of Python, which keeps the last of a name; all else keeps them all. */
static const struct gri_pair *only_value(const struct binding *b, const struct gri_named *named)
{
    return b->source == GR_IN_COOKIE || named->n == 1 ? named->last : NULL;
}

static bool repeat_extra(struct binding *b, struct gri_buf *buf, const struct gri_pair *pair)
{
    struct gri_named named;
    gri_pairs_alike(&b->pairs, pair, &named);
    const struct gri_pair *only = only_value(b, &named);
    if (!repeat_key(buf, pair->name, b->pairs.nocase))
        return false;
    if (pair->secret)
        gri_buf_puts(buf, "\"" GRI_HIDDEN "\"");
    else if (only)
        return repeat_text(buf, only);
    else
        repeat_items(buf, &named);
    return true;
}

/* pydantic is given the members first, with their defaults, and then what else there is. */
static int write_whole(struct binding *b, struct gri_error *error)
{
    struct gri_buf buf;
    const struct gri_plan *plan = b->model->plan;
    bool fits = true;
    find_extra(b);
    *error = (struct gri_error){.form = GRI_INPUT_NULL};
    gri_buf_init(&buf, b->arena);
    gri_buf_putc(&buf, '{');
    for (unsigned i = 0; i < plan->n_members && fits; i++)
        fits = repeat_member(b, &buf, &plan->members[i]);
    for (size_t i = 0; i < b->pairs.n && fits; i++)
        if (b->pairs.at[i].extra && gri_pairs_leads(&b->pairs, &b->pairs.at[i]))
            fits = repeat_extra(b, &buf, &b->pairs.at[i]);
    gri_buf_putc(&buf, '}');
    return fits ? repeat_json(error, &buf) : 0;
}

/* What pydantic repeats for each member that is missing. */
static int repeat_whole(struct binding *b, struct gri_error *error)
{
    if (b->secret || b->model->plan->has_secret)
        return 0;
    int rc = b->has_whole ? 0 : write_whole(b, &b->whole);
    b->has_whole = true;
    error->form = b->whole.form;
    error->input = b->whole.input;
    error->input_len = b->whole.input_len;
    return rc;
}

int gri_bind_missing(struct binding *b, const struct gri_member *m)
{
    struct gri_error error = {.kind = GRI_MISSING};
    int rc = b->model ? repeat_whole(b, &error) : 0;
    return rc ? rc : gri_bind_error(b, &error, &m->name, NULL);
}

int gri_bind_value_error(struct binding *b, const char *text)
{
    struct gri_error error = {.kind = GRI_VALUE_ERROR, .limit = {.kind = GR_CONSTANT_STRING, .s = text}};
    int rc = repeat_whole(b, &error);
    return rc ? rc : gri_bind_error(b, &error, NULL, NULL);
}

static int refuse_pair(struct binding *b, const struct gri_pair *pair)
{
    struct gri_buf buf;
    struct gri_named named;
    struct gri_error error = {.kind = GRI_EXTRA_FORBIDDEN, .form = GRI_INPUT_TEXT};
    char *lower = gri_arena_strndup(b->arena, pair->name.at, pair->name.len);
    for (size_t i = 0; lower && i < pair->name.len && b->pairs.nocase; i++)
        lower[i] = gri_lower(lower[i]);
    gri_pairs_alike(&b->pairs, pair, &named);
    const struct gri_pair *only = only_value(b, &named);
    error.input = only ? only->value.at : NULL;
    error.input_len = only ? only->value.len : 0;
    gri_buf_init(&buf, b->arena);
    if (!only)
        repeat_items(&buf, &named);
    int rc = !lower ? GR_ENOMEM : only ? 0 : repeat_json(&error, &buf);
    if (b->secret || pair->secret)
        gri_error_hide(&error);
    return rc ? rc : gri_bind_error(b, &error, &(struct gri_str){lower, pair->name.len}, NULL);
}

int gri_bind_extra(struct binding *b)
{
    int rc = 0;
    find_extra(b);
    for (size_t i = 0; i < b->pairs.n && rc == 0; i++)
        if (b->pairs.at[i].extra && gri_pairs_leads(&b->pairs, &b->pairs.at[i]))
            rc = refuse_pair(b, &b->pairs.at[i]);
    return rc;
}
