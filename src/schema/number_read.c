/* Decimal text as the nearest double: by a product of 128 bits, which decides nearly always, or else exactly. */
#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "schema/natural.h"
#include "schema/number.h"
#include "schema/scaled.h"

/* Digits that `whole` holds; those that can tell two doubles apart, behind which only counts whether all are zero; and
 * an exponent far beyond any double's, which no number of digits makes up for. */
enum { WHOLE_DIGITS = 19, MAX_DIGITS = 770 };
static const int64_t max_exponent = INT64_C(1) << 48;

/* The value is whole * 10^exponent, or a little more. */
struct number_decimal {
    const char *at, *end; /* the digits, with what stands between them */
    uint64_t whole;       /* of the first digits from the first that is no zero on */
    int taken;            /* how many of them */
    int64_t exponent;
    bool any;  /* a digit was seen, be it a zero */
    bool more; /* of the others one is no zero */
};

/* --- the text --- */

static void take_digit(struct number_decimal *d, char c, bool behind_point)
{
    d->any = true;
    if (d->taken == WHOLE_DIGITS) {
        d->more = d->more || c != '0';
        d->exponent += !behind_point;
        return;
    }
    d->whole = d->whole * 10 + (uint64_t)(c - '0');
    d->taken += d->whole != 0;
    d->exponent -= behind_point;
}

/* Underscores stand singly and never at an end; pydantic drops them wherever they stand between. */
static const char *skip_underscore(const char *at, const char *end, const char *first)
{
    return *at == '_' && at > first && at + 1 < end && at[1] != '_' ? at + 1 : at;
}

static const char *number_take_digits(struct number_decimal *d, const char *at, const char *end, bool behind_point)
{
    while (at < end) {
        at = skip_underscore(at, end, d->at);
        if (!gri_is_digit(*at))
            break;
        take_digit(d, *at++, behind_point);
    }
    return at;
}

static const char *take_exponent(struct number_decimal *d, const char *at, const char *end)
{
    bool negative = at + 1 < end && at[1] == '-';
    const char *first = at + 1 + (at + 1 < end && (at[1] == '-' || at[1] == '+'));
    int64_t exponent = 0;
    for (at = first; at < end; at++) {
        at = skip_underscore(at, end, first);
        if (!gri_is_digit(*at))
            break;
        exponent = exponent < max_exponent ? exponent * 10 + (*at - '0') : exponent;
    }
    d->exponent += negative ? -exponent : exponent;
    return at == first ? NULL : at;
}

static bool read_decimal(struct number_decimal *d, const char *at, const char *end)
{
    *d = (struct number_decimal){.at = at};
    at = number_take_digits(d, at, end, false);
    if (at < end && *at == '.')
        at = number_take_digits(d, at + 1, end, true);
    d->end = at;
    if (d->any && at < end && (*at == 'e' || *at == 'E'))
        at = take_exponent(d, at, end);
    return d->any && at == end;
}

/* --- exactly --- */

/* All digits as one number, whose exponent is returned. */
static int64_t all_digits(const struct number_decimal *d, struct gri_natural *number)
{
    int taken = 0;
    bool more = false;
    gri_natural_set(number, 0);
    for (const char *at = d->at; at < d->end; at++) {
        if (!gri_is_digit(*at) || (*at == '0' && taken == 0))
            continue;
        if (taken == MAX_DIGITS) {
            more = more || *at != '0';
            continue;
        }
        gri_natural_multiply(number, 10, (uint32_t)(*at - '0'));
        taken++;
    }
    if (more)
        gri_natural_multiply(number, 10, 1);
    return d->exponent - (taken + more - d->taken);
}

/* Whether the value is nearer to (lower + 1) * 2^exponent than to lower * 2^exponent, or as near and that is even. */
static bool is_above_half(const struct number_decimal *d, uint64_t lower, int exponent)
{
    struct gri_natural value, half;
    int ten = (int)all_digits(d, &value), two = exponent - 1;
    gri_natural_set(&half, 2 * lower + 1);
    gri_natural_scale(ten > 0 ? &value : &half, abs(ten));
    gri_natural_shift(two < 0 ? &value : &half, abs(two));
    int order = gri_natural_compare(&value, &half);
    return order > 0 || (order == 0 && lower % 2 == 1);
}

/* --- by a product --- */

/* The highest 64 bits are wrong by one unit of the last of them, and by as much as `more` stands for. */
enum { MOST_WRONG = 20 };

/* A double has 53 bits, fewer below 2^-1022; those that are dropped say whether to round up, unless they are too near
 * to a half. */
static double round_scaled(const struct number_decimal *d, struct gri_scaled s)
{
    int least = s.exponent + 64, drop = least + 63 < -1022 ? -1074 - least : 11;
    if (drop >= 64)
        return ldexp(is_above_half(d, 0, least + drop), least + drop);
    uint64_t lower = s.high >> drop, rest = s.high & ((UINT64_C(1) << drop) - 1), half = UINT64_C(1) << (drop - 1);
    uint64_t distance = rest > half ? rest - half : half - rest;
    bool up = distance > MOST_WRONG ? rest > half : is_above_half(d, lower, least + drop);
    return ldexp((double)(lower + up), least + drop);
}

static double to_double(const struct number_decimal *d)
{
    static const double power[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int64_t point = d->exponent + d->taken; /* the value is 0.DIGITS * 10^point */
    if (d->whole == 0 || point < -323)
        return 0;
    if (point > 309)
        return (double)INFINITY;
    if (!d->more && d->whole <= UINT64_C(1) << 53 && d->exponent >= -22 && d->exponent <= 22) /* one rounding */
        return d->exponent < 0 ? (double)d->whole / power[-d->exponent] : (double)d->whole * power[d->exponent];
    return round_scaled(d, gri_scaled(d->whole, (int)d->exponent));
}

/* --- what pydantic takes --- */

static bool is_number_word(struct gri_str s, double *value)
{
    if (gri_str_is_nocase(s, GRI_STR("nan")))
        *value = (double)NAN;
    else if (gri_str_is_nocase(s, GRI_STR("inf")) || gri_str_is_nocase(s, GRI_STR("infinity")))
        *value = (double)INFINITY;
    else
        return false;
    return true;
}

bool gri_double_read(const char *text, size_t len, double *value)
{
    struct number_decimal d;
    struct gri_str s = gri_str_strip((struct gri_str){text, len});
    bool negative = s.len && *s.at == '-';
    if (negative || (s.len && *s.at == '+'))
        s.at++, s.len--;
    if (read_decimal(&d, s.at, s.at + s.len))
        *value = to_double(&d);
    else if (!is_number_word(s, value))
        return false;
    if (negative)
        *value = -*value;
    return true;
}
