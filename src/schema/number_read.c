#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "schema/number.h"

/* No double needs more digits to be told from its neighbours; whether the rest is zero still counts. */
enum { MAX_DIGITS = 770, MAX_EXPONENT = 100000 };

/* The value is DIGITS * 10^exponent. */
struct number_decimal {
    char digits[MAX_DIGITS + 16];
    int n, exponent;
    bool any; /* a digit was seen, be it a zero */
};

static bool is_number_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void take_digit(struct number_decimal *d, char c, bool behind_point)
{
    d->any = true;
    if (behind_point && d->exponent > -MAX_EXPONENT)
        d->exponent--;
    if (d->n == 0 && c == '0')
        return;
    if (d->n < MAX_DIGITS) {
        d->digits[d->n++] = c;
        return;
    }
    if (c != '0')
        d->digits[MAX_DIGITS - 1] = d->digits[MAX_DIGITS - 1] == '9' ? '9' : d->digits[MAX_DIGITS - 1] | 1;
    if (d->exponent < MAX_EXPONENT)
        d->exponent++;
}

/* Underscores stand singly and never at an end; pydantic drops them wherever they stand between. */
static const char *skip_underscore(const char *at, const char *end, const char *first)
{
    return at > first && at + 1 < end && *at == '_' && at[1] != '_' ? at + 1 : at;
}

static const char *number_take_digits(struct number_decimal *d, const char *at, const char *end, const char *first,
                                      bool behind_point)
{
    for (;;) {
        at = skip_underscore(at, end, first);
        if (at == end || !is_number_digit(*at))
            return at;
        take_digit(d, *at++, behind_point);
    }
}

static const char *take_exponent(struct number_decimal *d, const char *at, const char *end)
{
    bool negative = at + 1 < end && at[1] == '-';
    const char *first = at + 1 + (at + 1 < end && (at[1] == '-' || at[1] == '+'));
    int exponent = 0;
    at = first;
    while ((at = skip_underscore(at, end, first)) < end && is_number_digit(*at)) {
        if (exponent < MAX_EXPONENT)
            exponent = exponent * 10 + (*at - '0');
        at++;
    }
    d->exponent += negative ? -exponent : exponent;
    return at == first ? NULL : at;
}

static bool read_decimal(struct number_decimal *d, const char *at, const char *end)
{
    const char *first = at;
    at = number_take_digits(d, at, end, first, false);
    if (at < end && *at == '.')
        at = number_take_digits(d, at + 1, end, first, true);
    if (d->any && at < end && (*at == 'e' || *at == 'E'))
        at = take_exponent(d, at, end);
    return d->any && at == end;
}

static double to_double(struct number_decimal *d)
{
    static const double power[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    d->digits[d->n] = '\0';
    if (d->n == 0)
        return 0;
    if (d->n <= 15 && abs(d->exponent) <= 22) { /* both are exact as doubles, so one operation rounds once */
        double whole = (double)strtoll(d->digits, NULL, 10);
        return d->exponent < 0 ? whole / power[-d->exponent] : whole * power[d->exponent];
    }
    snprintf(d->digits + d->n, sizeof d->digits - (size_t)d->n, "e%d", d->exponent);
    return strtod(d->digits, NULL); /* digits and an exponent: no decimal point that a locale could change */
}

static bool is_number_word(const char *at, const char *end, const char *word)
{
    return (size_t)(end - at) == strlen(word) && strncasecmp(at, word, strlen(word)) == 0;
}

static bool is_number_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool gri_double_read(const char *text, size_t len, double *value)
{
    struct number_decimal d = {.n = 0};
    const char *at = text, *end = text + len;
    while (at < end && is_number_space(*at))
        at++;
    while (at < end && is_number_space(end[-1]))
        end--;
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    if (is_number_word(at, end, "inf") || is_number_word(at, end, "infinity"))
        *value = (double)INFINITY;
    else if (is_number_word(at, end, "nan"))
        *value = (double)NAN;
    else if (read_decimal(&d, at, end))
        *value = to_double(&d);
    else
        return false;
    if (negative)
        *value = -*value;
    return true;
}
