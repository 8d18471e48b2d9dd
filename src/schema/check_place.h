/* What check.c and check_value.c share: the member that is looked at. */
#ifndef GRI_SCHEMA_CHECK_PLACE_H
#define GRI_SCHEMA_CHECK_PLACE_H

#include "schema/check.h"

struct gri_place {
    struct gri_checker *checker;
    const gr_model *model;
    const gr_field *field; /* at its whole length; NULL: the model as a whole */
    const gr_field *entry; /* the same in the table */
};

/* Reports one problem. Each '@' in `text` is the next argument, a const gr_constant *; each '%' a const char *. */
void gri_place_report(const struct gri_place *p, const char *text, ...);

/* Whether the member's type, flags and sizes are such that it can be looked at further; reports what is not. */
bool gri_check_shape(const struct gri_place *p);

/* Where it comes from, in a model or an input. */
void gri_check_source(const struct gri_place *p, bool input);

/* What entries a table has beside each other: p->field is not used. */
void gri_check_entries(const struct gri_place *p);

/* Whether it is a tuple, or has a rest, that it can be; p->field is not used. */
void gri_check_struct(const struct gri_place *p);

/* What only a GR_SELF can have, and what it cannot; where a check of one's own would never be called. */
void gri_check_self(const struct gri_place *p, bool input);

/* What stands for the member where it is absent or null. */
void gri_check_absent(const struct gri_place *p);

/* Whether each item of a default list is one that the member would take. Of a member that has no other problem. */
void gri_check_default_list(const struct gri_place *p);

/* The same of a union: its arms, or its cases. */
void gri_check_cases(const struct gri_place *p);

/* Bounds, lengths and default of the member, by themselves and against each other. */
void gri_check_value(const struct gri_place *p);

#endif
