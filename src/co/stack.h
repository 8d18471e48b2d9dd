/* Coroutine stacks: pooled, guarded, trimmed when idle. */
#ifndef GRI_CO_STACK_H
#define GRI_CO_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cold.h"
#include "co/san.h"

/* The usable bytes are [base, base + size); `guard` bytes below base fault. */
struct gri_stacks {
    size_t size, guard;
    char **free; /* base addresses, the last used on top */
    size_t n_free, cap;
    size_t low;     /* the fewest free ones since the last trim: those below it were not touched */
    size_t trimmed; /* free[0 .. trimmed) hold no memory */
    struct gri_slab *slabs;
    size_t n_total;
};

/* size 0: the default; rounded up to whole pages and at least 16 KiB. 0, or GR_EINVAL where it is absurd. */
int gri_stacks_init(struct gri_stacks *stacks, size_t size);
void gri_stacks_finish(struct gri_stacks *stacks);

/* More of them, where none is free. False: there is no room. */
GRI_COLD bool gri_stacks_add_slab(struct gri_stacks *stacks);

/* The base of a stack, or NULL where memory, or what stacks may have of the system's map limit, is exhausted. */
static inline char *gri_stacks_get(struct gri_stacks *stacks)
{
    if (stacks->n_free == 0 && !gri_stacks_add_slab(stacks))
        return NULL;
    char *base = stacks->free[--stacks->n_free];
    if (stacks->low > stacks->n_free)
        stacks->low = stacks->n_free;
    if (stacks->trimmed > stacks->n_free)
        stacks->trimmed = stacks->n_free;
    gri_san_unpoison(base, stacks->size);
    return base;
}

void gri_stacks_put(struct gri_stacks *stacks, char *base);

/* Gives the memory of stacks that were not used since the last call back to the system, at most 256 of them a call.
 * Called now and then, while some free ones hold memory. */
void gri_stacks_trim(struct gri_stacks *stacks);

static inline bool gri_stacks_hold_memory(const struct gri_stacks *stacks)
{
    return stacks->n_free > stacks->trimmed;
}

#endif
