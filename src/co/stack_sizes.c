#include "co/stack_sizes.h"

#include <griddle/base.h>

#include "co/san.h"

enum { USUAL_BYTES = 64 * 1024, FACTOR = GRI_SANITIZED ? 4 : 1 };

struct gri_stacks *gri_stack_sizes_find(struct gri_stack_sizes *sizes, size_t bytes)
{
    size_t i = 0;
    while (i < GRI_STACK_SIZES && (size_t)GRI_STACK_LEAST << i < bytes)
        i++;
    return i < GRI_STACK_SIZES ? &sizes->pools[i] : NULL;
}

int gri_stack_sizes_init(struct gri_stack_sizes *sizes, size_t usual_bytes)
{
    *sizes = (struct gri_stack_sizes){.usual = gri_stack_sizes_find(sizes, usual_bytes ? usual_bytes : USUAL_BYTES)};
    for (size_t i = 0; i < GRI_STACK_SIZES; i++)
        gri_stacks_init(&sizes->pools[i], ((size_t)GRI_STACK_LEAST << i) * FACTOR);
    return sizes->usual ? 0 : GR_EINVAL;
}

void gri_stack_sizes_finish(struct gri_stack_sizes *sizes)
{
    for (size_t i = 0; i < GRI_STACK_SIZES; i++)
        gri_stacks_finish(&sizes->pools[i]);
}

bool gri_stack_sizes_trim(struct gri_stack_sizes *sizes)
{
    bool hold_memory = false;
    for (size_t i = 0; i < GRI_STACK_SIZES; i++) {
        gri_stacks_trim(&sizes->pools[i]);
        hold_memory |= gri_stacks_hold_memory(&sizes->pools[i]);
    }
    return hold_memory;
}
