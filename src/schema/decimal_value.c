/* What programs do with a gr_decimal. */
#include <math.h>

#include "schema/constant.h"
#include "schema/decimal.h"
#include "schema/number.h"

enum { MOST_PLACES = 18 };

int gr_decimal_read(gr_decimal *decimal, const char *text)
{
    struct gri_decimal d;
    enum gri_decimal_flaw flaw = gri_decimal_read(text, strlen(text), &d);
    if (flaw)
        return flaw == GRI_DECIMAL_NO_NUMBER ? GR_EINVAL : GR_EMSGSIZE;
    gri_decimal_store(&d, decimal);
    return 0;
}

gr_decimal gr_decimal_of(int64_t number, int places)
{
    gr_decimal decimal;
    struct gri_decimal d;
    gr_constant c = gri_constant_int(number);
    gri_decimal_constant(&c, &d);
    d.exponent = places < 0 ? 0 : places > MOST_PLACES ? -MOST_PLACES : -places;
    gri_decimal_store(&d, &decimal);
    return decimal;
}

/* value * 10 + digit. False: beyond 64 bits. */
static bool append(uint64_t *value, char digit)
{
    uint64_t add = (uint64_t)(digit - '0');
    if (*value > (UINT64_MAX - add) / 10)
        return false;
    *value = *value * 10 + add;
    return true;
}

/* The digits up to 10^-places, of which those behind must be zeros. */
static int scale(const struct gri_decimal *d, int places, uint64_t *size)
{
    int wanted = (int)d->n + d->exponent + places;
    *size = 0;
    for (int i = wanted < 0 ? 0 : wanted; i < (int)d->n; i++)
        if (d->digit[i] != '0')
            return GR_EINVAL;
    for (int i = 0; i < wanted && d->n; i++)
        if (!append(size, i < (int)d->n ? d->digit[i] : '0'))
            return GR_EMSGSIZE;
    return 0;
}

int gr_decimal_scaled(const gr_decimal *decimal, int places, int64_t *number)
{
    struct gri_decimal d;
    uint64_t size;
    if (places < 0 || places > MOST_PLACES || !gri_decimal_load(decimal, &d) || d.is != GRI_FINITE)
        return GR_EINVAL;
    int rc = scale(&d, places, &size);
    if (rc)
        return rc;
    if (size > (uint64_t)INT64_MAX + d.negative)
        return GR_EMSGSIZE;
    *number = d.negative ? (int64_t)(0 - size) : (int64_t)size;
    return 0;
}

double gr_decimal_to_double(const gr_decimal *decimal)
{
    struct gri_decimal d;
    double value = 0;
    gr_decimal plain;
    if (!gri_decimal_load(decimal, &d))
        return NAN;
    gri_decimal_store(&d, &plain);
    gri_double_read(plain.text, strlen(plain.text), &value);
    return value;
}

int gr_decimal_from_double(gr_decimal *decimal, double value)
{
    struct gri_decimal d;
    gr_constant c = gri_constant_double(value);
    if (!isfinite(value) || !gri_decimal_constant(&c, &d))
        return GR_EINVAL;
    gri_decimal_store(&d, decimal);
    return 0;
}

static struct gri_decimal load_or_nan(const gr_decimal *decimal)
{
    struct gri_decimal d;
    return gri_decimal_load(decimal, &d) ? d : (struct gri_decimal){.is = GRI_NAN};
}

int gr_decimal_compare(const gr_decimal *a, const gr_decimal *b)
{
    struct gri_decimal da = load_or_nan(a), db = load_or_nan(b);
    return gri_decimal_compare(&da, &db);
}
