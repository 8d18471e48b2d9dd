/* What all texts share, whatever form they have. */
#ifndef GRI_SCHEMA_KIND_TEXT_H
#define GRI_SCHEMA_KIND_TEXT_H

#include "schema/kind.h"

/* Whether the value is a text that keeps its member's length, pattern and literals. 0, or as gri_scalar_read(). */
int gri_text_check(const struct gri_reading *r);

/* The write(), check(), takes() and put_default() of a const char *. */
const char *gri_string_write(struct gri_buf *buf, const struct gri_member *m, const char *at);
int gri_string_check(const struct gri_member *m, const void *at, struct gri_steps *steps, enum gri_error_kind *kind);
bool gri_string_takes(const gr_constant *c);
void gri_string_default(const struct gri_member *m, void *to);
enum gri_exactness gri_string_exactness(const struct gri_value *value);

/* A string of `least` to `most` characters (SIZE_MAX: any), with its literals, pattern and format (NULL: none). New. */
json_t *gri_text_document(struct gri_doc *doc, const gr_field *f, size_t least, size_t most, const char *format);

int gri_string_compare(const void *a, const void *b);

#endif
