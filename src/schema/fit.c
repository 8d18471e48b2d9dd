#include "schema/fit.h"

bool gri_fit_is_better(const struct gri_fit *a, const struct gri_fit *before)
{
    if (a->has_structs && before->has_structs && a->given != before->given)
        return a->given > before->given;
    return a->exactness > before->exactness;
}

void gri_fit_add(struct gri_fit *fit, const struct gri_fit *part)
{
    if (part->exactness < fit->exactness)
        fit->exactness = part->exactness;
    fit->has_structs = fit->has_structs || part->has_structs;
    fit->given += part->given;
}

void gri_fit_add_struct(struct gri_fit *fit, size_t given)
{
    gri_fit_add(fit, &(struct gri_fit){GRI_STRICT, true, given});
}

static enum gri_exactness exactness_of_text(const gr_field *f)
{
    return f->format == GR_FORMAT_URL || f->format == GR_FORMAT_HTTP_URL ? GRI_LAX : GRI_EXACT;
}

static enum gri_exactness exactness_of_float(const struct gri_value *value)
{
    if (value->kind != GRI_JSON_NUMBER)
        return GRI_LAX;
    return value->special ? GRI_EXACT : GRI_STRICT;
}

/* What pydantic makes of a text, a number or a bool of Python: forms and names of enums are all conversions. */
static enum gri_exactness exactness_of(const struct gri_member *m, const struct gri_value *value)
{
    if (gri_type_is_int(m->type))
        return value->kind == GRI_JSON_NUMBER && !value->special ? GRI_EXACT : GRI_LAX;
    if (gri_type_is_float(m->type))
        return exactness_of_float(value);
    switch (m->type) {
    case GR_TYPE_BOOL:
        return value->kind == GRI_JSON_TRUE || value->kind == GRI_JSON_FALSE ? GRI_EXACT : GRI_LAX;
    case GR_TYPE_STRING:
    case GR_TYPE_CHARS:
        return exactness_of_text(m->field);
    case GR_TYPE_JSON:
        return GRI_STRICT;
    default:
        return GRI_LAX;
    }
}

void gri_fit_add_scalar(struct gri_fit *fit, const struct gri_member *m, const struct gri_value *value)
{
    gri_fit_add(fit, &(struct gri_fit){exactness_of(m, value), false, 0});
}
