/* The items that a list has where it is absent. */
#ifndef GRI_SCHEMA_DEFAULT_LIST_H
#define GRI_SCHEMA_DEFAULT_LIST_H

#include "schema/errors.h"
#include "schema/plan.h"

/* Reads field->default_list, of a member of scalars, into memory of the arena. 0; 1: an item is refused, the number *n
 * of which there were before it, and *why; GR_EINVAL: it is no JSON array of scalars; GR_ENOMEM. */
int gri_default_list_read(const struct gri_member *member, struct gri_arena *arena, char **at, size_t *n,
                          struct gri_error *why);

/* The same into member->defaults. 0, or what it was refused with. */
int gri_default_list_make(struct gri_member *member, struct gri_arena *arena);

#endif
