#include "schema/field.h"

static bool is_scalar_case(const gr_field *f)
{
    gr_type type = gri_field_type(f);
    return !f->model && type != GR_TYPE_JSON && !f->discriminate && !(f->type & (GR_SEQUENCE | GR_MAPPING | GR_FIXED));
}

bool gri_model_is_scalar(const gr_model *model)
{
    if (!gri_model_is_bare(model))
        return false;
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        gr_field own;
        if (!is_scalar_case(gri_field_whole(model, at, &own)))
            return false;
    }
    return true;
}
