/* The arena of a program: memory, the json_t that were read into it, and what the last one read got wrong. */
#ifndef GRI_SCHEMA_ARENA_H
#define GRI_SCHEMA_ARENA_H

#include <griddle/arena.h>

#include "schema/errors.h"

struct gr_arena {
    struct gri_arena *memory; /* its own, or a request's */
    struct gri_errors errors; /* of the last value that was read */
    json_t *values;           /* an array of the json_t members of all of them; NULL: none */
    size_t pattern_steps;     /* what the patterns of one of them may take; 0: any */
    const bool *cancelled;    /* as gri_steps has it */
    struct gri_arena own;
    _Alignas(16) char first[]; /* the memory that is always there */
};

/* One whose memory is another's, and in it. NULL: out of memory. */
gr_arena *gri_arena_of(struct gri_arena *memory);

/* Holds on to `values`, an array, which is stolen; NULL: nothing. False: out of memory, and it is freed. */
bool gri_arena_keep(gr_arena *arena, json_t *values);

/* Frees what is not in its memory. NULL: nothing happens. */
void gri_arena_release(gr_arena *arena);

#endif
