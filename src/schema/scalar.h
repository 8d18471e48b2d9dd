/* One value from outside, a parameter's text or a JSON scalar, into C: coerced and checked as FastAPI does. Knows no
 * HTTP, and no place: who asks knows where the value stood. */
#ifndef GRI_SCHEMA_SCALAR_H
#define GRI_SCHEMA_SCALAR_H

#include "schema/errors.h"
#include "schema/json_lexer.h"
#include "schema/plan.h"

/* A text, decoded, is a GRI_JSON_STRING, wherever it came from. */
struct gri_value {
    enum gri_json_kind kind;
    bool special;   /* a number with a fraction or an exponent */
    bool owned;     /* a text that is in the arena, and NUL-terminated */
    const char *at; /* a text, or a number's bytes */
    size_t len;
    bool untold; /* what is wrong with it is only counted */
};

/* Puts the value to `to`, which is the value's own place (never the pointer to it). Texts are copied into the arena.
 * 0; 1: refused, with *why written, kind, limit and texts alone, and `to` as it was; GR_ENOMEM, GR_ECANCELED.
 *
 * A pattern takes its steps from *steps. The first text that would take more than are left is refused, and noted there;
 * patterns are not looked at from then on. */
int gri_scalar_read(const struct gri_member *member, const struct gri_value *value, void *to, struct gri_arena *arena,
                    struct gri_steps *steps, struct gri_error *why);

/* The same into the member of a struct, through its pointer if it is one. */
int gri_scalar_read_member(const struct gri_member *member, const struct gri_value *value, void *to,
                           struct gri_arena *arena, struct gri_steps *steps, struct gri_error *why);

/* Puts the default into the member; a string's is borrowed from the table. 0, or GR_ENOMEM. */
int gri_scalar_default(const struct gri_member *member, void *to, struct gri_arena *arena);

/* Whether the value at `at`, of a member that has a default, is that. */
bool gri_scalar_is_default(const struct gri_member *member, const void *at);

/* Whether a value that the program made, at `at`, keeps what was declared beyond its type: bounds, lengths, pattern,
 * literals. 0; 1 and the kind; GR_ENOMEM, GR_ECANCELED. */
int gri_scalar_check(const struct gri_member *member, const void *at, struct gri_steps *steps,
                     enum gri_error_kind *kind);

/* A number, a bool or an enum as a constant. */
gr_constant gri_scalar_load(const struct gri_member *member, const void *at);

/* What anything but what its shape asks for is refused with, where it is a list, an array, a map or a struct. */
enum gri_error_kind gri_member_type_error(const struct gri_member *member);

/* How many items a list, an array or a map has at least, and at most; and what one of `n` is refused with, but for
 * where. A set that has more is not counted further, as in pydantic. */
size_t gri_member_least(const struct gri_member *member);
size_t gri_member_most(const struct gri_member *member);
struct gri_error gri_member_count_error(const struct gri_member *member, size_t n, bool too_long);

/* What an array, an object or null is refused with, where the member is a scalar. */
enum gri_error_kind gri_scalar_type_error(const struct gri_member *member);

#endif
