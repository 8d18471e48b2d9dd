/* Where structs and lists are built before it is known how large they get: a stack that moves as it grows, so what is
 * on it is named by its offset. */
#ifndef GRI_SCHEMA_VALUE_STACK_H
#define GRI_SCHEMA_VALUE_STACK_H

#include <stdbool.h>
#include <stddef.h>

struct gri_value_stack {
    char *at;
    size_t len, cap;
    bool failed; /* out of memory: nothing was pushed since */
    _Alignas(16) char own[1024];
};

void gri_value_stack_init(struct gri_value_stack *stack);
void gri_value_stack_finish(struct gri_value_stack *stack);

/* Appends n zero bytes. False: out of memory. */
bool gri_value_stack_push(struct gri_value_stack *stack, size_t n);

/* Moves the end to where any type may begin, and returns it. */
size_t gri_value_stack_align(struct gri_value_stack *stack);

#endif
