/* Bounds and defaults, compared exactly: no int64_t or uint64_t goes through a double. */
#ifndef GRI_SCHEMA_CONSTANT_H
#define GRI_SCHEMA_CONSTANT_H

#include "schema/field.h"

static inline gr_constant gri_constant_int(int64_t i)
{
    return (gr_constant){.kind = GR_CONSTANT_INT, .i = i};
}

static inline gr_constant gri_constant_uint(uint64_t u)
{
    return (gr_constant){.kind = GR_CONSTANT_UINT, .u = u};
}

static inline gr_constant gri_constant_double(double d)
{
    return (gr_constant){.kind = GR_CONSTANT_DOUBLE, .d = d};
}

/* Of two numbers (INT, UINT, DOUBLE but not NaN, BOOL): below, equal or above 0. */
int gri_constant_compare(const gr_constant *a, const gr_constant *b);

/* The same number as a double, rounded. */
double gri_constant_as_double(const gr_constant *c);

/* The least and the greatest value of an integer type. */
gr_constant gri_type_min(gr_type type);
gr_constant gri_type_max(gr_type type);

/* Puts a number into a member of a number's type that can hold it, at `at`. */
void gri_constant_store(const gr_constant *c, gr_type type, void *at);

/* Integers of 1, 2, 4 or 8 bytes, and floating point, from and to memory. */
void gri_store_whole(uint64_t bits, size_t size, void *at);
int64_t gri_load_signed(const void *at, size_t size);
uint64_t gri_load_unsigned(const void *at, size_t size);
double gri_load_float(const void *at, gr_type type);

#endif
