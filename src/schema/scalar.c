#include "schema/scalar.h"

#include "schema/constant.h"
#include "schema/distinct.h"
#include "schema/kind.h"

enum { LARGEST = sizeof(gr_decimal) }; /* of what a member can point to */

enum gri_error_kind gri_scalar_type_error(const struct gri_member *m)
{
    return m->field->literal[0] ? GRI_LITERAL_ERROR : m->kind->type_error;
}

enum gri_error_kind gri_member_type_error(const struct gri_member *m)
{
    if (m->shape & GR_MAPPING)
        return GRI_DICT_TYPE;
    if (m->shape & (GR_SEQUENCE | GR_FIXED))
        return m->field->dedupe ? GRI_SET_TYPE : GRI_LIST_TYPE;
    return m->plan && m->plan->is_tuple ? GRI_TUPLE_TYPE : GRI_MODEL_ATTRIBUTES_TYPE;
}

size_t gri_member_least(const struct gri_member *m)
{
    return m->shape & GR_FIXED ? m->count : m->field->min_items;
}

size_t gri_member_most(const struct gri_member *m)
{
    return m->shape & GR_FIXED ? m->count : m->field->max_items ? m->field->max_items : SIZE_MAX;
}

struct gri_error gri_member_count_error(const struct gri_member *m, size_t n, bool too_long)
{
    bool set = m->field->dedupe, map = m->shape & GR_MAPPING;
    struct gri_error error = {.actual = set && too_long ? SIZE_MAX : n};
    error.limit = gri_constant_uint(too_long ? gri_member_most(m) : gri_member_least(m));
    if (too_long)
        error.kind = map ? GRI_DICT_TOO_LONG : set ? GRI_SET_TOO_LONG : GRI_LIST_TOO_LONG;
    else
        error.kind = map ? GRI_DICT_TOO_SHORT : set ? GRI_SET_TOO_SHORT : GRI_LIST_TOO_SHORT;
    return error;
}

int gri_scalar_read(const struct gri_member *m, const struct gri_value *value, void *to, struct gri_arena *arena,
                    struct gri_steps *steps, struct gri_error *why)
{
    struct gri_reading r = {m, m->field, value, to, arena, steps, why};
    int rc = m->kind->read(&r);
    if (rc || !m->checked || !m->field->validate)
        return rc;
    const char *text = m->field->validate(to);
    return text ? gri_refuse_as(&r, GRI_VALUE_ERROR, text) : 0;
}

/* What a member points to: the value, moved to memory of its own. */
static int store_pointer(void *to, const void *value, size_t size, struct gri_arena *arena)
{
    void *at = gri_arena_alloc(arena, size);
    if (!at)
        return GR_ENOMEM;
    memcpy(at, value, size);
    memcpy(to, &at, sizeof at);
    return 0;
}

int gri_scalar_read_member(const struct gri_member *m, const struct gri_value *value, void *to, struct gri_arena *arena,
                           struct gri_steps *steps, struct gri_error *why)
{
    _Alignas(8) char own[LARGEST];
    if (!(m->shape & GR_POINTER))
        return gri_scalar_read(m, value, to, arena, steps, why);
    int rc = gri_scalar_read(m, value, own, arena, steps, why);
    return rc ? rc : store_pointer(to, own, m->size, arena);
}

int gri_scalar_default(const struct gri_member *m, void *to, struct gri_arena *arena)
{
    _Alignas(8) char own[LARGEST];
    m->kind->put_default(m, m->shape & GR_POINTER ? own : to);
    return m->shape & GR_POINTER ? store_pointer(to, own, m->size, arena) : 0;
}

gr_constant gri_scalar_load(const struct gri_member *m, const void *at)
{
    if (gri_type_is_float(m->type))
        return gri_constant_double(gri_load_float(at, m->type));
    if (gri_type_is_unsigned(m->type))
        return gri_constant_uint(gri_load_unsigned(at, m->size));
    return gri_constant_int(gri_load_signed(at, m->size));
}

/* Of a char array, which may be longer than any other value, what stands behind its NUL says nothing. */
bool gri_scalar_is_default(const struct gri_member *m, const void *at)
{
    _Alignas(8) char own[LARGEST];
    const char *text = at;
    if (m->type == GR_TYPE_STRING)
        memcpy(&text, at, sizeof text);
    if (m->type == GR_TYPE_STRING || m->type == GR_TYPE_CHARS)
        return text && strcmp(text, m->field->default_value.s) == 0;
    m->kind->put_default(m, own);
    return gri_value_compare(m, own, at) == 0;
}

int gri_scalar_check(const struct gri_member *m, const void *at, struct gri_steps *steps, enum gri_error_kind *kind)
{
    return m->kind->check ? m->kind->check(m, at, steps, kind) : 0;
}
