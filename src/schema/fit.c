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

void gri_fit_add_scalar(struct gri_fit *fit, const struct gri_member *m, const struct gri_value *value)
{
    enum gri_exactness exactness = m->kind->exactness ? m->kind->exactness(value) : GRI_LAX;
    gri_fit_add(fit, &(struct gri_fit){exactness, false, 0});
}
