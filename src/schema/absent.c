#include "schema/absent.h"

#include <string.h>

#include "schema/kind.h"
#include "schema/scalar.h"

const max_align_t gr_nothing[1];

/* A program may write into what it was given: each time they are new. */
static int put_default_items(const struct gri_member *m, char *to, struct gri_arena *arena)
{
    struct gri_sequence list = m->defaults;
    size_t bytes = list.len * m->size;
    if (m->shape & GR_FIXED) {
        memcpy(to, list.at, bytes);
        return 0;
    }
    char *at = gri_arena_alloc(arena, bytes ? bytes : 1);
    if (!at)
        return GR_ENOMEM;
    list.at = memcpy(at, list.at, bytes);
    memcpy(to, &list, sizeof list);
    return 0;
}

static void put_empty(void *to)
{
    struct gri_sequence empty = gri_sequence_empty();
    memcpy(to, &empty, sizeof empty);
}

int gri_member_default(const struct gri_member *m, void *to, struct gri_arena *arena)
{
    if (m->field->default_list)
        return put_default_items(m, to, arena);
    if (!m->field->default_empty)
        return gri_scalar_default(m, to, arena);
    put_empty(to);
    return 0;
}

/* --- by the table alone --- */

static void absent_init_member(const gr_field *f, char *to)
{
    const struct gri_member m = {
        .field = f, .type = gri_field_type(f), .kind = gri_kind_of(f), .size = gri_value_size(f)};
    bool one = !(f->type & (GR_POINTER | GR_SEQUENCE | GR_MAPPING | GR_FIXED));
    if (one && m.type == GR_TYPE_OBJECT)
        gr_model_init(f->model(), to);
    else if (one && f->default_value.kind != GR_CONSTANT_NONE)
        gri_scalar_default(&m, to, NULL);
    else if (f->default_empty)
        put_empty(to);
}

/* As deep as structs lie in structs. */
void gr_model_init(const gr_model *model, void *value)
{
    memset(value, 0, model->struct_size);
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        gr_field own;
        const gr_field *f = gri_field_whole(model, at, &own);
        if (gri_field_on_wire(f) && gri_field_type(f) != GR_TYPE_ARM)
            absent_init_member(f, (char *)value + f->offset);
    }
}
