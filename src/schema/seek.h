/* Looking ahead in an object for a key that may stand anywhere: how a union learns which arm it is before it reads it.
 */
#ifndef GRI_SCHEMA_SEEK_H
#define GRI_SCHEMA_SEEK_H

#include "base/arena.h"
#include "base/str.h"
#include "schema/json_lexer.h"

/* Where an object or array begins and ends. */
struct gri_span {
    size_t begin, end;
};

/* What was passed is remembered, so that unions inside unions do not pass it again, whatever their depth. */
struct gri_seeker {
    struct gri_span *spans; /* in the order of their beginnings */
    size_t n, cap;
    size_t known; /* up to here in the text */
};

void gri_seeker_init(struct gri_seeker *seeker);
void gri_seeker_finish(struct gri_seeker *seeker);

/* The text is read again from `at` on. */
void gri_seeker_rewind(struct gri_seeker *seeker, size_t at);

/* Moves *ahead, a copy of the lexer whose token is an object's brace, to the value of `key`: 1: it stands there; 0:
 * there is no such key, or what follows is no JSON; GR_ENOMEM. Objects are to be asked about in the order of the text,
 * and not at all inside of one that was not found. */
int gri_seek_key(struct gri_seeker *seeker, struct gri_json_lexer *ahead, struct gri_str key, struct gri_arena *arena);

#endif
