#include "schema/kind.h"

int gri_refuse(const struct gri_reading *r, enum gri_error_kind kind)
{
    *r->why = (struct gri_error){.kind = kind};
    return 1;
}

int gri_refuse_by(const struct gri_reading *r, enum gri_error_kind kind, gr_constant limit)
{
    *r->why = (struct gri_error){.kind = kind, .limit = limit};
    return 1;
}

int gri_refuse_as(const struct gri_reading *r, enum gri_error_kind kind, const char *text)
{
    return gri_refuse_by(r, kind, (gr_constant){.kind = GR_CONSTANT_STRING, .s = text});
}

int gri_refuse_type(const struct gri_reading *r)
{
    enum gri_error_kind kind = gri_scalar_type_error(r->m);
    return r->m->expected ? gri_refuse_as(r, kind, r->m->expected) : gri_refuse(r, kind);
}
