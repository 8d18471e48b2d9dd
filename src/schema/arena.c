#include "schema/arena.h"

#include <stdlib.h>
#include <string.h>

#include "co/misuse.h"

enum { ARENA_FIRST_BYTES = 3840, ARENA_PATTERN_STEPS = 400000 };

gr_arena *gr_arena_create(void)
{
    gr_arena *arena = malloc(sizeof *arena + ARENA_FIRST_BYTES);
    if (!arena)
        return NULL;
    *arena = (gr_arena){.memory = &arena->own, .pattern_steps = ARENA_PATTERN_STEPS};
    gri_arena_init(&arena->own, arena->first, ARENA_FIRST_BYTES);
    gri_errors_init(&arena->errors, &arena->own);
    return arena;
}

gr_arena *gri_arena_of(struct gri_arena *memory)
{
    gr_arena *arena = gri_arena_alloc(memory, sizeof *arena);
    if (!arena)
        return NULL;
    *arena = (gr_arena){.memory = memory};
    gri_errors_init(&arena->errors, memory);
    return arena;
}

void gri_arena_release(gr_arena *arena)
{
    if (!arena)
        return;
    json_decref(arena->values);
    arena->values = NULL;
}

bool gri_arena_keep(gr_arena *arena, json_t *values)
{
    if (!values || !arena->values) {
        arena->values = values ? values : arena->values;
        return true;
    }
    bool kept = json_array_extend(arena->values, values) == 0;
    json_decref(values);
    return kept;
}

static void arena_check_own(const gr_arena *arena)
{
    if (arena->memory != &arena->own)
        gri_misuse("the arena of a request is not reset: it ends with the request");
}

void gr_arena_reset(gr_arena *arena)
{
    arena_check_own(arena);
    gri_arena_release(arena);
    gri_arena_finish(&arena->own);
    gri_arena_init(&arena->own, arena->first, ARENA_FIRST_BYTES);
    gri_errors_init(&arena->errors, &arena->own);
}

void gr_arena_destroy(gr_arena *arena)
{
    if (!arena)
        return;
    arena_check_own(arena);
    gri_arena_release(arena);
    gri_arena_finish(&arena->own);
    free(arena);
}

void *gr_arena_alloc(gr_arena *arena, size_t size)
{
    void *p = gri_arena_alloc(arena->memory, size);
    return p ? memset(p, 0, size) : NULL;
}

char *gr_arena_printf(gr_arena *arena, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = gri_arena_vprintf(arena->memory, fmt, args);
    va_end(args);
    return text;
}
