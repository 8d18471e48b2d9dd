#include <math.h>

#include "schema/bounds.h"
#include "schema/constant.h"
#include "schema/number.h"
#include "schema/openapi_value.h"

static int any_float(const struct gri_reading *r, double *number)
{
    switch (r->value->kind) {
    case GRI_JSON_NUMBER:
        gri_double_read(r->value->at, r->value->len, number);
        return 0;
    case GRI_JSON_STRING:
        return gri_double_read(r->value->at, r->value->len, number) ? 0 : gri_refuse(r, GRI_FLOAT_PARSING);
    case GRI_JSON_TRUE:
    case GRI_JSON_FALSE:
        *number = r->value->kind == GRI_JSON_TRUE;
        return 0;
    default:
        return gri_refuse_type(r);
    }
}

static int read_float(const struct gri_reading *r)
{
    double number;
    enum gri_error_kind kind;
    int rc = any_float(r, &number);
    if (rc)
        return rc;
    if (!isfinite(r->m->type == GR_TYPE_FLOAT ? (double)(float)number : number) && !r->field->allow_inf_nan)
        return gri_refuse(r, GRI_FINITE_NUMBER);
    gr_constant value = gri_constant_double(number);
    const gr_constant *bound = r->m->checked ? gri_bounds_broken(r->field, &value, &kind) : NULL;
    if (bound)
        return gri_refuse_by(r, kind, gri_constant_double(gri_constant_as_double(bound)));
    gri_constant_store(&value, r->m->type, r->to);
    return 0;
}

/* JSON has no other word for it. */
static const char *write_no_number(struct gri_buf *buf, const struct gri_member *m)
{
    if (!m->field->allow_inf_nan)
        return "NaN or infinity";
    gri_buf_put(buf, "null", 4);
    return NULL;
}

static const char *write_float(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    double value = gri_scalar_load(m, at).d;
    bool finite = m->type == GR_TYPE_FLOAT ? gri_float_write(buf, (float)value) : gri_double_write(buf, value);
    return finite ? NULL : write_no_number(buf, m);
}

static json_t *document_float(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    json_t *schema = gri_doc_typed(doc, "number");
    (void)view;
    gri_bounds_document(doc, schema, f, NULL, NULL);
    return schema;
}

/* An integer is also a float. */
static bool takes_number(const gr_constant *c)
{
    return c->kind == GR_CONSTANT_INT || c->kind == GR_CONSTANT_UINT ||
           (c->kind == GR_CONSTANT_DOUBLE && isfinite(c->d));
}

static void default_float(const struct gri_member *m, void *to)
{
    gri_constant_store(&m->field->default_value, m->type, to);
}

static enum gri_exactness float_exactness(const struct gri_value *value)
{
    if (value->kind != GRI_JSON_NUMBER)
        return GRI_LAX;
    return value->special ? GRI_EXACT : GRI_STRICT;
}

/* 0.0 and -0.0 are equal; what is no number comes behind all that are. */
#define COMPARE_FLOATS(name, type) \
    static int name(const void *a, const void *b) \
    { \
        type x, y; \
        memcpy(&x, a, sizeof x); \
        memcpy(&y, b, sizeof y); \
        if (isnan(x) && isnan(y)) \
            return memcmp(a, b, sizeof x); \
        return isnan(x) || isnan(y) ? !!isnan(x) - !!isnan(y) : (x > y) - (x < y); \
    }
COMPARE_FLOATS(compare_floats, float)
COMPARE_FLOATS(compare_doubles, double)

#define FLOAT_KIND(type, compares) \
    { \
        .size = sizeof(type), .options = GRI_HAS_BOUNDS | GRI_HAS_INF_NAN, .type_error = GRI_FLOAT_TYPE, \
        .read = read_float, .write = write_float, .check = gri_bounds_check, .document = document_float, \
        .takes = takes_number, .compare = (compares), .compare_constants = gri_constant_compare, \
        .put_default = default_float, .exactness = float_exactness, .label = "float", \
        .constrained_label = "constrained-float" \
    }

const struct gri_kind gri_kind_float = FLOAT_KIND(float, compare_floats);
const struct gri_kind gri_kind_double = FLOAT_KIND(double, compare_doubles);
