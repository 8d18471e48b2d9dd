/* How well a value fits a case of a union, as pydantic's smart mode measures it. */
#ifndef GRI_SCHEMA_FIT_H
#define GRI_SCHEMA_FIT_H

#include "schema/kind.h"

/* Of a value and all it is made of: its least exact part, and how many members its structs were given. */
struct gri_fit {
    enum gri_exactness exactness;
    bool has_structs;
    size_t given;
};

static const struct gri_fit gri_fit_best = {GRI_EXACT, false, 0};

/* Whether no other case can fit better. */
static inline bool gri_fit_is_perfect(const struct gri_fit *fit)
{
    return fit->exactness == GRI_EXACT && !fit->has_structs;
}

/* Whether `a` is better than what came before it. */
bool gri_fit_is_better(const struct gri_fit *a, const struct gri_fit *before);

/* Adds a part to the value. */
void gri_fit_add(struct gri_fit *fit, const struct gri_fit *part);
void gri_fit_add_struct(struct gri_fit *fit, size_t given);
void gri_fit_add_scalar(struct gri_fit *fit, const struct gri_member *m, const struct gri_value *value);

#endif
