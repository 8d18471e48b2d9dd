#include "schema/openapi_value.h"

#include "schema/constant.h"
#include "schema/kind.h"

json_t *gri_doc_number(struct gri_doc *doc, const gr_constant *c)
{
    json_t *value = c->kind == GR_CONSTANT_DOUBLE || (c->kind == GR_CONSTANT_UINT && c->u > INT64_MAX)
                        ? json_real(gri_constant_as_double(c))
                        : json_integer(c->kind == GR_CONSTANT_UINT ? (json_int_t)c->u : c->i);
    if (!value && !doc->rc)
        doc->rc = GR_ENOMEM;
    return value;
}

json_t *gri_doc_typed(struct gri_doc *doc, const char *type)
{
    json_t *schema = gri_doc_object(doc);
    gri_doc_set_text(doc, schema, "type", type);
    return schema;
}

json_t *gri_doc_formatted(struct gri_doc *doc, const char *format)
{
    json_t *schema = gri_doc_typed(doc, "string");
    gri_doc_set_text(doc, schema, "format", format);
    return schema;
}

json_t *gri_doc_enum_value(struct gri_doc *doc, const gr_enum_value *value)
{
    gr_constant c = gri_constant_int(value->value);
    return value->name ? gri_doc_text(doc, value->name) : gri_doc_number(doc, &c);
}

json_t *gri_doc_value(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    return gri_kind_of(f)->document(doc, f, view);
}

json_t *gri_doc_default(struct gri_doc *doc, const gr_field *f)
{
    const struct gri_kind *kind = gri_kind_of(f);
    const gr_constant *c = &f->default_value;
    if (kind->document_default)
        return kind->document_default(doc, f);
    return c->kind == GR_CONSTANT_STRING ? gri_doc_text(doc, c->s) : gri_doc_number(doc, c);
}
