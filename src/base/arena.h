/* A bump allocator: everything of one request, freed at once. */
#ifndef GRI_BASE_ARENA_H
#define GRI_BASE_ARENA_H

#include <griddle/base.h>
#include <stdarg.h>

#include "base/asan.h"

enum { GRI_ARENA_ALIGN = 16 };

struct gri_chunk;

/* `at .. end` is what is left of the current chunk, a multiple of GRI_ARENA_ALIGN. Under AddressSanitizer what was not
 * handed out is poisoned. */
struct gri_arena {
    char *at, *end;
    char *first; /* caller's memory, never freed here */
    struct gri_chunk *chunks;
};

/* `first` (16-byte aligned, may be NULL) is used before any heap memory; it must outlive the arena. Cannot fail. */
void gri_arena_init(struct gri_arena *arena, void *first, size_t size);
void gri_arena_finish(struct gri_arena *arena);

/* 16-byte aligned, not zeroed, valid until gri_arena_finish(). NULL: out of memory. */
void *gri_arena_alloc_slow(struct gri_arena *arena, size_t size); /* where there is no room in the chunk */
static inline void *gri_arena_alloc(struct gri_arena *arena, size_t size)
{
    void *p = arena->at;
    if (size > (size_t)(arena->end - arena->at))
        return gri_arena_alloc_slow(arena, size);
    arena->at += (size + GRI_ARENA_ALIGN - 1) & ~(size_t)(GRI_ARENA_ALIGN - 1);
    gri_unpoison(p, size);
    return p;
}

/* Grows the newest allocation where it lies. False: there is no room, or it is not the newest. */
bool gri_arena_extend(struct gri_arena *arena, void *p, size_t old_size, size_t new_size);

/* Gives back what a shrinking newest allocation does not need. */
void gri_arena_trim(struct gri_arena *arena, void *p, size_t old_size, size_t new_size);

/* What was allocated in `from`, which has no memory of its caller's, is `arena`'s from now on; `from` is finished. */
void gri_arena_join(struct gri_arena *arena, struct gri_arena *from);

/* A NUL-terminated copy. NULL: out of memory. */
char *gri_arena_strndup(struct gri_arena *arena, const char *text, size_t len);
char *gri_arena_vprintf(struct gri_arena *arena, const char *fmt, va_list args) GR_PRINTF(2, 0);

/* n * size, or SIZE_MAX (which no allocation grants) where that overflows. */
static inline size_t gri_size_mul(size_t n, size_t size)
{
    return size && n > SIZE_MAX / size ? SIZE_MAX : n * size;
}

#endif
