#include <math.h>
#include <stdlib.h>

#include "schema/natural.h"
#include "schema/number.h"
#include "schema/scaled.h"

/* The value is 0.DIGITS * 10^point. */
struct shortest_digits {
    char at[20];
    int n, point;
};

static void put_zeros(struct gri_buf *buf, int n)
{
    while (n-- > 0)
        gri_buf_putc(buf, '0');
}

static void put_fixed(struct gri_buf *buf, const struct shortest_digits *d)
{
    int whole = d->point < 0 ? 0 : d->point < d->n ? d->point : d->n;
    if (d->point <= 0)
        gri_buf_putc(buf, '0');
    gri_buf_put(buf, d->at, (size_t)whole);
    put_zeros(buf, d->point - d->n);
    if (whole == d->n)
        return;
    gri_buf_putc(buf, '.');
    put_zeros(buf, -d->point);
    gri_buf_put(buf, d->at + whole, (size_t)(d->n - whole));
}

static void put_scientific(struct gri_buf *buf, const struct shortest_digits *d)
{
    int exponent = d->point - 1;
    gri_buf_putc(buf, d->at[0]);
    if (d->n > 1)
        gri_buf_putc(buf, '.');
    gri_buf_put(buf, d->at + 1, (size_t)(d->n - 1));
    gri_buf_puts(buf, exponent < 0 ? "e-" : "e+");
    if (abs(exponent) < 10)
        gri_buf_putc(buf, '0');
    gri_buf_put_u64(buf, (uint64_t)abs(exponent));
}

/* The value is less than 10 to this power, or to the next. */
static int least_point(uint64_t bits, int exponent)
{
    return (int)ceil((exponent + 63 - __builtin_clzll(bits)) * 0.30102999566398120 - 1e-10);
}

/* --- the shortest digits, exactly --- */

/* Steele and White's way, with exact numbers: the value is rest / unit, and those nearer to it than to the floating
 * point number below or above differ from it by less than below / unit, above / unit. */
struct shortest_search {
    struct gri_natural rest, unit, below, above;
    bool closed; /* those just in the middle read back as the value too: its last bit is 0 */
};

static void search_begin(struct shortest_search *s, uint64_t bits, int exponent, bool power_of_two)
{
    s->closed = bits % 2 == 0;
    gri_natural_set(&s->rest, bits << (1 + power_of_two));
    gri_natural_set(&s->unit, UINT64_C(1) << (1 + power_of_two));
    gri_natural_set(&s->below, 1);
    gri_natural_set(&s->above, 1 + power_of_two);
    if (exponent < 0) {
        gri_natural_shift(&s->unit, -exponent);
        return;
    }
    gri_natural_shift(&s->rest, exponent);
    gri_natural_shift(&s->below, exponent);
    gri_natural_shift(&s->above, exponent);
}

static void search_scale(struct shortest_search *s, int exponent)
{
    gri_natural_scale(&s->rest, exponent);
    gri_natural_scale(&s->below, exponent);
    gri_natural_scale(&s->above, exponent);
}

static bool ends_below(const struct shortest_search *s)
{
    int order = gri_natural_compare(&s->rest, &s->below);
    return order < 0 || (order == 0 && s->closed);
}

static bool ends_above(const struct shortest_search *s)
{
    struct gri_natural sum = s->rest;
    gri_natural_add(&sum, &s->above);
    int order = gri_natural_compare(&sum, &s->unit);
    return order > 0 || (order == 0 && s->closed);
}

/* Divides by a power of ten, so that 0.1 <= the value < 1, or what it may be rounded to is. */
static int search_normalise(struct shortest_search *s, uint64_t bits, int exponent)
{
    int point = least_point(bits, exponent);
    if (point > 0)
        gri_natural_scale(&s->unit, point);
    else
        search_scale(s, -point);
    if (!ends_above(s))
        return point;
    gri_natural_scale(&s->unit, 1);
    return point + 1;
}

static int search_next_digit(struct shortest_search *s)
{
    int digit = 0;
    search_scale(s, 1);
    for (; gri_natural_compare(&s->rest, &s->unit) >= 0; digit++)
        gri_natural_subtract(&s->rest, &s->unit);
    return digit;
}

/* The last digit, where either of two would do: the nearer; of two as near the even one. */
static bool is_nearer_above(const struct shortest_search *s, int digit)
{
    struct gri_natural twice = s->rest;
    gri_natural_add(&twice, &s->rest);
    int order = gri_natural_compare(&twice, &s->unit);
    return order > 0 || (order == 0 && digit % 2 == 1);
}

/* Of the value bits * 2^exponent. */
static void find_shortest(struct shortest_digits *d, uint64_t bits, int exponent, bool power_of_two)
{
    struct shortest_search s;
    search_begin(&s, bits, exponent, power_of_two);
    d->point = search_normalise(&s, bits, exponent);
    bool below = false, above = false;
    for (d->n = 0; !below && !above;) {
        int digit = search_next_digit(&s);
        below = ends_below(&s);
        above = ends_above(&s);
        bool up = above && (!below || is_nearer_above(&s, digit));
        d->at[d->n++] = (char)('0' + digit + up);
    }
}

/* --- nearly always by a product --- */

/* The value times a power of ten, so that it has 17 digits before the point, or a float 9: no more are ever needed.
 * With what is behind the point, and how near another number has to be to read back as the value: both in parts of one.
 */
enum { PART_BITS = 52 };
struct near_number {
    uint64_t whole;
    int64_t rest, half;
};

static struct near_number near_of(uint64_t bits, int exponent, int ten)
{
    struct gri_scaled one = gri_scaled(bits, 0), unit = gri_scaled(1, ten), value = gri_scaled_multiply(&one, &unit);
    int behind = -(value.exponent + 64 + exponent); /* so many bits of the higher word are behind the point */
    uint64_t rest = value.high << (64 - behind) | value.low >> behind;
    return (struct near_number){value.high >> behind, (int64_t)(rest >> (64 - PART_BITS)),
                                (int64_t)(unit.high >> -(unit.exponent + 63 + exponent + PART_BITS))};
}

/* 1: *found is the nearest multiple of `step`, and reads back as the value; 0: it does not; -1: too near to tell. */
static int near_multiple(const struct near_number *n, uint64_t step, uint64_t *found)
{
    enum { SLACK = 4 };
    int64_t below = (int64_t)((n->whole % step) << PART_BITS) + n->rest, above = (int64_t)(step << PART_BITS) - below;
    int64_t nearer = below < above ? below : above;
    if (llabs(nearer - n->half) <= SLACK || (nearer < n->half && llabs(below - above) <= SLACK))
        return -1;
    *found = n->whole - n->whole % step + (below < above ? 0 : step);
    return nearer < n->half;
}

/* The multiple of the largest step is the only one of its kind that reads back, so what it ends in are zeros. */
static bool find_near(struct shortest_digits *d, uint64_t bits, int exponent, int digits)
{
    const uint64_t most = digits == 17 ? UINT64_C(100000000000000000) : UINT64_C(1000000000);
    int point = least_point(bits, exponent), is_found = 0;
    uint64_t found = 0;
    struct near_number n = near_of(bits, exponent, digits - point);
    if (n.whole >= most)
        n = near_of(bits, exponent, digits - ++point);
    for (uint64_t step = 1000; step && !is_found; step /= 10)
        is_found = near_multiple(&n, step, &found);
    if (is_found <= 0)
        return false;
    d->n = (int)(gri_put_digits(d->at, found) - d->at);
    d->point = point + d->n - digits;
    while (d->at[d->n - 1] == '0')
        d->n--;
    return true;
}

/* --- both --- */

/* `mantissa` bits has the type, `least` is the exponent of its smallest number. Below a power of two the next number is
 * nearer than above. */
static void shortest_of(struct shortest_digits *d, double value, int mantissa, int least, int digits)
{
    int exponent;
    double fraction = frexp(value, &exponent);
    exponent = exponent - mantissa < least ? least : exponent - mantissa;
    uint64_t bits = (uint64_t)ldexp(value, -exponent);
    bool power_of_two = fraction == 0.5 && exponent > least;
    if (power_of_two || exponent == least || !find_near(d, bits, exponent, digits))
        find_shortest(d, bits, exponent, power_of_two);
}

static void shortest_double(struct shortest_digits *d, double value)
{
    shortest_of(d, value, 53, -1074, 17);
}

static void shortest_float(struct shortest_digits *d, float value)
{
    shortest_of(d, (double)value, 24, -149, 9);
}

static void shortest_put_digits(struct gri_buf *buf, const struct shortest_digits *d)
{
    if (d->point <= -4 || d->point > 16) {
        put_scientific(buf, d);
        return;
    }
    put_fixed(buf, d);
    if (d->n <= d->point)
        gri_buf_puts(buf, ".0");
}

/* What prices and measurements are: up to 15 digits, few of them behind the point. A decimal of 15 digits that divides
 * back to the value is the shortest one, and power and quotient are exact enough to find it without printf. */
static bool put_easy(struct gri_buf *buf, double value)
{
    static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    for (int decimals = 0; decimals <= 6 && value * power[decimals] < 1e15; decimals++) {
        uint64_t scaled = (uint64_t)(value * power[decimals] + 0.5), unit = (uint64_t)power[decimals];
        if ((double)scaled / power[decimals] != value)
            continue;
        gri_buf_put_u64(buf, scaled / unit);
        gri_buf_putc(buf, '.');
        uint64_t rest = scaled % unit;
        for (uint64_t below = unit / 10; below > 1 && rest < below; below /= 10)
            gri_buf_putc(buf, '0');
        gri_buf_put_u64(buf, rest);
        return true;
    }
    return false;
}

bool gri_double_write(struct gri_buf *buf, double value)
{
    struct shortest_digits d;
    if (!isfinite(value))
        return false;
    if (signbit(value))
        gri_buf_putc(buf, '-');
    value = fabs(value);
    if ((value == 0 || value >= 1e-4) && put_easy(buf, value))
        return true;
    shortest_double(&d, value);
    shortest_put_digits(buf, &d);
    return true;
}

bool gri_float_write(struct gri_buf *buf, float value)
{
    struct shortest_digits d;
    if (!isfinite(value))
        return false;
    if (value == 0)
        return gri_double_write(buf, (double)value);
    if (signbit(value))
        gri_buf_putc(buf, '-');
    shortest_float(&d, fabsf(value));
    shortest_put_digits(buf, &d);
    return true;
}

void gri_double_write_plain(struct gri_buf *buf, double value)
{
    struct shortest_digits d = {"0", 1, 1};
    if (value < 0)
        gri_buf_putc(buf, '-');
    if (value != 0)
        shortest_double(&d, fabs(value));
    put_fixed(buf, &d);
}
