/* The escapes of JSON strings. */
#ifndef GRI_SCHEMA_UNESCAPE_H
#define GRI_SCHEMA_UNESCAPE_H

#include "base/arena.h"
#include "base/str.h"

/* Writes what `text`, the inside of a string that the lexer took, says to `to`, which has room for text.len bytes.
 * Returns the end of it. */
char *gri_unescape_to(char *to, struct gri_str text);

/* *text, the inside of a string that the lexer took, becomes what it says: new, of the arena, NUL-terminated. False:
 * out of memory. */
bool gri_unescape(struct gri_arena *arena, struct gri_str *text);

#endif
