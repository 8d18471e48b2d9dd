/* A model, compiled: what reading and writing a struct needs, and nothing of its documentation. Made once, at start;
 * read-only from then on, by any thread. */
#ifndef GRI_SCHEMA_PLAN_H
#define GRI_SCHEMA_PLAN_H

#include "schema/field.h"

#include "base/buf.h"
#include "base/str.h"
#include "schema/choices.h"
#include "schema/regex.h"

enum { GRI_MAX_MEMBERS = 256 };

struct gri_kind;
struct gri_plan;

struct gri_member {
    const gr_field *field;
    const struct gri_kind *kind; /* of its value */
    struct gri_str name;         /* on the wire */
    struct gri_str key;          /* ,"name": as it is written; the first of an object without the comma */
    gr_type type;
    unsigned shape; /* GR_POINTER, GR_SEQUENCE, GR_MAPPING, GR_FIXED, or 0 */
    bool may_be_null, has_default, omit_null;
    bool checked; /* has more to it than its type */
    bool single;  /* as a parameter: one text, which is read as one value */
    size_t offset, size, stride, value_offset, count;
    const struct gri_member *key_member; /* of a map: what its keys are; NULL: texts */
    struct gri_sequence defaults;        /* of a list that has them: its items where it is absent */
    struct gri_plan *plan;               /* of an object */
    const char *expected;                /* of an enum or a literal: "'a', 'b' or 'c'" */
    struct gri_regex *pattern;
    struct gri_choices choices; /* of an enum */
};

struct gri_plan {
    const gr_model *model;
    struct gri_member *members;        /* those on the wire, in the order of the table */
    const struct gri_member **by_name; /* the same, by their names */
    unsigned n_members;
    size_t size;                      /* of the struct */
    const gr_field *self, *set, *tag; /* or NULL */
    const gr_field *either;           /* of a union without a tag: its members are the cases, named as a loc does */
    bool bare;                        /* such a union, or all that is on the wire is the only member */
    const struct gri_member *rest;    /* the member that takes what no other takes, or NULL */
    const char *expected;             /* of a union whose arms, or cases, have names: "'cat', 'dog'" */
    struct gri_str tag_key;
    uint64_t required[GRI_MAX_MEMBERS / 64]; /* members that are missing where they are absent, one bit each */
    bool forbids_extra;
    bool is_tuple;       /* a JSON array: its members are the positions */
    char opener, closer; /* what it is written between */
    bool has_secret;     /* a member, or one of a struct inside, is secret */
    _Atomic bool ready;  /* filled, with all it contains */
    bool embedded;       /* the bodies of an input: absent or null is missing, and without an input */
    struct gri_plan *next;
};

/* All plans of an application, each model once. Finding is safe from any thread; so is making, which locks. */
struct gri_schema;

/* NULL: out of memory. */
struct gri_schema *gri_schema_create(void);
void gri_schema_destroy(struct gri_schema *schema);

/* The plan of a checked model (see check.h), made where there is none yet, with those of all it contains. NULL: out of
 * memory. */
struct gri_plan *gri_schema_plan(struct gri_schema *schema, const gr_model *model);

/* The same without making one. NULL: there is none. */
struct gri_plan *gri_schema_find(struct gri_schema *schema, const gr_model *model);

/* Of the members of an input that come from the body: its own plan, whose struct is the input's. */
struct gri_plan *gri_schema_body_plan(struct gri_schema *schema, const gr_model *input);

/* The member whose key is `name`, looked for from the hint-th on, since members mostly come in their order. NULL: none.
 */
const struct gri_member *gri_plan_member(const struct gri_plan *plan, struct gri_str name, unsigned hint);

static inline unsigned gri_member_index(const struct gri_plan *plan, const struct gri_member *member)
{
    return (unsigned)(member - plan->members);
}

#endif
