#include "schema/scalar.h"

#include <math.h>

#include "base/utf8.h"
#include "schema/constant.h"
#include "schema/formats.h"
#include "schema/number.h"

/* One value on its way. */
struct scalar_reading {
    const struct gri_member *m;
    const gr_field *field;
    const struct gri_value *value;
    void *to;
    struct gri_arena *arena;
    struct gri_steps *steps;
    struct gri_error *why;
};

static int scalar_refuse(const struct scalar_reading *r, enum gri_error_kind kind)
{
    *r->why = (struct gri_error){.kind = kind};
    return 1;
}

static int refuse_by(const struct scalar_reading *r, enum gri_error_kind kind, gr_constant limit)
{
    if (gri_type_is_float(r->m->type) && limit.kind != GR_CONSTANT_STRING)
        limit = gri_constant_double(gri_constant_as_double(&limit));
    *r->why = (struct gri_error){.kind = kind, .limit = limit};
    return 1;
}

static int scalar_refuse_as(const struct scalar_reading *r, enum gri_error_kind kind, const char *text)
{
    return refuse_by(r, kind, (gr_constant){.kind = GR_CONSTANT_STRING, .s = text});
}

enum gri_error_kind gri_scalar_type_error(const struct gri_member *m)
{
    switch (m->type) {
    case GR_TYPE_BOOL:
        return GRI_BOOL_TYPE;
    case GR_TYPE_FLOAT:
    case GR_TYPE_DOUBLE:
        return GRI_FLOAT_TYPE;
    case GR_TYPE_STRING:
    case GR_TYPE_CHARS:
        if (m->field->literal[0])
            return GRI_LITERAL_ERROR;
        return m->field->format == GR_FORMAT_URL || m->field->format == GR_FORMAT_HTTP_URL ? GRI_URL_TYPE
                                                                                           : GRI_STRING_TYPE;
    case GR_TYPE_BYTES:
        return GRI_BYTES_TYPE;
    case GR_TYPE_ENUM:
        return GRI_ENUM;
    case GR_TYPE_DATE:
        return GRI_DATE_TYPE;
    case GR_TYPE_TIME:
        return GRI_TIME_TYPE;
    case GR_TYPE_DATETIME:
        return GRI_DATETIME_TYPE;
    case GR_TYPE_DURATION:
        return GRI_DURATION_TYPE;
    case GR_TYPE_UUID:
        return GRI_UUID_TYPE;
    case GR_TYPE_OBJECT:
    case GR_TYPE_ARM:
        return GRI_MODEL_ATTRIBUTES_TYPE;
    default:
        return GRI_INT_TYPE;
    }
}

static int refuse_type(const struct scalar_reading *r)
{
    enum gri_error_kind kind = gri_scalar_type_error(r->m);
    return r->m->expected ? scalar_refuse_as(r, kind, r->m->expected) : scalar_refuse(r, kind);
}

/* --- numbers --- */

/* Whether an integer is a multiple, exactly; the sign does not matter. */
static bool is_whole_multiple(const gr_constant *value, const gr_constant *of)
{
    uint64_t size = value->kind == GR_CONSTANT_UINT ? value->u
                    : value->i < 0                  ? 0 - (uint64_t)value->i
                                                    : (uint64_t)value->i;
    uint64_t step = of->kind == GR_CONSTANT_UINT ? of->u : (uint64_t)of->i;
    return size % step == 0;
}

/* pydantic's own test: the remainder is nothing beside the value. */
static bool is_float_multiple(double value, double step)
{
    double rem = fmod(value, step), threshold = fabs(value) / 1e9;
    return fabs(rem) <= threshold || fabs(fabs(rem) - fabs(step)) <= threshold;
}

static bool is_multiple(const gr_constant *value, const gr_constant *of)
{
    if (value->kind == GR_CONSTANT_DOUBLE || of->kind == GR_CONSTANT_DOUBLE)
        return is_float_multiple(gri_constant_as_double(value), gri_constant_as_double(of));
    return is_whole_multiple(value, of);
}

/* The first constraint that the value breaks, in pydantic's order; NULL: none. */
static const gr_constant *broken_bound(const gr_field *f, const gr_constant *value, enum gri_error_kind *kind)
{
    if (f->multiple_of.kind && !is_multiple(value, &f->multiple_of))
        return *kind = GRI_MULTIPLE_OF, &f->multiple_of;
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

/* Digits with single underscores between them: how many bytes, 0 for none. */
static size_t scalar_take_digits(struct integer *n, const char *text, size_t len)
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

/* " +1_000.00 ". False: not an integer. */
static bool read_integer(const char *text, size_t len, struct integer *n)
{
    struct gri_str s = gri_str_strip((struct gri_str){text, len});
    n->negative = s.len && *s.at == '-';
    if (s.len && (*s.at == '-' || *s.at == '+'))
        s.at++, s.len--;
    size_t digits = scalar_take_digits(n, s.at, s.len);
    if (!digits)
        return false;
    if (digits < s.len && s.at[digits] == '.')
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

static int store_integer(const struct scalar_reading *r, const gr_constant *value)
{
    enum gri_error_kind kind;
    gr_constant min = gri_type_min(r->m->type), max = gri_type_max(r->m->type);
    bool fits = gri_constant_compare(value, &min) >= 0 && gri_constant_compare(value, &max) <= 0;
    const gr_constant *bound = NULL;
    if (r->m->checked)
        bound = broken_bound(r->field, value, &kind);
    if (bound)
        return refuse_by(r, kind, *bound);
    if (!fits && gri_type_is_unsigned(r->m->type) && gri_constant_compare(value, &min) < 0)
        return refuse_by(r, GRI_GREATER_THAN_EQUAL, min);
    if (!fits)
        return scalar_refuse(r, GRI_INT_PARSING_SIZE);
    gri_constant_store(value, r->m->type, r->to);
    return 0;
}

static int int_from_text(const struct scalar_reading *r, gr_constant *value)
{
    enum { MAX_DIGITS = 4300 }; /* Python's own limit, and pydantic's */
    struct integer n = {.size = 0};
    if (r->value->len > MAX_DIGITS)
        return scalar_refuse(r, GRI_INT_PARSING_SIZE);
    if (!read_integer(r->value->at, r->value->len, &n))
        return scalar_refuse(r, GRI_INT_PARSING);
    *value = integer_value(&n);
    return 0;
}

static int int_from_float(const struct scalar_reading *r, gr_constant *value)
{
    double number;
    gri_double_read(r->value->at, r->value->len, &number);
    if (!isfinite(number))
        return scalar_refuse(r, GRI_FINITE_NUMBER);
    if (number != floor(number))
        return scalar_refuse(r, GRI_INT_FROM_FLOAT);
    if (number >= -9223372036854775808.0 && number < 9223372036854775808.0)
        *value = gri_constant_int((int64_t)number);
    else
        *value = gri_constant_double(number);
    return 0;
}

/* 0 and the number, or as gri_scalar_read(). */
static int any_integer(const struct scalar_reading *r, gr_constant *value)
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
        return refuse_type(r);
    }
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

static int read_int(const struct scalar_reading *r)
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
    int rc = any_integer(r, &value);
    return rc ? rc : store_integer(r, &value);
}

static int any_float(const struct scalar_reading *r, double *number)
{
    switch (r->value->kind) {
    case GRI_JSON_NUMBER:
        gri_double_read(r->value->at, r->value->len, number);
        return 0;
    case GRI_JSON_STRING:
        return gri_double_read(r->value->at, r->value->len, number) ? 0 : scalar_refuse(r, GRI_FLOAT_PARSING);
    case GRI_JSON_TRUE:
    case GRI_JSON_FALSE:
        *number = r->value->kind == GRI_JSON_TRUE;
        return 0;
    default:
        return refuse_type(r);
    }
}

static int read_float(const struct scalar_reading *r)
{
    double number;
    enum gri_error_kind kind;
    int rc = any_float(r, &number);
    if (rc)
        return rc;
    if (!isfinite(r->m->type == GR_TYPE_FLOAT ? (double)(float)number : number))
        return scalar_refuse(r, GRI_FINITE_NUMBER);
    gr_constant value = gri_constant_double(number);
    const gr_constant *bound = r->m->checked ? broken_bound(r->field, &value, &kind) : NULL;
    if (bound)
        return refuse_by(r, kind, *bound);
    gri_constant_store(&value, r->m->type, r->to);
    return 0;
}

static int store_bool(const struct scalar_reading *r, bool value)
{
    memcpy(r->to, &value, sizeof value);
    return 0;
}

static int bool_from_text(const struct scalar_reading *r)
{
    static const char *const words[] = {"true", "t", "yes", "y", "on", "1", "false", "f", "no", "n", "off", "0"};
    struct gri_str text = {r->value->at, r->value->len};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (gri_str_is_nocase(text, gri_str_from(words[i])))
            return store_bool(r, i < 6);
    return scalar_refuse(r, GRI_BOOL_PARSING);
}

static int bool_from_number(const struct scalar_reading *r)
{
    double number;
    gri_double_read(r->value->at, r->value->len, &number);
    if (number == 0 || number == 1)
        return store_bool(r, number == 1);
    return scalar_refuse(r, r->value->special ? GRI_BOOL_TYPE : GRI_BOOL_PARSING);
}

static int read_bool(const struct scalar_reading *r)
{
    switch (r->value->kind) {
    case GRI_JSON_TRUE:
    case GRI_JSON_FALSE:
        return store_bool(r, r->value->kind == GRI_JSON_TRUE);
    case GRI_JSON_NUMBER:
        return bool_from_number(r);
    case GRI_JSON_STRING:
        return bool_from_text(r);
    default:
        return refuse_type(r);
    }
}

/* --- texts --- */

/* A NUL would cut the C string short behind the handler's back. JSON's were refused before. */
static bool is_scalar_text(const struct gri_value *v)
{
    return gri_utf8_valid(v->at, v->len) && !memchr(v->at, '\0', v->len);
}

static int check_length(const struct scalar_reading *r, size_t len, enum gri_error_kind too_short,
                        enum gri_error_kind too_long)
{
    if (len < r->field->min_len)
        return refuse_by(r, too_short, gri_constant_uint(r->field->min_len));
    if (r->field->max_len && len > r->field->max_len)
        return refuse_by(r, too_long, gri_constant_uint(r->field->max_len));
    return 0;
}

/* One text that takes too long is enough to refuse a request: the others are not looked at. */
static int scalar_check_pattern(const struct scalar_reading *r)
{
    if (!r->m->pattern || r->steps->spent_by)
        return 0;
    int rc = gri_regex_matches(r->m->pattern, r->value->at, r->value->len, r->steps);
    if (rc == GR_EMSGSIZE) {
        r->steps->spent_by = r->m;
        return scalar_refuse_as(r, GRI_STRING_PATTERN_LIMIT, r->field->pattern);
    }
    if (rc < 0)
        return rc;
    return rc ? 0 : scalar_refuse_as(r, GRI_STRING_PATTERN_MISMATCH, r->field->pattern);
}

static int check_literal(const struct scalar_reading *r)
{
    const char *const *literal = r->field->literal;
    if (!r->m->expected)
        return 0;
    for (size_t i = 0; i < sizeof r->field->literal / sizeof *literal && literal[i]; i++)
        if (strlen(literal[i]) == r->value->len && memcmp(literal[i], r->value->at, r->value->len) == 0)
            return 0;
    return scalar_refuse_as(r, GRI_LITERAL_ERROR, r->m->expected);
}

static int check_text(const struct scalar_reading *r)
{
    const gr_field *f = r->field;
    if (!r->m->checked)
        return 0;
    size_t chars = f->min_len || f->max_len ? gri_utf8_chars(r->value->at, r->value->len) : 0;
    int rc = check_length(r, chars, GRI_STRING_TOO_SHORT, GRI_STRING_TOO_LONG);
    if (rc == 0)
        rc = scalar_check_pattern(r);
    return rc ? rc : check_literal(r);
}

/* A copy, or the normal form that the format gives it. */
static int take_string(const struct scalar_reading *r, const char **text)
{
    const struct gri_value *v = r->value;
    const char *why = NULL;
    gr_format format = r->field->format;
    if (format == GR_FORMAT_URL || format == GR_FORMAT_HTTP_URL)
        *text = gri_url_read(v->at, v->len, r->arena, &why);
    else if (format == GR_FORMAT_EMAIL)
        *text = gri_email_read(v->at, v->len, r->arena, &why);
    else
        *text = v->owned ? v->at : gri_arena_strndup(r->arena, v->at, v->len);
    if (!*text)
        return why ? scalar_refuse_as(r, format == GR_FORMAT_EMAIL ? GRI_EMAIL_VALUE : GRI_URL_PARSING, why)
                   : GR_ENOMEM;
    if (format == GR_FORMAT_HTTP_URL && strncmp(*text, "http:", 5) != 0 && strncmp(*text, "https:", 6) != 0)
        return scalar_refuse_as(r, GRI_URL_SCHEME, "'http' or 'https'");
    return 0;
}

static int read_string(const struct scalar_reading *r)
{
    const char *text;
    if (r->value->kind != GRI_JSON_STRING)
        return refuse_type(r);
    if (!r->value->owned && !is_scalar_text(r->value))
        return scalar_refuse(r, GRI_STRING_UNICODE);
    int rc = check_text(r);
    if (rc == 0)
        rc = take_string(r, &text);
    if (rc == 0)
        memcpy(r->to, &text, sizeof text);
    return rc;
}

static int read_chars(const struct scalar_reading *r)
{
    const struct gri_value *v = r->value;
    if (v->kind != GRI_JSON_STRING)
        return refuse_type(r);
    if (!is_scalar_text(v))
        return scalar_refuse(r, GRI_STRING_UNICODE);
    int rc = check_text(r);
    if (rc)
        return rc;
    if (v->len >= r->m->size)
        return refuse_by(r, GRI_STRING_TOO_LONG, gri_constant_uint(r->m->size - 1));
    memcpy(r->to, v->at, v->len);
    memset((char *)r->to + v->len, 0, r->m->size - v->len);
    return 0;
}

static int scalar_take_bytes(const struct scalar_reading *r, gr_bytes *bytes)
{
    const struct gri_value *v = r->value;
    const char *why = NULL;
    unsigned char *at = gri_arena_alloc(r->arena, v->len + 1);
    if (!at)
        return GR_ENOMEM;
    ptrdiff_t len = (ptrdiff_t)v->len;
    if (r->field->format == GR_FORMAT_BASE64)
        len = gri_base64_read(v->at, v->len, at, &why);
    else
        memcpy(at, v->at, v->len);
    if (len < 0)
        return scalar_refuse_as(r, GRI_BASE64_DECODE, why);
    *bytes = (gr_bytes){at, (size_t)len};
    return 0;
}

static int read_bytes(const struct scalar_reading *r)
{
    gr_bytes bytes = {NULL, 0};
    if (r->value->kind != GRI_JSON_STRING)
        return refuse_type(r);
    int rc = scalar_take_bytes(r, &bytes);
    if (rc == 0)
        rc = check_length(r, bytes.len, GRI_BYTES_TOO_SHORT, GRI_BYTES_TOO_LONG);
    if (rc == 0)
        memcpy(r->to, &bytes, sizeof bytes);
    return rc;
}

/* --- enums --- */

static void store_enum(const struct scalar_reading *r, int64_t value)
{
    gr_constant c = gri_constant_int(value);
    static const gr_type by_size[] = {
        [1] = GR_TYPE_INT8, [2] = GR_TYPE_INT16, [4] = GR_TYPE_INT32, [8] = GR_TYPE_INT64};
    gri_constant_store(&c, by_size[r->m->size], r->to);
}

/* A value without a name has its number on the wire. */
static const gr_enum_value *enum_by_number(const struct scalar_reading *r)
{
    const struct gri_choices *choices = &r->m->choices;
    struct scalar_reading plain = *r;
    struct gri_error ignored;
    gr_constant number;
    bool is_number = r->value->kind == GRI_JSON_STRING || r->value->kind == GRI_JSON_NUMBER;
    plain.why = &ignored;
    if (!is_number || choices->n == choices->n_named || any_integer(&plain, &number) != 0)
        return NULL;
    bool fits = number.kind == GR_CONSTANT_INT || (number.kind == GR_CONSTANT_UINT && number.u <= INT64_MAX);
    return fits ? gri_choices_unnamed(choices, number.kind == GR_CONSTANT_INT ? number.i : (int64_t)number.u) : NULL;
}

static const gr_enum_value *enum_by_name(const struct scalar_reading *r)
{
    struct gri_str name = {r->value->at, r->value->len};
    return r->value->kind == GRI_JSON_STRING ? gri_choices_named(&r->m->choices, name) : NULL;
}

static int read_enum(const struct scalar_reading *r)
{
    const gr_enum_value *named = enum_by_name(r), *unnamed = enum_by_number(r);
    const gr_enum_value *value = named && (!unnamed || named < unnamed) ? named : unnamed;
    if (!value)
        return refuse_type(r);
    store_enum(r, value->value);
    return 0;
}

/* --- forms --- */

static double number_of(const struct gri_value *v)
{
    double number = 0;
    gri_double_read(v->at, v->len, &number);
    return number;
}

/* A unix time is digits, as text exact at any size; a JSON number may have an exponent, which no text has. */
static bool has_exponent(const struct gri_value *v)
{
    return v->kind == GRI_JSON_NUMBER && (memchr(v->at, 'e', v->len) || memchr(v->at, 'E', v->len));
}

static int read_date(const struct scalar_reading *r)
{
    const struct gri_value *v = r->value;
    gr_date date;
    const char *why = NULL;
    bool inexact = false;
    if (v->kind != GRI_JSON_STRING && v->kind != GRI_JSON_NUMBER)
        return refuse_type(r);
    bool ok = has_exponent(v) ? gri_date_read_number(number_of(v), &date, &why, &inexact)
                              : gri_date_read(v->at, v->len, &date, &why, &inexact);
    if (!ok)
        return inexact ? scalar_refuse(r, GRI_DATE_INEXACT) : scalar_refuse_as(r, GRI_DATE_PARSING, why);
    memcpy(r->to, &date, sizeof date);
    return 0;
}

static int scalar_read_datetime(const struct scalar_reading *r)
{
    const struct gri_value *v = r->value;
    gr_datetime datetime;
    const char *why = NULL;
    if (v->kind != GRI_JSON_STRING && v->kind != GRI_JSON_NUMBER)
        return refuse_type(r);
    bool ok = has_exponent(v) ? gri_datetime_read_number(number_of(v), &datetime, &why)
                              : gri_datetime_read(v->at, v->len, &datetime, &why);
    if (!ok)
        return scalar_refuse_as(r, GRI_DATETIME_PARSING, why);
    memcpy(r->to, &datetime, sizeof datetime);
    return 0;
}

static int scalar_read_time(const struct scalar_reading *r)
{
    gr_time time;
    const char *why = NULL;
    if (r->value->kind != GRI_JSON_STRING && r->value->kind != GRI_JSON_NUMBER)
        return refuse_type(r);
    bool ok = r->value->kind == GRI_JSON_STRING ? gri_time_read(r->value->at, r->value->len, &time, &why)
                                                : gri_time_read_number(number_of(r->value), &time, &why);
    if (!ok)
        return scalar_refuse_as(r, GRI_TIME_PARSING, why);
    memcpy(r->to, &time, sizeof time);
    return 0;
}

static int read_duration(const struct scalar_reading *r)
{
    gr_duration duration;
    const char *why = NULL;
    if (r->value->kind != GRI_JSON_STRING && r->value->kind != GRI_JSON_NUMBER)
        return refuse_type(r);
    bool ok = r->value->kind == GRI_JSON_STRING ? gri_duration_read(r->value->at, r->value->len, &duration, &why)
                                                : gri_duration_read_number(number_of(r->value), &duration, &why);
    if (!ok)
        return scalar_refuse_as(r, GRI_DURATION_PARSING, why);
    memcpy(r->to, &duration, sizeof duration);
    return 0;
}

static int read_uuid(const struct scalar_reading *r)
{
    gr_uuid uuid;
    const char *why = NULL;
    if (r->value->kind != GRI_JSON_STRING)
        return refuse_type(r);
    if (!gri_uuid_read(r->value->at, r->value->len, &uuid, r->arena, &why))
        return why ? scalar_refuse_as(r, GRI_UUID_PARSING, why) : GR_ENOMEM;
    memcpy(r->to, &uuid, sizeof uuid);
    return 0;
}

static int read_by_type(const struct scalar_reading *r)
{
    static int (*const readers[])(const struct scalar_reading *) = {
        [GR_TYPE_BOOL] = read_bool,         [GR_TYPE_INT8] = read_int,
        [GR_TYPE_INT16] = read_int,         [GR_TYPE_INT32] = read_int,
        [GR_TYPE_INT64] = read_int,         [GR_TYPE_UINT8] = read_int,
        [GR_TYPE_UINT16] = read_int,        [GR_TYPE_UINT32] = read_int,
        [GR_TYPE_UINT64] = read_int,        [GR_TYPE_FLOAT] = read_float,
        [GR_TYPE_DOUBLE] = read_float,      [GR_TYPE_STRING] = read_string,
        [GR_TYPE_OBJECT] = refuse_type,     [GR_TYPE_CHARS] = read_chars,
        [GR_TYPE_BYTES] = read_bytes,       [GR_TYPE_ENUM] = read_enum,
        [GR_TYPE_JSON] = refuse_type,       [GR_TYPE_DATE] = read_date,
        [GR_TYPE_TIME] = scalar_read_time,  [GR_TYPE_DATETIME] = scalar_read_datetime,
        [GR_TYPE_DURATION] = read_duration, [GR_TYPE_UUID] = read_uuid,
    };
    return readers[r->m->type](r);
}

int gri_scalar_read(const struct gri_member *m, const struct gri_value *value, void *to, struct gri_arena *arena,
                    struct gri_steps *steps, struct gri_error *why)
{
    struct scalar_reading r = {m, m->field, value, to, arena, steps, why};
    int rc = read_by_type(&r);
    if (rc || !m->checked || !m->field->validate)
        return rc;
    const char *text = m->field->validate(to);
    return text ? scalar_refuse_as(&r, GRI_VALUE_ERROR, text) : 0;
}

/* What a member points to: the value, moved to memory of its own. */
static int store_pointer(void *to, const void *value, size_t size, struct gri_arena *arena)
{
    void *at = gri_arena_alloc(arena, size);
    if (!at)
        return GR_ENOMEM;
    memcpy(at, value, size);
    memcpy(to, &at, sizeof at);
    return 0;
}

int gri_scalar_read_member(const struct gri_member *m, const struct gri_value *value, void *to, struct gri_arena *arena,
                           struct gri_steps *steps, struct gri_error *why)
{
    _Alignas(8) char own[32];
    if (!(m->shape & GR_POINTER))
        return gri_scalar_read(m, value, to, arena, steps, why);
    int rc = gri_scalar_read(m, value, own, arena, steps, why);
    return rc ? rc : store_pointer(to, own, m->size, arena);
}

static int default_enum(const struct gri_member *m, void *to)
{
    struct scalar_reading r = {.m = m, .to = to};
    store_enum(&r, m->field->default_value.i);
    return 0;
}

int gri_scalar_default(const struct gri_member *m, void *to, struct gri_arena *arena)
{
    const gr_constant *value = &m->field->default_value;
    _Alignas(8) char own[32];
    if (m->shape & GR_POINTER) {
        gri_constant_store(value, m->type, own);
        return store_pointer(to, own, m->size, arena);
    }
    if (m->type == GR_TYPE_STRING)
        memcpy(to, &value->s, sizeof value->s);
    else if (m->type == GR_TYPE_CHARS)
        memcpy(to, value->s, strlen(value->s) + 1);
    else if (m->type == GR_TYPE_ENUM)
        return default_enum(m, to);
    else
        gri_constant_store(value, m->type, to);
    return 0;
}

static int64_t load_signed(const void *at, size_t size)
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

static uint64_t load_unsigned(const void *at, size_t size)
{
    uint64_t all = (uint64_t)load_signed(at, size);
    return size == 8 ? all : all & ((UINT64_C(1) << (8 * size)) - 1);
}

static double load_float(const void *at, gr_type type)
{
    float f;
    double d;
    if (type == GR_TYPE_FLOAT)
        return memcpy(&f, at, sizeof f), (double)f;
    return memcpy(&d, at, sizeof d), d;
}

gr_constant gri_scalar_load(const struct gri_member *m, const void *at)
{
    if (gri_type_is_float(m->type))
        return gri_constant_double(load_float(at, m->type));
    if (gri_type_is_unsigned(m->type))
        return gri_constant_uint(load_unsigned(at, m->size));
    return gri_constant_int(load_signed(at, m->size));
}

/* A reply may be as long as the program likes: what one pass over its texts takes is not taken from the budget. */
static int check_made_text(const struct gri_member *m, const void *at, struct gri_steps *steps,
                           enum gri_error_kind *kind)
{
    struct gri_error why = {.kind = GRI_STRING_TYPE};
    const char *text = at;
    if (m->type == GR_TYPE_STRING)
        memcpy(&text, at, sizeof text);
    struct gri_value value = {GRI_JSON_STRING, false, true, text, strlen(text)};
    struct scalar_reading r = {m, m->field, &value, NULL, NULL, steps, &why};
    if (m->pattern)
        gri_steps_add(steps, gri_regex_one_pass(m->pattern, value.len));
    int rc = check_text(&r);
    *kind = why.kind;
    return rc;
}

int gri_scalar_check(const struct gri_member *m, const void *at, struct gri_steps *steps, enum gri_error_kind *kind)
{
    if (m->type == GR_TYPE_STRING || m->type == GR_TYPE_CHARS)
        return check_made_text(m, at, steps, kind);
    if (!gri_type_is_int(m->type) && !gri_type_is_float(m->type))
        return 0;
    gr_constant value = gri_scalar_load(m, at);
    return broken_bound(m->field, &value, kind) != NULL;
}
