#include "schema/constant.h"

#include <string.h>

/* An integer of either sign: `negative` and the distance from zero. */
struct constant_whole {
    bool negative;
    uint64_t size;
};

static struct constant_whole whole_of(const gr_constant *c)
{
    if (c->kind == GR_CONSTANT_UINT)
        return (struct constant_whole){false, c->u};
    return (struct constant_whole){c->i < 0, c->i < 0 ? 0 - (uint64_t)c->i : (uint64_t)c->i};
}

static int compare_whole(struct constant_whole a, struct constant_whole b)
{
    if (a.negative != b.negative)
        return a.negative ? -1 : 1;
    int order = (a.size > b.size) - (a.size < b.size);
    return a.negative ? -order : order;
}

/* What is left of a double when its whole part is an integer of at most 64 bits decides only between equals. */
static int compare_double_whole(double d, struct constant_whole b)
{
    const double two64 = 18446744073709551616.0;
    double size = d < 0 ? -d : d;
    if (size >= two64)
        return d < 0 ? -1 : 1;
    // cppcheck-suppress floatConversionOverflow ; it is below 2^64 here
    struct constant_whole a = {d < 0, (uint64_t)size};
    if (a.size == 0)
        a.negative = false;
    int order = compare_whole(a, b);
    // cppcheck-suppress floatConversionOverflow ; as above
    if (order || size == (double)(uint64_t)size)
        return order;
    return d < 0 ? -1 : 1;
}

int gri_constant_compare(const gr_constant *a, const gr_constant *b)
{
    bool da = a->kind == GR_CONSTANT_DOUBLE, db = b->kind == GR_CONSTANT_DOUBLE;
    if (da && db)
        return (a->d > b->d) - (a->d < b->d);
    if (da)
        return compare_double_whole(a->d, whole_of(b));
    if (db)
        return -compare_double_whole(b->d, whole_of(a));
    return compare_whole(whole_of(a), whole_of(b));
}

double gri_constant_as_double(const gr_constant *c)
{
    return c->kind == GR_CONSTANT_DOUBLE ? c->d : c->kind == GR_CONSTANT_UINT ? (double)c->u : (double)c->i;
}

/* The types are in the order of their widths, the signed ones first. */
static size_t integer_size(gr_type type)
{
    return (size_t)1 << ((type - GR_TYPE_INT8) % 4);
}

gr_constant gri_type_min(gr_type type)
{
    if (gri_type_is_unsigned(type))
        return gri_constant_uint(0);
    return gri_constant_int(INT64_MIN >> (64 - 8 * integer_size(type)));
}

gr_constant gri_type_max(gr_type type)
{
    uint64_t all = UINT64_MAX >> (64 - 8 * integer_size(type));
    return gri_type_is_unsigned(type) ? gri_constant_uint(all) : gri_constant_int((int64_t)(all >> 1));
}

static void store_double(double d, gr_type type, void *at)
{
    float f = (float)d;
    if (type == GR_TYPE_FLOAT)
        memcpy(at, &f, sizeof f);
    else
        memcpy(at, &d, sizeof d);
}

/* Conversions to a narrower type of a value that fits it: signed ones through the unsigned of the same width. */
void gri_store_whole(uint64_t bits, size_t size, void *at)
{
    uint8_t u8 = (uint8_t)bits;
    uint16_t u16 = (uint16_t)bits;
    uint32_t u32 = (uint32_t)bits;
    const void *from = size == 1 ? (void *)&u8 : size == 2 ? (void *)&u16 : size == 4 ? (void *)&u32 : (void *)&bits;
    memcpy(at, from, size);
}

void gri_constant_store(const gr_constant *c, gr_type type, void *at)
{
    bool b = c->i != 0;
    if (type == GR_TYPE_BOOL)
        memcpy(at, &b, sizeof b);
    else if (gri_type_is_float(type))
        store_double(gri_constant_as_double(c), type, at);
    else
        gri_store_whole(c->kind == GR_CONSTANT_UINT ? c->u : (uint64_t)c->i, integer_size(type), at);
}

int64_t gri_load_signed(const void *at, size_t size)
{
    int8_t i8;
    int16_t i16;
    int32_t i32;
    int64_t i64;
    switch (size) {
    case 1:
        return memcpy(&i8, at, sizeof i8), i8;
    case 2:
        return memcpy(&i16, at, sizeof i16), i16;
    case 4:
        return memcpy(&i32, at, sizeof i32), i32;
    default:
        return memcpy(&i64, at, sizeof i64), i64;
    }
}

uint64_t gri_load_unsigned(const void *at, size_t size)
{
    uint64_t all = (uint64_t)gri_load_signed(at, size);
    return size == 8 ? all : all & ((UINT64_C(1) << (8 * size)) - 1);
}

double gri_load_float(const void *at, gr_type type)
{
    float f;
    double d;
    if (type == GR_TYPE_FLOAT)
        return memcpy(&f, at, sizeof f), (double)f;
    return memcpy(&d, at, sizeof d), d;
}
