/* What a number, or the length of a text, may be: ge, gt, le, lt, multiple_of; min_len, max_len. */
#ifndef GRI_SCHEMA_BOUNDS_H
#define GRI_SCHEMA_BOUNDS_H

#include "schema/kind.h"

/* The first constraint that a number breaks, in pydantic's order, and what it is called; NULL: none. */
const gr_constant *gri_bounds_broken(const gr_field *f, const gr_constant *value, enum gri_error_kind *kind);

/* The check() of numbers. */
int gri_bounds_check(const struct gri_member *m, const void *at, struct gri_steps *steps, enum gri_error_kind *kind);

/* As JSON Schema has them. `min` and `max`, where they are not NULL, stand in for a bound that is not there. */
void gri_bounds_document(struct gri_doc *doc, json_t *schema, const gr_field *f, const gr_constant *min,
                         const gr_constant *max);

/* The same of a length: 0, or it is refused, with one of the two errors. */
int gri_length_check(const struct gri_reading *r, size_t len, enum gri_error_kind too_short,
                     enum gri_error_kind too_long);
void gri_length_document(struct gri_doc *doc, json_t *schema, size_t least, size_t most); /* 0 and SIZE_MAX: any */

#endif
