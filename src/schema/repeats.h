/* Lists whose items are all different. */
#ifndef GRI_SCHEMA_REPEATS_H
#define GRI_SCHEMA_REPEATS_H

#include "schema/plan.h"

/* Whether two of the n items of a list of scalars are equal: 1, 0, or GR_ENOMEM. */
int gri_items_repeat(const struct gri_member *member, const char *items, size_t n);

/* What such a list is refused with, a value_error. */
#define GRI_ITEMS_REPEAT "items should be unique"

#endif
