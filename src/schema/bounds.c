#include "schema/bounds.h"

#include <math.h>

#include "schema/constant.h"
#include "schema/openapi_value.h"

/* --- numbers --- */

/* Whether an integer is a multiple, exactly; the sign does not matter. */
static bool is_whole_multiple(const gr_constant *value, const gr_constant *of)
{
    uint64_t size = value->kind == GR_CONSTANT_UINT ? value->u
                    : value->i < 0                  ? 0 - (uint64_t)value->i
                                                    : (uint64_t)value->i;
    uint64_t step = of->kind == GR_CONSTANT_UINT ? of->u : (uint64_t)of->i;
    return size % step == 0;
}

/* pydantic's own test: the remainder is nothing beside the value. */
static bool is_float_multiple(double value, double step)
{
    double rem = fmod(value, step), threshold = fabs(value) / 1e9;
    return !(fabs(rem) > threshold && fabs(fabs(rem) - fabs(step)) > threshold); /* of NaN and infinity nothing is */
}

static bool is_multiple(const gr_constant *value, const gr_constant *of)
{
    if (value->kind == GR_CONSTANT_DOUBLE || of->kind == GR_CONSTANT_DOUBLE)
        return is_float_multiple(gri_constant_as_double(value), gri_constant_as_double(of));
    return is_whole_multiple(value, of);
}

/* Which keeps no bound. */
static bool is_nan(const gr_constant *value)
{
    return value->kind == GR_CONSTANT_DOUBLE && isnan(value->d);
}

const gr_constant *gri_bounds_broken(const gr_field *f, const gr_constant *value, enum gri_error_kind *kind)
{
    if (f->multiple_of.kind && !is_multiple(value, &f->multiple_of))
        return *kind = GRI_MULTIPLE_OF, &f->multiple_of;
    bool nan = is_nan(value);
    if (f->le.kind && (nan || gri_constant_compare(value, &f->le) > 0))
        return *kind = GRI_LESS_THAN_EQUAL, &f->le;
    if (f->lt.kind && (nan || gri_constant_compare(value, &f->lt) >= 0))
        return *kind = GRI_LESS_THAN, &f->lt;
    if (f->ge.kind && (nan || gri_constant_compare(value, &f->ge) < 0))
        return *kind = GRI_GREATER_THAN_EQUAL, &f->ge;
    if (f->gt.kind && (nan || gri_constant_compare(value, &f->gt) <= 0))
        return *kind = GRI_GREATER_THAN, &f->gt;
    return NULL;
}

int gri_bounds_check(const struct gri_member *m, const void *at, struct gri_steps *steps, enum gri_error_kind *kind)
{
    gr_constant value = gri_scalar_load(m, at);
    (void)steps;
    return gri_bounds_broken(m->field, &value, kind) != NULL;
}

static void document_bound(struct gri_doc *doc, json_t *schema, const char *key, const gr_constant *c)
{
    if (c && c->kind != GR_CONSTANT_NONE)
        gri_doc_set(doc, schema, key, gri_doc_number(doc, c));
}

void gri_bounds_document(struct gri_doc *doc, json_t *schema, const gr_field *f, const gr_constant *min,
                         const gr_constant *max)
{
    bool below = f->ge.kind != GR_CONSTANT_NONE || f->gt.kind != GR_CONSTANT_NONE;
    bool above = f->le.kind != GR_CONSTANT_NONE || f->lt.kind != GR_CONSTANT_NONE;
    document_bound(doc, schema, "multipleOf", &f->multiple_of);
    document_bound(doc, schema, "maximum", above ? &f->le : max);
    document_bound(doc, schema, "exclusiveMaximum", &f->lt);
    document_bound(doc, schema, "minimum", below ? &f->ge : min);
    document_bound(doc, schema, "exclusiveMinimum", &f->gt);
}

/* --- lengths --- */

int gri_length_check(const struct gri_reading *r, size_t len, enum gri_error_kind too_short,
                     enum gri_error_kind too_long)
{
    if (len < r->field->min_len)
        return gri_refuse_by(r, too_short, gri_constant_uint(r->field->min_len));
    if (r->field->max_len && len > r->field->max_len)
        return gri_refuse_by(r, too_long, gri_constant_uint(r->field->max_len));
    return 0;
}

void gri_length_document(struct gri_doc *doc, json_t *schema, size_t least, size_t most)
{
    if (most != SIZE_MAX)
        gri_doc_set(doc, schema, "maxLength", gri_doc_size(doc, most));
    if (least)
        gri_doc_set(doc, schema, "minLength", gri_doc_size(doc, least));
}
