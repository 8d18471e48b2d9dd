#include "schema/kind.h"

#include <math.h>

#include "schema/bounds.h"
#include "schema/constant.h"
#include "schema/number.h"
#include "schema/openapi_value.h"

/* An integer as pydantic reads one, whatever its size. */
struct integer {
    bool negative, huge; /* huge: beyond 64 bits */
    uint64_t size;
};

/* Digits with single underscores between them: how many bytes, 0 for none. */
static size_t integer_digits(struct integer *n, const char *text, size_t len)
{
    size_t i = 0;
    for (; i < len; i++) {
        if (text[i] == '_' && i > 0 && text[i - 1] != '_' && i + 1 < len)
            continue;
        if (!gri_is_digit(text[i]))
            break;
        uint64_t digit = (uint64_t)(text[i] - '0');
        n->huge = n->huge || n->size > (UINT64_MAX - digit) / 10;
        n->size = n->size * 10 + digit;
    }
    return i && text[i - 1] == '_' ? 0 : i;
}

/* " +1_000.00 ": behind a point there are zeros, and at least one. False: not an integer. */
static bool read_integer(const char *text, size_t len, struct integer *n)
{
    struct gri_str s = gri_str_strip((struct gri_str){text, len});
    n->negative = s.len && *s.at == '-';
    if (s.len && (*s.at == '-' || *s.at == '+'))
        s.at++, s.len--;
    size_t digits = integer_digits(n, s.at, s.len);
    if (!digits)
        return false;
    if (digits + 1 < s.len && s.at[digits] == '.')
        for (digits++; digits < s.len && s.at[digits] == '0';)
            digits++;
    return digits == s.len;
}

/* As a double where no integer constant holds it: a bound, which is one, is then compared right all the same. */
static gr_constant integer_value(const struct integer *n)
{
    if (n->huge || (n->negative && n->size > (uint64_t)INT64_MAX + 1))
        return gri_constant_double(n->negative ? -1e300 : 1e300);
    if (n->negative)
        return gri_constant_int((int64_t)(0 - n->size));
    return gri_constant_uint(n->size);
}

static int int_from_text(const struct gri_reading *r, gr_constant *value)
{
    enum { MAX_DIGITS = 4300 }; /* Python's own limit, and pydantic's */
    struct integer n = {.size = 0};
    if (r->value->len > MAX_DIGITS)
        return gri_refuse(r, GRI_INT_PARSING_SIZE);
    if (!read_integer(r->value->at, r->value->len, &n))
        return gri_refuse(r, GRI_INT_PARSING);
    *value = integer_value(&n);
    return 0;
}

static int int_from_float(const struct gri_reading *r, gr_constant *value)
{
    double number;
    gri_double_read(r->value->at, r->value->len, &number);
    if (!isfinite(number))
        return gri_refuse(r, GRI_FINITE_NUMBER);
    if (number != floor(number))
        return gri_refuse(r, GRI_INT_FROM_FLOAT);
    if (number >= -9223372036854775808.0 && number < 9223372036854775808.0)
        *value = gri_constant_int((int64_t)number);
    else
        *value = gri_constant_double(number);
    return 0;
}

int gri_integer_read(const struct gri_reading *r, gr_constant *value)
{
    switch (r->value->kind) {
    case GRI_JSON_NUMBER:
        return r->value->special ? int_from_float(r, value) : int_from_text(r, value);
    case GRI_JSON_STRING:
        return int_from_text(r, value);
    case GRI_JSON_TRUE:
    case GRI_JSON_FALSE:
        *value = gri_constant_int(r->value->kind == GRI_JSON_TRUE);
        return 0;
    default:
        return gri_refuse_type(r);
    }
}

static int store_integer(const struct gri_reading *r, const gr_constant *value)
{
    enum gri_error_kind kind;
    gr_constant min = gri_type_min(r->m->type), max = gri_type_max(r->m->type);
    bool fits = gri_constant_compare(value, &min) >= 0 && gri_constant_compare(value, &max) <= 0;
    const gr_constant *bound = NULL;
    if (r->m->checked)
        bound = gri_bounds_broken(r->field, value, &kind);
    if (bound)
        return gri_refuse_by(r, kind, *bound);
    if (!fits && gri_type_is_unsigned(r->m->type) && gri_constant_compare(value, &min) < 0)
        return gri_refuse_by(r, GRI_GREATER_THAN_EQUAL, min);
    if (!fits)
        return gri_refuse(r, GRI_INT_PARSING_SIZE);
    gri_constant_store(value, r->m->type, r->to);
    return 0;
}

/* A few digits and nothing else: nearly every integer. */
static bool read_plain(const struct gri_value *v, int64_t *value)
{
    enum { MOST_DIGITS = 18 };
    int64_t n = 0;
    if (v->len == 0 || v->len > MOST_DIGITS || v->kind < GRI_JSON_STRING || v->kind > GRI_JSON_NUMBER)
        return false;
    for (size_t i = 0; i < v->len; i++) {
        if (!gri_is_digit(v->at[i]))
            return false;
        n = n * 10 + (v->at[i] - '0');
    }
    *value = n;
    return true;
}

static int read_int(const struct gri_reading *r)
{
    gr_constant value;
    int64_t plain;
    if (read_plain(r->value, &plain)) {
        value = gri_constant_int(plain);
        if (r->m->type != GR_TYPE_INT64 || r->m->checked)
            return store_integer(r, &value);
        memcpy(r->to, &plain, sizeof plain);
        return 0;
    }
    int rc = gri_integer_read(r, &value);
    return rc ? rc : store_integer(r, &value);
}

static const char *write_int(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    gri_buf_put_i64(buf, gri_load_signed(at, m->size));
    return NULL;
}

static const char *write_uint(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    gri_buf_put_u64(buf, gri_load_unsigned(at, m->size));
    return NULL;
}

/* An integer that its member cannot hold is refused: of all but int64_t that says something. */
static json_t *document_int(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    json_t *schema = gri_doc_typed(doc, "integer");
    gr_type type = gri_field_type(f);
    gr_constant min = gri_type_min(type), max = gri_type_max(type);
    bool narrow = gri_type_size(type) < sizeof(int64_t);
    (void)view;
    gri_bounds_document(doc, schema, f, narrow || gri_type_is_unsigned(type) ? &min : NULL, narrow ? &max : NULL);
    return schema;
}

static bool takes_integer(const gr_constant *c)
{
    return c->kind == GR_CONSTANT_INT || c->kind == GR_CONSTANT_UINT;
}

static void default_integer(const struct gri_member *m, void *to)
{
    gri_constant_store(&m->field->default_value, m->type, to);
}

static enum gri_exactness integer_exactness(const struct gri_value *value)
{
    return value->kind == GRI_JSON_NUMBER && !value->special ? GRI_EXACT : GRI_LAX;
}

#define INTEGER_KIND(type, writes) \
    { \
        .size = sizeof(type), .options = GRI_HAS_BOUNDS, .type_error = GRI_INT_TYPE, .read = read_int, \
        .write = (writes), .check = gri_bounds_check, .document = document_int, .takes = takes_integer, \
        .compare_constants = gri_constant_compare, .put_default = default_integer, .exactness = integer_exactness, \
        .label = "int", .constrained_label = "constrained-int" \
    }

const struct gri_kind gri_kind_int8 = INTEGER_KIND(int8_t, write_int);
const struct gri_kind gri_kind_int16 = INTEGER_KIND(int16_t, write_int);
const struct gri_kind gri_kind_int32 = INTEGER_KIND(int32_t, write_int);
const struct gri_kind gri_kind_int64 = INTEGER_KIND(int64_t, write_int);
const struct gri_kind gri_kind_uint8 = INTEGER_KIND(uint8_t, write_uint);
const struct gri_kind gri_kind_uint16 = INTEGER_KIND(uint16_t, write_uint);
const struct gri_kind gri_kind_uint32 = INTEGER_KIND(uint32_t, write_uint);
const struct gri_kind gri_kind_uint64 = INTEGER_KIND(uint64_t, write_uint);
