/* Decimal numbers, exactly: read, written, compared. Nothing here rounds, and nothing asks for memory. */
#ifndef GRI_SCHEMA_DECIMAL_H
#define GRI_SCHEMA_DECIMAL_H

#include <griddle/model.h>

enum gri_decimal_class { GRI_FINITE, GRI_INFINITE, GRI_NAN };

/* digit[0] digit[1] ... digit[n - 1], times 10^exponent. The first is not 0; of zero n is 0. */
struct gri_decimal {
    enum gri_decimal_class is;
    bool negative;
    unsigned n;
    int exponent;
    char digit[GR_DECIMAL_DIGITS]; /* '0' to '9' */
};

/* Why a text is none that a gr_decimal holds. */
enum gri_decimal_flaw { GRI_DECIMAL_RIGHT, GRI_DECIMAL_NO_NUMBER, GRI_DECIMAL_TOO_LARGE, GRI_DECIMAL_TOO_FINE };

/* Reads what Python's Decimal() takes: white space around it, a sign, digits with underscores between them, a point, an
 * exponent; inf, infinity, nan and snan in any case. */
enum gri_decimal_flaw gri_decimal_read(const char *text, size_t len, struct gri_decimal *d);

/* What a gr_decimal holds. False: it was filled by hand, and wrongly. */
bool gri_decimal_load(const gr_decimal *from, struct gri_decimal *d);

/* As Python's str() writes it. */
void gri_decimal_store(const struct gri_decimal *d, gr_decimal *to);

/* A number that was declared, or a text with one; a double is its shortest text. False: it is none. */
bool gri_decimal_constant(const gr_constant *c, struct gri_decimal *d);

/* Below, at, or above 0. NaN is above all. */
int gri_decimal_compare(const struct gri_decimal *a, const struct gri_decimal *b);

/* The same for equal ones. */
uint64_t gri_decimal_hash(const struct gri_decimal *d);

/* Whether a number can be one whose multiples are asked for, and whether a number is a multiple of it. */
enum { GRI_STEP_DIGITS = 18 };
bool gri_decimal_is_step(const struct gri_decimal *d);
bool gri_decimal_is_multiple(const struct gri_decimal *d, const struct gri_decimal *of);

/* How many digits it has, those behind the point with it, and how many of them are there; without zeros at the end
 * where that is asked for. */
struct gri_decimal_digits {
    size_t all, behind;
};
struct gri_decimal_digits gri_decimal_digits(const struct gri_decimal *d, bool normalized);

#endif
