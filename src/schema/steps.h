/* What matching may cost one request, counted: the same on every machine, whatever runs beside it. */
#ifndef GRI_SCHEMA_STEPS_H
#define GRI_SCHEMA_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gri_member;
struct gri_matcher;

struct gri_steps {
    uint64_t left;
    const bool *cancelled;             /* read atomically: nobody waits for the result any more; NULL: nobody can say */
    const struct gri_member *spent_by; /* whose text needed more than there were; NULL: none did */
    struct gri_matcher *matcher;       /* what regular expressions are matched with, once there was one; owned */
};

/* `limit` 0: as many as it takes. */
static inline void gri_steps_init(struct gri_steps *steps, uint64_t limit, const bool *cancelled)
{
    steps->left = limit ? limit : UINT64_MAX;
    steps->cancelled = cancelled;
    steps->spent_by = NULL;
    steps->matcher = NULL;
}

static inline void gri_steps_add(struct gri_steps *steps, uint64_t n)
{
    steps->left = n < UINT64_MAX - steps->left ? steps->left + n : UINT64_MAX;
}

/* Frees the matcher. What was spent stays spent. */
void gri_steps_free_matcher(struct gri_steps *steps);
static inline void gri_steps_finish(struct gri_steps *steps)
{
    if (steps->matcher)
        gri_steps_free_matcher(steps);
}

static inline bool gri_steps_are_cancelled(const struct gri_steps *steps)
{
    return steps->cancelled && __atomic_load_n(steps->cancelled, __ATOMIC_RELAXED);
}

#endif
