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

/* The same of a union: its arms, or its cases. */
void gri_check_cases(const struct gri_place *p);

/* Bounds, lengths and default of the member, by themselves and against each other. */
void gri_check_value(const struct gri_place *p);

#endif
