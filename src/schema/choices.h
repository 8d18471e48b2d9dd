/* The values of an enum by name and by number, so that none is looked for among all. */
#ifndef GRI_SCHEMA_CHOICES_H
#define GRI_SCHEMA_CHOICES_H

#include <griddle/model.h>

#include "base/arena.h"
#include "base/str.h"

struct gri_choice {
    struct gri_str name;
    const gr_enum_value *value;
};

/* Of those that have the same name, or number, the first counts. */
struct gri_choices {
    struct gri_choice *by_name;     /* n_named, those with a name */
    const gr_enum_value **by_value; /* n, all */
    size_t n_named, n;
};

/* False: out of memory. */
bool gri_choices_init(struct gri_choices *choices, const gr_enum *values, struct gri_arena *arena);

/* NULL: there is none. */
const gr_enum_value *gri_choices_named(const struct gri_choices *choices, struct gri_str name);
const gr_enum_value *gri_choices_valued(const struct gri_choices *choices, int64_t value);

/* Of those without a name. */
const gr_enum_value *gri_choices_unnamed(const struct gri_choices *choices, int64_t value);

#endif
