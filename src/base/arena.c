#include "base/arena.h"
#include "base/cold.h"

#include <stdlib.h>
#include <string.h>

#include "base/print.h"

enum { ALIGN = GRI_ARENA_ALIGN, ARENA_CHUNK_BYTES = 4096 };

struct gri_chunk {
    struct gri_chunk *next;
    size_t size;
    _Alignas(ALIGN) char data[];
};

void gri_arena_init(struct gri_arena *arena, void *first, size_t size)
{
    arena->first = first;
    arena->at = first;
    arena->end = first ? arena->first + (size & ~(size_t)(ALIGN - 1)) : NULL;
    arena->chunks = NULL;
    gri_poison(arena->at, (size_t)(arena->end - arena->at));
}

/* The rest of the caller's memory is not used any more. */
static void leave_first(const struct gri_arena *arena)
{
    if (!arena->chunks && arena->first)
        gri_unpoison(arena->at, (size_t)(arena->end - arena->at));
}

void gri_arena_finish(struct gri_arena *arena)
{
    struct gri_chunk *chunk = arena->chunks;
    leave_first(arena);
    while (chunk) {
        struct gri_chunk *next = chunk->next;
        gri_unpoison(chunk->data, chunk->size);
        free(chunk);
        chunk = next;
    }
    *arena = (struct gri_arena){0};
}

static GRI_COLD struct gri_chunk *add_chunk(struct gri_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    struct gri_chunk *chunk = malloc(sizeof *chunk + size);
    if (!chunk)
        return NULL;
    chunk->size = size;
    chunk->next = arena->chunks;
    leave_first(arena);
    arena->chunks = chunk;
    return chunk;
}

GRI_COLD void *gri_arena_alloc_slow(struct gri_arena *arena, size_t size)
{
    enum { ROOM = ARENA_CHUNK_BYTES - sizeof(struct gri_chunk) };
    if (size > SIZE_MAX / 2)
        return NULL;
    size_t rounded = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1), bytes = rounded > ROOM ? rounded : ROOM;
    struct gri_chunk *chunk = add_chunk(arena, bytes);
    if (!chunk)
        return NULL;
    arena->at = chunk->data + rounded;
    arena->end = chunk->data + bytes;
    gri_poison(arena->at, (size_t)(arena->end - arena->at));
    return chunk->data;
}

static bool is_newest(const struct gri_arena *arena, const char *p, size_t size)
{
    return p && p + ((size + ALIGN - 1) & ~(size_t)(ALIGN - 1)) == arena->at;
}

bool gri_arena_extend(struct gri_arena *arena, void *p, size_t old_size, size_t new_size)
{
    if (!is_newest(arena, p, old_size) || new_size > SIZE_MAX / 2)
        return false;
    size_t rounded = (new_size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (rounded > (size_t)(arena->end - (char *)p))
        return false;
    arena->at = (char *)p + rounded;
    gri_unpoison(p, new_size);
    return true;
}

void gri_arena_trim(struct gri_arena *arena, void *p, size_t old_size, size_t new_size)
{
    if (new_size >= old_size || !is_newest(arena, p, old_size))
        return;
    arena->at = (char *)p + ((new_size + ALIGN - 1) & ~(size_t)(ALIGN - 1));
    gri_poison((char *)p + new_size, (size_t)(arena->end - ((char *)p + new_size)));
}

void gri_arena_join(struct gri_arena *arena, struct gri_arena *from)
{
    if (!from->chunks)
        return;
    struct gri_chunk **last = &from->chunks;
    while (*last)
        last = &(*last)->next;
    leave_first(arena);
    *last = arena->chunks;
    arena->chunks = from->chunks;
    arena->at = from->at;
    arena->end = from->end;
    *from = (struct gri_arena){0};
}

char *gri_arena_strndup(struct gri_arena *arena, const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? gri_arena_alloc(arena, len + 1) : NULL;
    if (!copy)
        return NULL;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *gri_arena_vprintf(struct gri_arena *arena, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = gri_vsnprintf(NULL, 0, fmt, args);
    char *text = n < 0 ? NULL : gri_arena_alloc(arena, (size_t)n + 1);
    if (text)
        gri_vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    return text;
}
