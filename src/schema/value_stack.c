#include "schema/value_stack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void gri_value_stack_init(struct gri_value_stack *stack)
{
    stack->at = stack->own;
    stack->len = 0;
    stack->cap = sizeof stack->own;
    stack->failed = false;
}

void gri_value_stack_finish(struct gri_value_stack *stack)
{
    if (stack->at != stack->own)
        free(stack->at);
}

static bool value_stack_grow(struct gri_value_stack *stack, size_t n)
{
    size_t cap = stack->cap;
    bool own = stack->at == stack->own;
    while (cap - stack->len < n && cap <= SIZE_MAX / 2)
        cap *= 2;
    char *at = cap - stack->len < n ? NULL : realloc(own ? NULL : stack->at, cap);
    stack->failed = !at;
    if (!at)
        return false;
    if (own)
        memcpy(at, stack->own, stack->len);
    stack->at = at;
    stack->cap = cap;
    return true;
}

bool gri_value_stack_push(struct gri_value_stack *stack, size_t n)
{
    if (stack->failed || (stack->cap - stack->len < n && !value_stack_grow(stack, n)))
        return false;
    memset(stack->at + stack->len, 0, n);
    stack->len += n;
    return true;
}

size_t gri_value_stack_align(struct gri_value_stack *stack)
{
    gri_value_stack_push(stack, -stack->len & 15);
    return stack->len;
}
