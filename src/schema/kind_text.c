#include "schema/kind_text.h"

#include "base/utf8.h"
#include "schema/bounds.h"
#include "schema/constant.h"
#include "schema/openapi_value.h"
#include "schema/text.h"

/* --- what a text has to be --- */

/* One text that takes too long is enough to refuse a request: the others are not looked at. */
static int check_text_pattern(const struct gri_reading *r)
{
    if (!r->m->pattern || r->steps->spent_by)
        return 0;
    int rc = gri_regex_matches(r->m->pattern, r->value->at, r->value->len, r->steps);
    if (rc == GR_EMSGSIZE) {
        r->steps->spent_by = r->m;
        return gri_refuse_as(r, GRI_STRING_PATTERN_LIMIT, r->field->pattern);
    }
    if (rc < 0)
        return rc;
    return rc ? 0 : gri_refuse_as(r, GRI_STRING_PATTERN_MISMATCH, r->field->pattern);
}

static int check_literal(const struct gri_reading *r)
{
    const char *const *literal = r->field->literal;
    if (!r->m->expected)
        return 0;
    for (size_t i = 0; i < sizeof r->field->literal / sizeof *literal && literal[i]; i++)
        if (strlen(literal[i]) == r->value->len && memcmp(literal[i], r->value->at, r->value->len) == 0)
            return 0;
    return gri_refuse_as(r, GRI_LITERAL_ERROR, r->m->expected);
}

static int check_text(const struct gri_reading *r)
{
    const gr_field *f = r->field;
    if (!r->m->checked)
        return 0;
    size_t chars = f->min_len || f->max_len ? gri_utf8_chars(r->value->at, r->value->len) : 0;
    int rc = gri_length_check(r, chars, GRI_STRING_TOO_SHORT, GRI_STRING_TOO_LONG);
    if (rc == 0)
        rc = check_text_pattern(r);
    return rc ? rc : check_literal(r);
}

/* A NUL would cut the C string short behind the handler's back. JSON's were refused before. */
static bool is_c_text(const struct gri_value *v)
{
    return gri_utf8_valid(v->at, v->len) && !memchr(v->at, '\0', v->len);
}

int gri_text_check(const struct gri_reading *r)
{
    if (r->value->kind != GRI_JSON_STRING)
        return gri_refuse_type(r);
    if (!r->value->owned && !is_c_text(r->value))
        return gri_refuse(r, GRI_STRING_UNICODE);
    return check_text(r);
}

/* A reply may be as long as the program likes: what one pass over its texts takes is not taken from the budget. */
static int check_made(const struct gri_member *m, const char *text, struct gri_steps *steps, enum gri_error_kind *kind)
{
    struct gri_error why = {.kind = GRI_STRING_TYPE};
    struct gri_value value = {GRI_JSON_STRING, false, true, text, strlen(text), false};
    struct gri_reading r = {m, m->field, &value, NULL, NULL, steps, &why};
    if (m->pattern)
        gri_steps_add(steps, gri_regex_one_pass(m->pattern, value.len));
    int rc = check_text(&r);
    *kind = why.kind;
    return rc;
}

/* --- const char * --- */

static int read_string(const struct gri_reading *r)
{
    const struct gri_value *v = r->value;
    int rc = gri_text_check(r);
    if (rc)
        return rc;
    const char *text = v->owned ? v->at : gri_arena_strndup(r->arena, v->at, v->len);
    if (!text)
        return GR_ENOMEM;
    memcpy(r->to, &text, sizeof text);
    return 0;
}

static const char *put_text(struct gri_buf *buf, const char *text)
{
    return gri_text_quote(buf, text, strlen(text)) ? NULL : "not UTF-8";
}

const char *gri_string_write(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    const char *text;
    memcpy(&text, at, sizeof text);
    if (!text && !m->may_be_null)
        return "NULL, but not optional";
    if (text)
        return put_text(buf, text);
    gri_buf_put(buf, "null", 4);
    return NULL;
}

int gri_string_check(const struct gri_member *m, const void *at, struct gri_steps *steps, enum gri_error_kind *kind)
{
    const char *text;
    memcpy(&text, at, sizeof text);
    return text ? check_made(m, text, steps, kind) : 0;
}

bool gri_string_takes(const gr_constant *c)
{
    return c->kind == GR_CONSTANT_STRING && c->s;
}

void gri_string_default(const struct gri_member *m, void *to)
{
    memcpy(to, &m->field->default_value.s, sizeof(char *));
}

/* --- char[N] --- */

static int read_chars(const struct gri_reading *r)
{
    const struct gri_value *v = r->value;
    int rc = gri_text_check(r);
    if (rc)
        return rc;
    if (v->len >= r->m->size)
        return gri_refuse_by(r, GRI_STRING_TOO_LONG, gri_constant_uint(r->m->size - 1));
    memcpy(r->to, v->at, v->len);
    memset((char *)r->to + v->len, 0, r->m->size - v->len);
    return 0;
}

static const char *write_chars(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    return memchr(at, '\0', m->size) ? put_text(buf, at) : "not NUL-terminated";
}

static int check_chars(const struct gri_member *m, const void *at, struct gri_steps *steps, enum gri_error_kind *kind)
{
    return check_made(m, at, steps, kind);
}

static void default_chars(const struct gri_member *m, void *to)
{
    memcpy(to, m->field->default_value.s, strlen(m->field->default_value.s) + 1);
}

/* --- what they document --- */

static void set_literals(struct gri_doc *doc, json_t *schema, const gr_field *f)
{
    if (!f->literal[0])
        return;
    if (!f->literal[1]) {
        gri_doc_set_text(doc, schema, "const", f->literal[0]);
        return;
    }
    json_t *values = gri_doc_array(doc);
    for (size_t i = 0; i < sizeof f->literal / sizeof *f->literal && f->literal[i]; i++)
        gri_doc_add(doc, values, gri_doc_text(doc, f->literal[i]));
    gri_doc_set(doc, schema, "enum", values);
}

json_t *gri_text_document(struct gri_doc *doc, const gr_field *f, size_t least, size_t most, const char *format)
{
    json_t *schema = gri_doc_typed(doc, "string");
    set_literals(doc, schema, f);
    gri_length_document(doc, schema, least, most);
    gri_doc_set_text(doc, schema, "pattern", f->pattern);
    gri_doc_set_text(doc, schema, "format", format);
    return schema;
}

static json_t *document_string(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)view;
    return gri_text_document(doc, f, f->min_len, f->max_len ? f->max_len : SIZE_MAX, NULL);
}

/* A char[N] holds N - 1 bytes, and so at most as many characters. */
static json_t *document_chars(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)view;
    size_t most = gri_value_size(f) - 1;
    return gri_text_document(doc, f, f->min_len, f->max_len && f->max_len < most ? f->max_len : most, NULL);
}

enum gri_exactness gri_string_exactness(const struct gri_value *value)
{
    (void)value;
    return GRI_EXACT;
}

int gri_string_compare(const void *a, const void *b)
{
    const char *s, *t;
    memcpy(&s, a, sizeof s);
    memcpy(&t, b, sizeof t);
    return strcmp(s, t);
}

const struct gri_kind gri_kind_string = {
    .size = sizeof(char *),
    .options = GRI_HAS_LENGTH | GRI_HAS_PATTERN,
    .type_error = GRI_STRING_TYPE,
    .read = read_string,
    .write = gri_string_write,
    .check = gri_string_check,
    .document = document_string,
    .takes = gri_string_takes,
    .compare = gri_string_compare,
    .put_default = gri_string_default,
    .exactness = gri_string_exactness,
    .label = "str",
    .constrained_label = "constrained-str",
};

const struct gri_kind gri_kind_chars = {
    .options = GRI_HAS_LENGTH | GRI_HAS_PATTERN,
    .type_error = GRI_STRING_TYPE,
    .read = read_chars,
    .write = write_chars,
    .check = check_chars,
    .document = document_chars,
    .takes = gri_string_takes,
    .put_default = default_chars,
    .exactness = gri_string_exactness,
    .label = "str",
    .constrained_label = "constrained-str",
};
