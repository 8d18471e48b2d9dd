#include "schema/choices.h"

#include <stdlib.h>

static int compare_name(struct gri_str a, struct gri_str b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return a.len ? memcmp(a.at, b.at, a.len) : 0;
}

static int declared_first(const gr_enum_value *p, const gr_enum_value *q, int order)
{
    return order ? order : p < q ? -1 : p > q;
}

static int choices_by_name(const void *a, const void *b)
{
    const struct gri_choice *p = a, *q = b;
    return declared_first(p->value, q->value, compare_name(p->name, q->name));
}

static int choices_by_value(const void *a, const void *b)
{
    const gr_enum_value *const *p = a, *const *q = b;
    return declared_first(*p, *q, ((*p)->value > (*q)->value) - ((*p)->value < (*q)->value));
}

bool gri_choices_init(struct gri_choices *choices, const gr_enum *values, struct gri_arena *arena)
{
    size_t n = values->n_values + 1;
    *choices = (struct gri_choices){
        .by_name = gri_arena_alloc(arena, gri_size_mul(n, sizeof *choices->by_name)),
        .by_value = gri_arena_alloc(arena, gri_size_mul(n, sizeof *choices->by_value)),
    };
    if (!choices->by_name || !choices->by_value)
        return false;
    for (size_t i = 0; i < values->n_values; i++) {
        const gr_enum_value *value = &values->values[i];
        choices->by_value[choices->n++] = value;
        if (value->name)
            choices->by_name[choices->n_named++] = (struct gri_choice){gri_str_from(value->name), value};
    }
    qsort(choices->by_name, choices->n_named, sizeof *choices->by_name, choices_by_name);
    qsort(choices->by_value, choices->n, sizeof *choices->by_value, choices_by_value);
    return true;
}

const gr_enum_value *gri_choices_named(const struct gri_choices *choices, struct gri_str name)
{
    size_t low = 0, high = choices->n_named;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_name(choices->by_name[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < choices->n_named && gri_str_is(choices->by_name[low].name, name);
    return found ? choices->by_name[low].value : NULL;
}

/* Where those of that value begin. */
static size_t find_value(const struct gri_choices *choices, int64_t value)
{
    size_t low = 0, high = choices->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (choices->by_value[middle]->value < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const gr_enum_value *gri_choices_valued(const struct gri_choices *choices, int64_t value)
{
    size_t at = find_value(choices, value);
    return at < choices->n && choices->by_value[at]->value == value ? choices->by_value[at] : NULL;
}

const gr_enum_value *gri_choices_unnamed(const struct gri_choices *choices, int64_t value)
{
    size_t at = find_value(choices, value);
    for (; at < choices->n && choices->by_value[at]->value == value; at++)
        if (!choices->by_value[at]->name)
            return choices->by_value[at];
    return NULL;
}

const char *gr_enum_name(const gr_enum *values, int64_t value)
{
    for (size_t i = 0; i < values->n_values; i++)
        if (values->values[i].value == value)
            return values->values[i].name;
    return NULL;
}

bool gr_enum_find(const gr_enum *values, const char *name, int64_t *value)
{
    for (size_t i = 0; i < values->n_values; i++)
        if (values->values[i].name && strcmp(values->values[i].name, name) == 0) {
            *value = values->values[i].value;
            return true;
        }
    return false;
}
