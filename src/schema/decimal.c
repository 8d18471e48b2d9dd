#include "schema/decimal.h"

#include <stdlib.h>

#include "base/str.h"
#include "schema/number.h"

/* --- reading --- */

/* Its digits, and those that there was no room for, which must be zeros. */
struct decimal_scan {
    struct gri_decimal *d;
    size_t all, behind; /* how many digits there are, and how many of them behind the point */
    bool too_many;
    unsigned zeros; /* that were left out: nothing but zeros may follow */
};

static void scan_digit(struct decimal_scan *s, char c)
{
    struct gri_decimal *d = s->d;
    if (d->n < GR_DECIMAL_DIGITS) {
        d->digit[d->n] = c;
        d->n += (d->n != 0) | (c != '0');
    } else {
        s->zeros++;
        s->too_many = s->too_many || c != '0';
    }
}

/* Digits, underscores and a point, up to something else. */
static const char *scan_mantissa(struct decimal_scan *s, const char *at, const char *end)
{
    size_t n = 0, whole = 0;
    bool point = false;
    for (; at < end; at++) {
        if (gri_is_digit(*at)) {
            scan_digit(s, *at);
            n++;
        } else if (*at == '.' && !point) {
            point = true;
            whole = n;
        } else if (*at != '_') {
            break;
        }
    }
    s->all = n;
    s->behind = point ? n - whole : 0;
    return at;
}

/* " -1_000.50e+3": all of it, or it is none. */
static bool scan_decimal_exponent(const char *at, const char *end, int *exponent)
{
    enum { ENOUGH = 1000000 };
    bool negative = at < end && *at == '-', any = false;
    int value = 0;
    for (at += at < end && (*at == '-' || *at == '+'); at < end; at++) {
        if (gri_is_digit(*at)) {
            value = value < ENOUGH ? value * 10 + (*at - '0') : value;
            any = true;
        } else if (*at != '_') {
            return false;
        }
    }
    *exponent = negative ? -value : value;
    return any;
}

static bool scan_decimal(struct decimal_scan *s, struct gri_str text)
{
    const char *end = text.at + text.len, *at = scan_mantissa(s, text.at, end);
    enum { ENOUGH = INT32_MAX / 2 };
    int exponent = 0;
    if (at < end && *at != 'e' && *at != 'E')
        return false;
    if (at < end && !scan_decimal_exponent(at + 1, end, &exponent))
        return false;
    s->d->exponent = exponent - (s->behind < ENOUGH ? (int)s->behind : ENOUGH) + (int)s->zeros;
    return s->all != 0;
}

/* nan123 is one, too. */
static bool is_nan_word(struct gri_str s)
{
    if (s.len && (*s.at == 's' || *s.at == 'S'))
        s.at++, s.len--;
    if (!gri_str_begins_nocase(s, GRI_STR("nan")))
        return false;
    for (size_t i = 3; i < s.len; i++)
        if (!gri_is_digit(s.at[i]))
            return false;
    return true;
}

static bool read_word(struct gri_str s, struct gri_decimal *d)
{
    if (gri_str_is_nocase(s, GRI_STR("inf")) || gri_str_is_nocase(s, GRI_STR("infinity")))
        d->is = GRI_INFINITE;
    else if (is_nan_word(s))
        d->is = GRI_NAN;
    return d->is != GRI_FINITE;
}

/* Whether it is among those that can be kept. Zero is, whatever its exponent says. */
static enum gri_decimal_flaw hold(struct gri_decimal *d)
{
    int most = GR_DECIMAL_EXPONENT;
    if (d->n == 0)
        d->exponent = d->exponent > most ? most : d->exponent < -most ? -most : d->exponent;
    else if (d->exponent + (int)d->n - 1 > most)
        return GRI_DECIMAL_TOO_LARGE;
    else if (d->exponent < -most)
        return GRI_DECIMAL_TOO_FINE;
    return GRI_DECIMAL_RIGHT;
}

enum gri_decimal_flaw gri_decimal_read(const char *text, size_t len, struct gri_decimal *d)
{
    struct gri_str s = gri_str_strip((struct gri_str){text, len});
    struct decimal_scan scan = {.d = d};
    *d = (struct gri_decimal){.negative = s.len && *s.at == '-'};
    if (s.len && (*s.at == '-' || *s.at == '+'))
        s.at++, s.len--;
    if (!(s.len && gri_is_digit(*s.at)) && read_word(s, d))
        return GRI_DECIMAL_RIGHT;
    if (!scan_decimal(&scan, s))
        return GRI_DECIMAL_NO_NUMBER;
    return scan.too_many ? GRI_DECIMAL_TOO_LARGE : hold(d);
}

bool gri_decimal_load(const gr_decimal *from, struct gri_decimal *d)
{
    size_t len = strnlen(from->text, sizeof from->text);
    if (len == 0) {
        *d = (struct gri_decimal){.is = GRI_FINITE};
        return true;
    }
    return len < sizeof from->text && gri_decimal_read(from->text, len, d) == GRI_DECIMAL_RIGHT;
}

/* --- writing --- */

static char *fill_zeros(char *at, int n)
{
    for (int i = 0; i < n; i++)
        *at++ = '0';
    return at;
}

/* digits with a point behind the first `whole` of them. */
static char *put_digits(char *at, const char *digit, int n, int whole)
{
    if (whole <= 0) {
        *at++ = '0';
        *at++ = '.';
        at = fill_zeros(at, -whole);
        whole = 0;
    }
    for (int i = 0; i < whole; i++)
        *at++ = *digit++;
    if (whole > 0 && whole < n)
        *at++ = '.';
    for (int i = whole; i < n; i++)
        *at++ = *digit++;
    return at;
}

static void put_exponent(char *at, int exponent)
{
    *at++ = 'E';
    *at++ = exponent < 0 ? '-' : '+';
    gri_put_digits(at, (uint64_t)abs(exponent));
}

void gri_decimal_store(const struct gri_decimal *d, gr_decimal *to)
{
    enum { SMALLEST_WITHOUT_EXPONENT = -6 };
    *to = (gr_decimal){{0}};
    char *at = to->text;
    int n = d->n ? (int)d->n : 1;
    if (d->negative && d->is != GRI_NAN)
        *at++ = '-';
    if (d->is != GRI_FINITE) {
        memcpy(at, d->is == GRI_NAN ? "NaN" : "Infinity", d->is == GRI_NAN ? 3 : 8);
        return;
    }
    int whole = d->exponent + n;
    bool plain = d->exponent <= 0 && whole > SMALLEST_WITHOUT_EXPONENT;
    at = put_digits(at, d->n ? d->digit : "0", n, plain ? whole : 1);
    if (!plain)
        put_exponent(at, whole - 1);
}

/* --- constants --- */

static bool decimal_of_double(double value, struct gri_decimal *d)
{
    char text[64];
    struct gri_buf buf = {.data = text, .cap = sizeof text};
    return gri_double_write(&buf, value) && gri_decimal_read(text, buf.len, d) == GRI_DECIMAL_RIGHT;
}

static bool decimal_of_whole(bool negative, uint64_t size, struct gri_decimal *d)
{
    char text[GRI_MOST_DIGITS];
    gri_decimal_read(text, (size_t)(gri_put_digits(text, size) - text), d);
    d->negative = negative;
    return true;
}

/* The shortest text of a whole double has ".0" behind it, which nobody wrote. */
static void drop_zero_behind_point(struct gri_decimal *d)
{
    if (d->exponent == -1 && d->n && d->digit[d->n - 1] == '0') {
        d->n--;
        d->exponent++;
    }
    if (d->n == 0)
        d->exponent = 0;
}

bool gri_decimal_constant(const gr_constant *c, struct gri_decimal *d)
{
    switch (c->kind) {
    case GR_CONSTANT_INT:
        return decimal_of_whole(c->i < 0, c->i < 0 ? 0 - (uint64_t)c->i : (uint64_t)c->i, d);
    case GR_CONSTANT_UINT:
        return decimal_of_whole(false, c->u, d);
    case GR_CONSTANT_DOUBLE:
        if (!decimal_of_double(c->d, d))
            return false;
        drop_zero_behind_point(d);
        return true;
    case GR_CONSTANT_STRING:
        return c->s && gri_decimal_read(c->s, strlen(c->s), d) == GRI_DECIMAL_RIGHT;
    default:
        return false;
    }
}

/* --- comparing --- */

/* Whether not all digits behind the first n are zeros. */
static bool has_more_digits(const struct gri_decimal *d, unsigned n)
{
    while (n < d->n && d->digit[n] == '0')
        n++;
    return n < d->n;
}

static int compare_sizes(const struct gri_decimal *a, const struct gri_decimal *b)
{
    if (!a->n || !b->n)
        return (a->n > 0) - (b->n > 0);
    int top_a = a->exponent + (int)a->n, top_b = b->exponent + (int)b->n;
    if (top_a != top_b)
        return top_a < top_b ? -1 : 1;
    unsigned both = a->n < b->n ? a->n : b->n;
    int order = memcmp(a->digit, b->digit, both);
    if (order)
        return order < 0 ? -1 : 1;
    return (int)has_more_digits(a, both) - (int)has_more_digits(b, both);
}

/* -2 is -infinity, 0 is zero, 3 is NaN. */
static int rank_of(const struct gri_decimal *d)
{
    if (d->is == GRI_NAN)
        return 3;
    int size = d->is == GRI_INFINITE ? 2 : d->n > 0;
    return d->negative ? -size : size;
}

static bool is_written_alike(const struct gri_decimal *a, const struct gri_decimal *b)
{
    bool alike = (a->is == b->is) & (a->negative == b->negative) & (a->n == b->n) & (a->exponent == b->exponent);
    return alike && memcmp(a->digit, b->digit, a->n) == 0;
}

int gri_decimal_compare(const struct gri_decimal *a, const struct gri_decimal *b)
{
    if (is_written_alike(a, b))
        return 0;
    int rank_a = rank_of(a), rank_b = rank_of(b);
    if (rank_a != rank_b)
        return rank_a < rank_b ? -1 : 1;
    if (rank_a != 1 && rank_a != -1)
        return 0;
    int order = compare_sizes(a, b);
    return a->negative ? -order : order;
}

/* Eight digits, or those that there are. */
static uint64_t digits_as_word(const char *digit, unsigned n)
{
    uint64_t word = 0;
    memcpy(&word, digit, n < sizeof word ? n : sizeof word);
    return word;
}

static uint64_t mix_hash(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 32;
}

uint64_t gri_decimal_hash(const struct gri_decimal *d)
{
    int rank = rank_of(d);
    uint64_t hash = (uint64_t)rank;
    unsigned n = d->n;
    if (rank != 1 && rank != -1)
        return hash;
    while (n && d->digit[n - 1] == '0')
        n--;
    hash = mix_hash(hash, (uint64_t)(d->exponent + (int)d->n));
    for (unsigned i = 0; i < n; i += 8)
        hash = mix_hash(hash, digits_as_word(d->digit + i, n - i));
    return hash;
}

/* --- multiples --- */

/* Without zeros at its end. */
static struct gri_decimal bare(const struct gri_decimal *d)
{
    struct gri_decimal b = *d;
    while (b.n && b.digit[b.n - 1] == '0') {
        b.n--;
        b.exponent++;
    }
    return b;
}

static uint64_t value_of_digits(const struct gri_decimal *d)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < d->n; i++)
        value = value * 10 + (uint64_t)(d->digit[i] - '0');
    return value;
}

bool gri_decimal_is_step(const struct gri_decimal *d)
{
    return d->is == GRI_FINITE && !d->negative && d->n && bare(d).n <= GRI_STEP_DIGITS;
}

/* Of zeros at the end of a number only so many matter to what is left over by one below 10^18: it has no more twos and
 * fives. */
bool gri_decimal_is_multiple(const struct gri_decimal *d, const struct gri_decimal *of)
{
    enum { MOST_ZEROS = 60 };
    struct gri_decimal value = bare(d), step = bare(of);
    if (value.is != GRI_FINITE)
        return false;
    if (value.n && value.exponent < step.exponent) /* its last digit, no 0, stands behind all of the multiples' */
        return false;
    uint64_t by = value_of_digits(&step), left = 0;
    for (unsigned i = 0; i < value.n; i++)
        left = (left * 10 + (uint64_t)(value.digit[i] - '0')) % by;
    for (int i = 0; i < value.exponent - step.exponent && i < MOST_ZEROS && left; i++)
        left = left * 10 % by;
    return left == 0;
}

/* --- digits --- */

struct gri_decimal_digits gri_decimal_digits(const struct gri_decimal *d, bool normalized)
{
    struct gri_decimal value = normalized ? bare(d) : *d;
    size_t all = value.n ? value.n : 1;
    if (normalized && !value.n)
        value.exponent = 0;
    if (value.exponent >= 0)
        return (struct gri_decimal_digits){all + (size_t)value.exponent, 0};
    size_t behind = (size_t)-value.exponent;
    return (struct gri_decimal_digits){all > behind ? all : behind, behind};
}
