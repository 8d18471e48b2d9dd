#include "schema/field.h"

#include <string.h>

const gr_field *gri_field_copy(const gr_model *model, const gr_field *field, gr_field *own)
{
    *own = (gr_field){0};
    memcpy(own, field, model->field_size);
    return own;
}

const gr_field *gri_model_self(const gr_model *model, gr_field *own)
{
    const gr_field *f = model ? model->fields : NULL;
    while (f && f->name && gri_field_type(f) != GR_TYPE_SELF)
        f = gri_field_next(model, f);
    return f && f->name ? gri_field_whole(model, f, own) : NULL;
}

bool gri_model_is_tuple(const gr_model *model)
{
    gr_field own;
    const gr_field *self = gri_model_self(model, &own);
    return self && self->tuple;
}

/* The bit of the member at `offset`; 0: there is none, or it is beyond the 64th. */
static uint64_t bit_of(const gr_model *model, size_t offset)
{
    uint64_t bit = 1;
    for (const gr_field *f = model ? model->fields : NULL; f && f->name; f = gri_field_next(model, f)) {
        if (!gri_field_on_wire(f))
            continue;
        if (f->offset == offset)
            return bit;
        bit <<= 1;
    }
    return 0;
}

bool gr_set_has(const gr_set *set, size_t offset)
{
    return set->given & bit_of(set->model, offset);
}

bool gr_set_is_null(const gr_set *set, size_t offset)
{
    return set->null & bit_of(set->model, offset);
}

void gr_set_mark(gr_set *set, const gr_model *model, size_t offset)
{
    set->model = model;
    set->given |= bit_of(model, offset);
}
