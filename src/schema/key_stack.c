#include "schema/key_stack.h"

#include <stdint.h>
#include <stdlib.h>

void gri_key_stack_init(struct gri_key_stack *stack)
{
    stack->at = stack->own;
    stack->n = 0;
    stack->cap = sizeof stack->own / sizeof *stack->own;
    stack->failed = false;
}

void gri_key_stack_finish(struct gri_key_stack *stack)
{
    if (stack->at != stack->own)
        free(stack->at);
}

static bool key_stack_grow(struct gri_key_stack *stack)
{
    bool own = stack->at == stack->own;
    size_t cap = stack->cap * 2;
    struct gri_key *at = cap > SIZE_MAX / sizeof *at ? NULL : realloc(own ? NULL : stack->at, cap * sizeof *at);
    stack->failed = !at;
    if (!at)
        return false;
    if (own)
        memcpy(at, stack->own, sizeof stack->own);
    stack->at = at;
    stack->cap = cap;
    return true;
}

bool gri_key_stack_push(struct gri_key_stack *stack, struct gri_str text, const char *where)
{
    if (stack->failed || (stack->n == stack->cap && !key_stack_grow(stack)))
        return false;
    stack->at[stack->n++] = (struct gri_key){text, where};
    return true;
}

/* Lengths first: they tell most keys apart. */
static int key_stack_compare(const void *a, const void *b)
{
    const struct gri_key *x = a, *y = b;
    if (x->text.len != y->text.len)
        return x->text.len < y->text.len ? -1 : 1;
    return memcmp(x->text.at, y->text.at, x->text.len);
}

const char *gri_key_stack_pop(struct gri_key_stack *stack, size_t n)
{
    size_t count = stack->n - n;
    struct gri_key *keys = stack->at + n;
    stack->n = n;
    if (count > 1)
        qsort(keys, count, sizeof *keys, key_stack_compare);
    for (size_t i = 1; i < count; i++)
        if (key_stack_compare(&keys[i - 1], &keys[i]) == 0)
            return keys[i - 1].where > keys[i].where ? keys[i - 1].where : keys[i].where;
    return NULL;
}
