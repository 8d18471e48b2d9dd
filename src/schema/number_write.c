#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "schema/number.h"

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

/* "d.ddde+xx", whatever the locale's decimal point is. */
static void shortest_take_digits(struct shortest_digits *d, const char *text)
{
    d->n = 0;
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9')
            d->at[d->n++] = *text;
    while (d->n > 1 && d->at[d->n - 1] == '0')
        d->n--;
    d->point = 1 + (int)strtol(text + 1, NULL, 10);
}

/* The next decimal of as many digits. All nines are left wrong, which reading back then shows. */
static void increment(struct shortest_digits *d)
{
    int i = d->n - 1;
    while (i > 0 && d->at[i] == '9')
        d->at[i--] = '0';
    d->at[i]++;
}

static double read_back(const struct shortest_digits *d)
{
    char text[48];
    snprintf(text, sizeof text, "%.*se%d", d->n, d->at, d->point - d->n);
    return strtod(text, NULL);
}

/* At a power of two the neighbour below is nearer than the one above: of 16 digits the second nearest decimal may be
 * the one that reads back. */
static bool shorter_above(struct shortest_digits *d, const char *text, double value)
{
    int exponent;
    if (frexp(value, &exponent) != 0.5)
        return false;
    shortest_take_digits(d, text);
    while (d->n < 16)
        d->at[d->n++] = '0';
    increment(d);
    return read_back(d) == value;
}

/* strtod and strtof read what snprintf wrote in the same locale, so the test for a round trip is exact in any. */
static void shortest_double(struct shortest_digits *d, double value)
{
    char text[48];
    for (int precision = value < DBL_MIN ? 1 : 15; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision - 1, value);
        if (precision == 17 || strtod(text, NULL) == value)
            break;
        if (precision == 16 && shorter_above(d, text, value))
            return;
    }
    shortest_take_digits(d, text);
}

static void shortest_float(struct shortest_digits *d, float value)
{
    char text[48];
    for (int precision = value < FLT_MIN ? 1 : 6; precision <= 9; precision++) {
        snprintf(text, sizeof text, "%.*e", precision - 1, (double)value);
        if (precision == 9 || strtof(text, NULL) == value)
            break;
    }
    shortest_take_digits(d, text);
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
