/* Natural numbers of some thousand bits: as much as it takes to compare a decimal number with a double exactly. */
#ifndef GRI_SCHEMA_NATURAL_H
#define GRI_SCHEMA_NATURAL_H

#include <stdint.h>

/* The largest that is needed has some 3,700 bits: 10^1094 times a double's own. */
enum { GRI_NATURAL_LIMBS = 128 };

struct gri_natural {
    uint32_t limb[GRI_NATURAL_LIMBS]; /* the least first; those from n on are not set */
    int n;
};

void gri_natural_set(struct gri_natural *a, uint64_t value);

/* *a becomes a * by + plus. */
void gri_natural_multiply(struct gri_natural *a, uint32_t by, uint32_t plus);

/* *a becomes a * 2^bits. */
void gri_natural_shift(struct gri_natural *a, int bits);

/* *a becomes a * 10^exponent. */
void gri_natural_scale(struct gri_natural *a, int exponent);

/* *a becomes a + b. */
void gri_natural_add(struct gri_natural *a, const struct gri_natural *b);

/* *a becomes a - b, which is not the larger. */
void gri_natural_subtract(struct gri_natural *a, const struct gri_natural *b);

/* Below, at, or above zero, as a is below, at, or above b. */
int gri_natural_compare(const struct gri_natural *a, const struct gri_natural *b);

#endif
