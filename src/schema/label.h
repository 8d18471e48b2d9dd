/* What the loc of an error calls a case of a union: the name that pydantic's validators have. */
#ifndef GRI_SCHEMA_LABEL_H
#define GRI_SCHEMA_LABEL_H

#include "base/buf.h"
#include "schema/field.h"

/* Appends "int", "constrained-str", "list[Cat]", "dict[str,int]", "union[int,float]". */
void gri_label_write(struct gri_buf *buf, const gr_field *field);

/* "new_order" as "NewOrder". */
void gri_label_write_type(struct gri_buf *buf, const char *tag);

#endif
