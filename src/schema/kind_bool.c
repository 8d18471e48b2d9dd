#include <math.h>

#include "schema/constant.h"
#include "schema/kind.h"
#include "schema/number.h"
#include "schema/openapi_value.h"

static int store_bool(const struct gri_reading *r, bool value)
{
    memcpy(r->to, &value, sizeof value);
    return 0;
}

static int bool_from_text(const struct gri_reading *r)
{
    static const char *const words[] = {"true", "t", "yes", "y", "on", "1", "false", "f", "no", "n", "off", "0"};
    struct gri_str text = {r->value->at, r->value->len};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (gri_str_is_nocase(text, gri_str_from(words[i])))
            return store_bool(r, i < 6);
    return gri_refuse(r, GRI_BOOL_PARSING);
}

static int bool_from_number(const struct gri_reading *r)
{
    double number;
    gri_double_read(r->value->at, r->value->len, &number);
    if (number == 0 || number == 1)
        return store_bool(r, number == 1);
    return gri_refuse(r, number == floor(number) ? GRI_BOOL_PARSING : GRI_BOOL_TYPE);
}

static int read_bool(const struct gri_reading *r)
{
    switch (r->value->kind) {
    case GRI_JSON_TRUE:
    case GRI_JSON_FALSE:
        return store_bool(r, r->value->kind == GRI_JSON_TRUE);
    case GRI_JSON_NUMBER:
        return bool_from_number(r);
    case GRI_JSON_STRING:
        return bool_from_text(r);
    default:
        return gri_refuse_type(r);
    }
}

static const char *write_bool(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    (void)m;
    gri_buf_puts(buf, *at ? "true" : "false");
    return NULL;
}

static json_t *document_bool(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)f;
    (void)view;
    return gri_doc_typed(doc, "boolean");
}

/* true and false are 1 and 0 in C11. */
static bool takes_bool(const gr_constant *c)
{
    return c->kind == GR_CONSTANT_BOOL || (c->kind == GR_CONSTANT_INT && (c->i == 0 || c->i == 1));
}

static void default_bool(const struct gri_member *m, void *to)
{
    gri_constant_store(&m->field->default_value, GR_TYPE_BOOL, to);
}

static json_t *document_default_bool(struct gri_doc *doc, const gr_field *f)
{
    (void)doc;
    return json_boolean(f->default_value.i != 0);
}

static enum gri_exactness bool_exactness(const struct gri_value *value)
{
    return value->kind == GRI_JSON_TRUE || value->kind == GRI_JSON_FALSE ? GRI_EXACT : GRI_LAX;
}

const struct gri_kind gri_kind_bool = {
    .size = sizeof(bool),
    .type_error = GRI_BOOL_TYPE,
    .read = read_bool,
    .write = write_bool,
    .document = document_bool,
    .takes = takes_bool,
    .put_default = default_bool,
    .document_default = document_default_bool,
    .exactness = bool_exactness,
    .label = "bool",
};
