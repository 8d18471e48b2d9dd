/* What stands in for a member that is absent. */
#ifndef GRI_SCHEMA_ABSENT_H
#define GRI_SCHEMA_ABSENT_H

#include "schema/plan.h"

/* A list or map without items, which is not null. */
static inline struct gri_sequence gri_sequence_empty(void)
{
    return (struct gri_sequence){(const char *)gr_nothing, 0};
}

/* Puts the default, which it has, into the member at `to`; a text's is borrowed from the table. 0, or GR_ENOMEM. */
int gri_member_default(const struct gri_member *member, void *to, struct gri_arena *arena);

#endif
