/* What check.c and check_value.c share: the member that is looked at. */
#ifndef GRI_SCHEMA_CHECK_PLACE_H
#define GRI_SCHEMA_CHECK_PLACE_H

#include "schema/check.h"

struct gri_place {
    struct gri_checker *checker;
    const gr_model *model;
    const gr_field *field; /* NULL: the model as a whole */
};

/* Reports one problem. Each '@' in `text` is the next argument, a const gr_constant *; each '%' a const char *. */
void gri_place_report(const struct gri_place *p, const char *text, ...);

/* Bounds, lengths and default of the member, by themselves and against each other. */
void gri_check_value(const struct gri_place *p);

#endif
