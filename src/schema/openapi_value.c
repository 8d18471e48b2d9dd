#include "schema/openapi_value.h"

#include "schema/constant.h"

static json_t *number(struct gri_doc *doc, const gr_constant *c)
{
    json_t *value = c->kind == GR_CONSTANT_DOUBLE || (c->kind == GR_CONSTANT_UINT && c->u > INT64_MAX)
                        ? json_real(gri_constant_as_double(c))
                        : json_integer(c->kind == GR_CONSTANT_UINT ? (json_int_t)c->u : c->i);
    if (!value && !doc->rc)
        doc->rc = GR_ENOMEM;
    return value;
}

static void spec_value_set_number(struct gri_doc *doc, json_t *schema, const char *key, const gr_constant *c)
{
    if (c->kind != GR_CONSTANT_NONE)
        gri_doc_set(doc, schema, key, number(doc, c));
}

/* --- types --- */

static const char *spec_value_type_of(gr_type type)
{
    if (gri_type_is_int(type))
        return "integer";
    if (gri_type_is_float(type))
        return "number";
    return type == GR_TYPE_BOOL ? "boolean" : "string";
}

static const char *format_of(const gr_field *f)
{
    static const char *const of_types[] = {
        [GR_TYPE_BYTES] = "binary",       [GR_TYPE_DATE] = "date",         [GR_TYPE_TIME] = "time",
        [GR_TYPE_DATETIME] = "date-time", [GR_TYPE_DURATION] = "duration", [GR_TYPE_UUID] = "uuid"};
    static const char *const of_formats[] = {[GR_FORMAT_URL] = "uri",
                                             [GR_FORMAT_HTTP_URL] = "uri",
                                             [GR_FORMAT_EMAIL] = "email",
                                             [GR_FORMAT_BASE64] = "base64"};
    gr_type type = gri_field_type(f);
    if (f->format)
        return of_formats[f->format];
    return type < sizeof of_types / sizeof *of_types ? of_types[type] : NULL;
}

/* --- what a value has to be beyond its type --- */

/* An integer that its member cannot hold is refused: of all but int64_t that says something. */
static void set_range(struct gri_doc *doc, json_t *schema, const gr_field *f)
{
    gr_type type = gri_field_type(f);
    gr_constant min = f->ge, max = f->le;
    bool narrow = gri_type_is_int(type) && gri_type_size(type) < sizeof(int64_t);
    if (min.kind == GR_CONSTANT_NONE && f->gt.kind == GR_CONSTANT_NONE && (narrow || gri_type_is_unsigned(type)))
        min = gri_type_min(type);
    if (max.kind == GR_CONSTANT_NONE && f->lt.kind == GR_CONSTANT_NONE && narrow)
        max = gri_type_max(type);
    spec_value_set_number(doc, schema, "multipleOf", &f->multiple_of);
    spec_value_set_number(doc, schema, "maximum", &max);
    spec_value_set_number(doc, schema, "exclusiveMaximum", &f->lt);
    spec_value_set_number(doc, schema, "minimum", &min);
    spec_value_set_number(doc, schema, "exclusiveMinimum", &f->gt);
}

/* A char[N] holds N - 1 bytes, and so at most as many characters. */
static size_t most_characters(const gr_field *f)
{
    size_t most = f->max_len ? f->max_len : SIZE_MAX;
    if (gri_field_type(f) == GR_TYPE_CHARS && gri_value_size(f) - 1 < most)
        most = gri_value_size(f) - 1;
    if (f->format == GR_FORMAT_HTTP_URL && !f->max_len)
        most = 2083;
    return most;
}

static void set_length(struct gri_doc *doc, json_t *schema, const gr_field *f)
{
    bool url = f->format == GR_FORMAT_URL || f->format == GR_FORMAT_HTTP_URL;
    size_t least = url && !f->min_len ? 1 : f->min_len, most = most_characters(f);
    if (most != SIZE_MAX)
        gri_doc_set(doc, schema, "maxLength", gri_doc_size(doc, most));
    if (least)
        gri_doc_set(doc, schema, "minLength", gri_doc_size(doc, least));
    gri_doc_set_text(doc, schema, "pattern", f->pattern);
}

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

json_t *gri_doc_value(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    gr_type type = gri_field_type(f);
    if (type == GR_TYPE_OBJECT)
        return gri_doc_model(doc, f->model(), view);
    if (type == GR_TYPE_ENUM)
        return gri_doc_enum(doc, f->values);
    json_t *schema = gri_doc_object(doc);
    if (type == GR_TYPE_JSON)
        return schema;
    gri_doc_set_text(doc, schema, "type", spec_value_type_of(type));
    set_literals(doc, schema, f);
    set_range(doc, schema, f);
    set_length(doc, schema, f);
    gri_doc_set_text(doc, schema, "format", format_of(f));
    return schema;
}

/* --- values --- */

json_t *gri_doc_enum_value(struct gri_doc *doc, const gr_enum_value *value)
{
    gr_constant c = gri_constant_int(value->value);
    return value->name ? gri_doc_text(doc, value->name) : number(doc, &c);
}

static json_t *enum_default(struct gri_doc *doc, const gr_enum *values, const gr_constant *c)
{
    size_t i = 0;
    while (values->values[i].value != (c->kind == GR_CONSTANT_UINT ? (int64_t)c->u : c->i)) /* checked: it is there */
        i++;
    return gri_doc_enum_value(doc, &values->values[i]);
}

json_t *gri_doc_default(struct gri_doc *doc, const gr_field *f)
{
    const gr_constant *c = &f->default_value;
    if (gri_field_type(f) == GR_TYPE_ENUM)
        return enum_default(doc, f->values, c);
    if (gri_field_type(f) == GR_TYPE_BOOL)
        return json_boolean(c->i != 0);
    return c->kind == GR_CONSTANT_STRING ? gri_doc_text(doc, c->s) : number(doc, c);
}
