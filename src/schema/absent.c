#include "schema/absent.h"

#include <string.h>

#include "schema/scalar.h"

const max_align_t gr_nothing[1];

int gri_member_default(const struct gri_member *m, void *to, struct gri_arena *arena)
{
    struct gri_sequence empty = gri_sequence_empty();
    if (!m->field->default_empty)
        return gri_scalar_default(m, to, arena);
    memcpy(to, &empty, sizeof empty);
    return 0;
}
