#include "schema/scalar.h"

#include <math.h>
#include <strings.h>

#include "schema/constant.h"
#include "schema/number.h"
#include "schema/text.h"

/* One parameter on its way. */
struct reading {
    const gr_field *field;
    const char *text, *source;
    size_t len;
    struct gri_arena *arena;
    char *member;
    struct gri_errors *errors;
};

static int refuse(const struct reading *r, enum gri_error_kind kind, gr_constant limit)
{
    struct gri_error error = {.kind = kind,
                              .source = r->source,
                              .name = gri_field_wire_name(r->field),
                              .input = r->text,
                              .input_len = r->len,
                              .limit = limit};
    if (gri_type_is_float(gri_field_type(r->field)) && limit.kind != GR_CONSTANT_NONE)
        error.limit = gri_constant_double(gri_constant_as_double(&limit));
    return gri_errors_add(r->errors, &error);
}

static int refuse_plainly(const struct reading *r, enum gri_error_kind kind)
{
    return refuse(r, kind, (gr_constant){.kind = GR_CONSTANT_NONE});
}

/* Where the value goes: the member, or what it is made to point to. */
static int store(const struct reading *r, const gr_constant *value)
{
    gr_type type = gri_field_type(r->field);
    void *at = r->member;
    if (r->field->type & GR_POINTER) {
        at = gri_arena_alloc(r->arena, gri_type_size(type));
        if (!at)
            return GR_ENOMEM;
        memcpy(r->member, &at, sizeof at);
    }
    gri_constant_store(value, type, at);
    return 0;
}

/* The first bound that the value breaks, in pydantic's order; NULL: none. */
static const gr_constant *broken_bound(const gr_field *f, const gr_constant *value, enum gri_error_kind *kind)
{
    if (f->le.kind && gri_constant_compare(value, &f->le) > 0)
        return *kind = GRI_LESS_THAN_EQUAL, &f->le;
    if (f->lt.kind && gri_constant_compare(value, &f->lt) >= 0)
        return *kind = GRI_LESS_THAN, &f->lt;
    if (f->ge.kind && gri_constant_compare(value, &f->ge) < 0)
        return *kind = GRI_GREATER_THAN_EQUAL, &f->ge;
    if (f->gt.kind && gri_constant_compare(value, &f->gt) <= 0)
        return *kind = GRI_GREATER_THAN, &f->gt;
    return NULL;
}

/* An integer as pydantic reads one, whatever its size. */
struct integer {
    bool negative, huge; /* huge: beyond 64 bits */
    uint64_t size;
};

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Digits with single underscores between them: how many bytes, 0 for none. */
static size_t take_digits(struct integer *n, const char *text, size_t len)
{
    size_t i = 0;
    for (; i < len; i++) {
        if (text[i] == '_' && i > 0 && text[i - 1] != '_' && i + 1 < len)
            continue;
        if (text[i] < '0' || text[i] > '9')
            break;
        uint64_t digit = (uint64_t)(text[i] - '0');
        n->huge = n->huge || n->size > (UINT64_MAX - digit) / 10;
        n->size = n->size * 10 + digit;
    }
    return i && text[i - 1] == '_' ? 0 : i;
}

/* " +1_000.00 ". False: not an integer. */
static bool read_integer(const char *text, size_t len, struct integer *n)
{
    while (len && is_space(*text))
        text++, len--;
    while (len && is_space(text[len - 1]))
        len--;
    n->negative = len && *text == '-';
    if (len && (*text == '-' || *text == '+'))
        text++, len--;
    size_t digits = take_digits(n, text, len);
    if (!digits)
        return false;
    if (digits < len && text[digits] == '.')
        for (digits++; digits < len && text[digits] == '0';)
            digits++;
    return digits == len;
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

static int parse_int(const struct reading *r)
{
    enum { MAX_DIGITS = 4300 }; /* Python's own limit, and pydantic's */
    struct integer n = {.size = 0};
    enum gri_error_kind kind;
    gr_type type = gri_field_type(r->field);
    if (r->len > MAX_DIGITS)
        return refuse_plainly(r, GRI_INT_PARSING_SIZE);
    if (!read_integer(r->text, r->len, &n))
        return refuse_plainly(r, GRI_INT_PARSING);
    gr_constant value = integer_value(&n), min = gri_type_min(type), max = gri_type_max(type);
    const gr_constant *bound = broken_bound(r->field, &value, &kind);
    if (bound)
        return refuse(r, kind, *bound);
    if (gri_type_is_unsigned(type) && gri_constant_compare(&value, &min) < 0)
        return refuse(r, GRI_GREATER_THAN_EQUAL, min);
    if (gri_constant_compare(&value, &min) < 0 || gri_constant_compare(&value, &max) > 0)
        return refuse_plainly(r, GRI_INT_PARSING_SIZE);
    return store(r, &value);
}

static bool is_finite(double value, gr_type type)
{
    return isfinite(type == GR_TYPE_FLOAT ? (double)(float)value : value);
}

static int parse_float(const struct reading *r)
{
    double number;
    enum gri_error_kind kind;
    if (!gri_double_read(r->text, r->len, &number))
        return refuse_plainly(r, GRI_FLOAT_PARSING);
    if (!is_finite(number, gri_field_type(r->field)))
        return refuse_plainly(r, GRI_FINITE_NUMBER);
    gr_constant value = gri_constant_double(number);
    const gr_constant *bound = broken_bound(r->field, &value, &kind);
    return bound ? refuse(r, kind, *bound) : store(r, &value);
}

static int parse_bool(const struct reading *r)
{
    static const char *const words[] = {"true", "t", "yes", "y", "on", "1", "false", "f", "no", "n", "off", "0"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i]) == r->len && strncasecmp(words[i], r->text, r->len) == 0) {
            gr_constant value = gri_constant_int(i < 6);
            return store(r, &value);
        }
    }
    return refuse_plainly(r, GRI_BOOL_PARSING);
}

/* A NUL would cut the C string short behind the handler's back. */
static int parse_string(const struct reading *r)
{
    const gr_field *f = r->field;
    if (!gri_utf8_valid(r->text, r->len) || memchr(r->text, '\0', r->len))
        return refuse_plainly(r, GRI_STRING_UNICODE);
    size_t chars = f->min_len || f->max_len ? gri_utf8_chars(r->text, r->len) : 0;
    if (chars < f->min_len)
        return refuse(r, GRI_STRING_TOO_SHORT, gri_constant_uint(f->min_len));
    if (f->max_len && chars > f->max_len)
        return refuse(r, GRI_STRING_TOO_LONG, gri_constant_uint(f->max_len));
    char *copy = gri_arena_strndup(r->arena, r->text, r->len);
    if (!copy)
        return GR_ENOMEM;
    memcpy(r->member, &copy, sizeof copy);
    return 0;
}

int gri_scalar_parse(const gr_field *field, const char *text, size_t len, const char *source, struct gri_arena *arena,
                     void *in, struct gri_errors *errors)
{
    struct reading r = {field, text, source, len, arena, (char *)in + field->offset, errors};
    gr_type type = gri_field_type(field);
    if (type == GR_TYPE_STRING)
        return parse_string(&r);
    if (type == GR_TYPE_BOOL)
        return parse_bool(&r);
    return gri_type_is_float(type) ? parse_float(&r) : parse_int(&r);
}

int gri_scalar_absent(const gr_field *field, const char *source, struct gri_arena *arena, void *in,
                      struct gri_errors *errors)
{
    struct reading r = {field, NULL, source, 0, arena, (char *)in + field->offset, errors};
    const gr_constant *value = &field->default_value;
    if (value->kind == GR_CONSTANT_NONE)
        return field->optional ? 0 : gri_errors_missing(errors, source, gri_field_wire_name(field));
    if (value->kind != GR_CONSTANT_STRING)
        return store(&r, value);
    memcpy(r.member, &value->s, sizeof value->s);
    return 0;
}
