/* JSON Schema (2020-12, OpenAPI 3.1's) of models and their members, worded as pydantic words it. Knows no HTTP. */
#ifndef GRI_SCHEMA_OPENAPI_H
#define GRI_SCHEMA_OPENAPI_H

#include <jansson.h>

#include "schema/field.h"

#include "base/arena.h"

struct gri_component;

/* A document being made. Its first failure is remembered, so that who makes it may check once, at the end: until then a
 * NULL is passed on like any other value. One thread. */
struct gri_doc {
    int rc;                           /* 0, GR_ENOMEM, or GR_EINVAL: a text of the declarations cannot be written */
    const char *refused, *why;        /* that text, and what is wrong with it: "is not UTF-8" */
    struct gri_arena arena;           /* of names, as long as the document is made */
    struct gri_component *components; /* in the order in which they were first referred to */
    bool shared;                      /* GRI_VIEW_OUTPUT makes no difference */
};

void gri_doc_init(struct gri_doc *doc);
void gri_doc_finish(struct gri_doc *doc);

/* --- values: new references, NULL where the document has failed --- */

json_t *gri_doc_object(struct gri_doc *doc);
json_t *gri_doc_array(struct gri_doc *doc);
json_t *gri_doc_text(struct gri_doc *doc, const char *text);
json_t *gri_doc_size(struct gri_doc *doc, size_t n);
json_t *gri_doc_json(struct gri_doc *doc, const char *json); /* that was checked before */

/* Put `value`, which is stolen, into an object or behind an array's last. */
void gri_doc_set(struct gri_doc *doc, json_t *object, const char *key, json_t *value);
void gri_doc_add(struct gri_doc *doc, json_t *array, json_t *value);

/* The same of a text; NULL: nothing is put. */
void gri_doc_set_text(struct gri_doc *doc, json_t *object, const char *key, const char *text);

/* The same of JSON; NULL: nothing is put. */
void gri_doc_set_json(struct gri_doc *doc, json_t *object, const char *key, const char *json);

/* Text of the document's arena; NULL: out of memory. */
const char *gri_doc_printf(struct gri_doc *doc, const char *fmt, ...) GR_PRINTF(2, 3);

/* A table's field at its whole length, for as long as the document is made. */
const gr_field *gri_doc_whole(struct gri_doc *doc, const gr_model *model, const gr_field *field);

/* --- names, in the document's arena --- */

/* "item_id" as "Item Id", "X-TOKEN" as "X-Token": str.title() of Python, with spaces for `_`. */
const char *gri_doc_title(struct gri_doc *doc, const char *name);

/* "new_order" as "NewOrder". */
const char *gri_doc_type_name(struct gri_doc *doc, const char *tag);

/* --- schemas --- */

/* Replies have a schema of their own where what is sent differs from what is received, and where members are named
 * otherwise, or left out if they are null. */
enum { GRI_VIEW_BY_NAME = 1, GRI_VIEW_WITHOUT_NULLS = 2, GRI_VIEW_OUTPUT = 4 };

/* {"$ref": "#/components/schemas/NAME"}; the component is made by gri_doc_components(). Of a union that is no component
 * its schema. */
json_t *gri_doc_model(struct gri_doc *doc, const gr_model *model, unsigned view);
json_t *gri_doc_enum(struct gri_doc *doc, const gr_enum *values);

/* Whose titles follow pydantic's rule for the members of a model, or FastAPI's for parameters and bodies; the cases of
 * a union have none but their own. */
enum gri_doc_titles { GRI_TITLES_OF_MEMBERS, GRI_TITLES_OF_PARAMETERS, GRI_TITLES_OF_CASES };

/* The schema of a member, a parameter or a body that is called `name`. */
json_t *gri_doc_field(struct gri_doc *doc, const gr_field *field, const char *name, enum gri_doc_titles titles,
                      unsigned view);

/* Whether it has to be there. */
bool gri_field_is_required(const gr_field *field, unsigned view);

/* The schema of an object, member by member. */
struct gri_doc_members {
    json_t *schema, *properties, *required;
    unsigned view;
    bool all_required;
};

void gri_doc_members_begin(struct gri_doc *doc, struct gri_doc_members *members, unsigned view);
void gri_doc_members_add(struct gri_doc *doc, struct gri_doc_members *members, const gr_field *field);

/* Ends it; what comes behind its members is up to the caller. */
json_t *gri_doc_members_end(struct gri_doc *doc, struct gri_doc_members *members);

/* A component of a name of its own, whose schema is stolen; where there is one of that name already it stays. */
json_t *gri_doc_named(struct gri_doc *doc, const char *name, json_t *schema);

/* Makes all schemas that were referred to, each with those it refers to, and names them: an object sorted by name. Two
 * tables of one name become Item and Item2. */
json_t *gri_doc_components(struct gri_doc *doc);

#endif
