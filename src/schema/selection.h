/* Which parts of what is sent are left out: names of members, and of members inside them ("owner.email"). */
#ifndef GRI_SCHEMA_SELECTION_H
#define GRI_SCHEMA_SELECTION_H

#include "schema/plan.h"

struct gri_selection {
    uint64_t skip[GRI_MAX_MEMBERS / 64]; /* members of the struct, one bit each */
    bool skip_rest;                      /* what none of them takes */
    const struct gri_selection **inside; /* of each member, arm or case; NULL: nothing is left out in it */
};

/* What of the plan's struct is sent where only the members of `include` are (NULL: all), and none of `exclude` (NULL).
 * Lists and maps are looked through, as unions are; a step "*" for that may be written. Of the arena; NULL: out of
 * memory. */
const struct gri_selection *gri_selection_make(struct gri_arena *arena, const struct gri_plan *plan,
                                               const char *const *include, const char *const *exclude);

/* Whether there is such a member. */
bool gri_selection_finds(const gr_model *model, const char *path);

static inline const struct gri_selection *gri_selection_inside(const struct gri_selection *selection, size_t i)
{
    return selection && selection->inside ? selection->inside[i] : NULL;
}

#endif
