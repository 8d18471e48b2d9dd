/* Griddle: arenas: memory that is taken piece by piece and freed at once.
 *
 * What is read into a struct (texts, lists, what pointers point to) needs an owner. A request owns what its handler was
 * given; for what a program reads itself, messages, files, rows, it says which arena does:
 *
 *     gr_arena *arena = gr_arena_create();
 *     while (next(&json)) {
 *         if (item_read(arena, json, &item) == 0)
 *             use(&item);
 *         json_decref(json);
 *         gr_arena_reset(arena);
 *     }
 *     gr_arena_destroy(arena);
 *
 * An arena is used by one thread at a time. */
#ifndef GRIDDLE_ARENA_H
#define GRIDDLE_ARENA_H

#include <griddle/base.h>

GR_BEGIN_DECLS

typedef struct gr_arena gr_arena;

/* A new one. NULL: out of memory. */
GR_API gr_arena *gr_arena_create(void);

/* Frees all that was taken from it and read into it; it can be used again, and a loop of reading and resetting needs no
 * more memory than its largest turn. The arena of a request is the server's: resetting it aborts. */
GR_API void gr_arena_reset(gr_arena *arena);

/* The same, and the arena itself. NULL: nothing happens. */
GR_API void gr_arena_destroy(gr_arena *arena);

/* 16-byte aligned, zeroed, valid until the arena is reset or destroyed. NULL: out of memory. */
GR_API void *gr_arena_alloc(gr_arena *arena, size_t size);

/* printf into its memory, as gr_printf() does. NULL: out of memory. */
GR_API char *gr_arena_printf(gr_arena *arena, const char *fmt, ...) GR_PRINTF(2, 3);

GR_END_DECLS

#endif
