/* A path or query parameter: from its text into its member, coerced and checked as FastAPI does. Knows no HTTP. */
#ifndef GRI_SCHEMA_SCALAR_H
#define GRI_SCHEMA_SCALAR_H

#include "schema/errors.h"

/* Puts `text` (decoded; borrowed until the errors are written) into the member of `in` that the field, of a checked
 * table, describes. Strings and what pointers point to go into the arena. A text that does not fit is recorded under
 * ["source", the field's name on the wire]; the member is then left as it was.
 * 0, also where errors->count grew; GR_ENOMEM. */
int gri_scalar_parse(const gr_field *field, const char *text, size_t len, const char *source, struct gri_arena *arena,
                     void *in, struct gri_errors *errors);

/* The same for a parameter that the request does not have: its default; nothing where it is optional, in a zeroed
 * struct; else the error `missing`. A string default is borrowed from the table. */
int gri_scalar_absent(const gr_field *field, const char *source, struct gri_arena *arena, void *in,
                      struct gri_errors *errors);

#endif
