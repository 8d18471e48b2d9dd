#include "schema/constant.h"
#include "schema/kind.h"
#include "schema/openapi_value.h"
#include "schema/text.h"

/* A value without a name has its number on the wire, or what is read as one. */
static const gr_enum_value *enum_by_number(const struct gri_reading *r)
{
    const struct gri_choices *choices = &r->m->choices;
    struct gri_reading plain = *r;
    struct gri_error ignored;
    gr_constant number;
    plain.why = &ignored;
    if (choices->n == choices->n_named || gri_integer_read(&plain, &number) != 0)
        return NULL;
    bool fits = number.kind == GR_CONSTANT_INT || (number.kind == GR_CONSTANT_UINT && number.u <= INT64_MAX);
    return fits ? gri_choices_unnamed(choices, number.kind == GR_CONSTANT_INT ? number.i : (int64_t)number.u) : NULL;
}

static const gr_enum_value *enum_by_name(const struct gri_reading *r)
{
    struct gri_str name = {r->value->at, r->value->len};
    return r->value->kind == GRI_JSON_STRING ? gri_choices_named(&r->m->choices, name) : NULL;
}

static int read_enum(const struct gri_reading *r)
{
    const gr_enum_value *named = enum_by_name(r), *unnamed = enum_by_number(r);
    const gr_enum_value *value = named && (!unnamed || named < unnamed) ? named : unnamed;
    if (!value)
        return gri_refuse_type(r);
    gri_store_whole((uint64_t)value->value, r->m->size, r->to);
    return 0;
}

static const char *write_enum(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    const gr_enum_value *value = gri_choices_valued(&m->choices, gri_load_signed(at, m->size));
    if (!value)
        return "none of the enum's values";
    if (value->name)
        return gri_text_quote(buf, value->name, strlen(value->name)) ? NULL : "not UTF-8";
    gri_buf_put_i64(buf, value->value);
    return NULL;
}

static json_t *document_enum(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)view;
    return gri_doc_enum(doc, f->values);
}

static int64_t enum_constant(const gr_constant *c)
{
    return c->kind == GR_CONSTANT_UINT ? (int64_t)c->u : c->i;
}

static bool takes_enum(const gr_constant *c)
{
    return c->kind == GR_CONSTANT_INT || (c->kind == GR_CONSTANT_UINT && c->u <= INT64_MAX);
}

static void default_enum(const struct gri_member *m, void *to)
{
    gri_store_whole((uint64_t)enum_constant(&m->field->default_value), m->size, to);
}

static json_t *document_default_enum(struct gri_doc *doc, const gr_field *f)
{
    size_t i = 0;
    while (f->values->values[i].value != enum_constant(&f->default_value)) /* checked: it is there */
        i++;
    return gri_doc_enum_value(doc, &f->values->values[i]);
}

const struct gri_kind gri_kind_enum = {
    .type_error = GRI_ENUM,
    .read = read_enum,
    .write = write_enum,
    .document = document_enum,
    .takes = takes_enum,
    .put_default = default_enum,
    .document_default = document_default_enum,
};
