/* The keys of the objects that are open, to find those given twice: sorted when their object ends, so that no choice of
 * keys makes it slow. */
#ifndef GRI_SCHEMA_KEY_STACK_H
#define GRI_SCHEMA_KEY_STACK_H

#include "base/str.h"

struct gri_key {
    struct gri_str text;
    const char *where; /* in the JSON text */
};

struct gri_key_stack {
    struct gri_key *at;
    size_t n, cap;
    bool failed;
    struct gri_key own[16];
};

void gri_key_stack_init(struct gri_key_stack *stack);
void gri_key_stack_finish(struct gri_key_stack *stack);

/* False: out of memory. */
bool gri_key_stack_push(struct gri_key_stack *stack, struct gri_str text, const char *where);

/* Takes off all but the first n. Where a key is given twice among them: the second one's place; else NULL. */
const char *gri_key_stack_pop(struct gri_key_stack *stack, size_t n);

#endif
