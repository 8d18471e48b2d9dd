/* The escapes of JSON strings. */
#ifndef GRI_SCHEMA_UNESCAPE_H
#define GRI_SCHEMA_UNESCAPE_H

#include "base/arena.h"
#include "base/str.h"

/* *text, the inside of a string that the lexer took, becomes what it says: new, of the arena, NUL-terminated. False:
 * out of memory. */
bool gri_unescape(struct gri_arena *arena, struct gri_str *text);

#endif
