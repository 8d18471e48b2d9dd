/* One value of C as JSON. */
#ifndef GRI_SCHEMA_ENCODE_SCALAR_H
#define GRI_SCHEMA_ENCODE_SCALAR_H

#include "schema/plan.h"

/* Appends the value at `at`, which is never the pointer to it. NULL, or why not; static. */
const char *gri_encode_scalar(struct gri_buf *buf, const struct gri_member *member, const char *at,
                              struct gri_steps *steps);

#endif
