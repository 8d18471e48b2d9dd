/* Equal values in a list, and equal keys in a map. */
#ifndef GRI_SCHEMA_DISTINCT_H
#define GRI_SCHEMA_DISTINCT_H

#include "schema/plan.h"

/* Of two values of a scalar member, each at its own place: below, equal or above 0. */
int gri_value_compare(const struct gri_member *member, const void *a, const void *b);

/* Whether two of the n items of a list of scalars are equal: 1, 0, or GR_ENOMEM. */
int gri_items_repeat(const struct gri_member *list, const char *at, size_t n);

/* What a list is refused with whose items have to be different: a value_error. */
#define GRI_ITEMS_REPEAT "items should be unique"

/* Of the *n items at `at`, drops those that are equal to one before them. 0, or GR_ENOMEM. */
int gri_items_dedupe(const struct gri_member *list, char *at, size_t *n);

/* Of the *n entries at `at`, drops those whose key one before them has, which gets the value of the last of them, as in
 * Python's dict. 0, or GR_ENOMEM. */
int gri_entries_dedupe(const struct gri_member *map, char *at, size_t *n);

#endif
