/* Coroutine stacks of several sizes: a pool of them for each power of two, so that few pools serve every wish. */
#ifndef GRI_CO_STACK_SIZES_H
#define GRI_CO_STACK_SIZES_H

#include "co/stack.h"

/* What may be asked for. Below it the library itself would not fit: an old PCRE2 takes 20 KiB to match. */
enum { GRI_STACK_LEAST = 32 * 1024, GRI_STACK_MOST = 64 * 1024 * 1024, GRI_STACK_SIZES = 12 };

struct gri_stack_sizes {
    struct gri_stacks pools[GRI_STACK_SIZES]; /* 32 KiB, 64 KiB, ... 64 MiB; four times that under a sanitizer */
    struct gri_stacks *usual;
};

static inline bool gri_stack_bytes_fit(size_t bytes)
{
    return bytes == 0 || (bytes >= GRI_STACK_LEAST && bytes <= GRI_STACK_MOST);
}

/* `usual_bytes` 0: 64 KiB. 0, or GR_EINVAL beyond 64 MiB. Maps nothing yet. */
int gri_stack_sizes_init(struct gri_stack_sizes *sizes, size_t usual_bytes);
void gri_stack_sizes_finish(struct gri_stack_sizes *sizes);

/* The pool of stacks of at least that size; NULL beyond 64 MiB. */
struct gri_stacks *gri_stack_sizes_find(struct gri_stack_sizes *sizes, size_t bytes);

/* gri_stacks_trim() of each pool. Whether a free stack still holds memory. */
bool gri_stack_sizes_trim(struct gri_stack_sizes *sizes);

#endif
