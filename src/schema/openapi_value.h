/* The schema of one value, without the lists and maps it may be in. */
#ifndef GRI_SCHEMA_OPENAPI_VALUE_H
#define GRI_SCHEMA_OPENAPI_VALUE_H

#include "schema/openapi.h"

/* Type, constraints and format. New. */
json_t *gri_doc_value(struct gri_doc *doc, const gr_field *field, unsigned view);

/* Of a map, or of what an object has beside its members: what their values are, true for anything. New. */
json_t *gri_doc_any_names(struct gri_doc *doc, const gr_field *field, unsigned view);

/* Of a model that is a tuple: it has no component. New. */
json_t *gri_doc_tuple(struct gri_doc *doc, const gr_model *model, unsigned view);

/* Whether a model is a union, or has a GR_ROOT, and its schema stands where it is used, as FastAPI's do: one that is
 * not named by a GR_SELF and does not contain itself. */
bool gri_doc_is_inline(const gr_model *model);

/* The schema of such a model, named or not; NULL: it is another. New. */
json_t *gri_doc_union(struct gri_doc *doc, const gr_model *model, unsigned view);

/* A reference to an arm, which has the tag of its union as its first member. New. */
json_t *gri_doc_arm(struct gri_doc *doc, const gr_model *tagged, const gr_field *arm, unsigned view);

/* The default as it is on the wire. New. */
json_t *gri_doc_default(struct gri_doc *doc, const gr_field *field);

/* A value of an enum: its name, or its number. New. */
json_t *gri_doc_enum_value(struct gri_doc *doc, const gr_enum_value *value);

/* What schemas are made of: a number, {"type": type}, and a string of a format. New. */
json_t *gri_doc_number(struct gri_doc *doc, const gr_constant *c);
json_t *gri_doc_typed(struct gri_doc *doc, const char *type);
json_t *gri_doc_formatted(struct gri_doc *doc, const char *format);

#endif
