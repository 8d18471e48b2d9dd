/* Numbers of 128 bits and a power of two: near enough to a decimal one to be rounded to a double, and back, nearly
 * always. */
#ifndef GRI_SCHEMA_SCALED_H
#define GRI_SCHEMA_SCALED_H

#include <stdint.h>

/* (high * 2^64 + low) * 2^exponent, where the highest bit is set. */
struct gri_scaled {
    uint64_t high, low;
    int exponent;
};

/* value * 10^ten, for a value above 0 and a `ten` of -511 to 511; at most 2^-120 of it too small or too large. */
struct gri_scaled gri_scaled(uint64_t value, int ten);

/* a * b; at most 2^-124 of it too small. */
struct gri_scaled gri_scaled_multiply(const struct gri_scaled *a, const struct gri_scaled *b);

#endif
