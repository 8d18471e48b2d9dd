#include <math.h>

#include "base/ascii.h"
#include "schema/json_lexer.h"
#include "schema/number.h"
#include "schema/text.h"

_Static_assert(GRI_JSON_DEPTH <= 64, "a bit of `objects` for each level");

static int scan_fail(struct gri_json_lexer *s, int rc, const char *text, size_t at)
{
    *s->error = (struct gri_json_error){text, at, gri_utf8_chars(s->data, at)};
    return rc;
}

/* The byte at the present place, or NUL, which JSON has nowhere, at the end. */
static char peek(const struct gri_json_lexer *s)
{
    return s->at < s->len ? s->data[s->at] : '\0';
}

static bool is_scan_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct gri_json_lexer *s)
{
    while (s->at < s->len && is_scan_space(s->data[s->at]))
        s->at++;
}

static void scan_skip_digits(struct gri_json_lexer *s)
{
    while (gri_is_digit(peek(s)))
        s->at++;
}

static int scan_literal(struct gri_json_lexer *s, const char *word, enum gri_json_kind kind)
{
    size_t n = strlen(word);
    s->token.kind = kind;
    if (s->len - s->at < n || memcmp(s->data + s->at, word, n) != 0)
        return scan_fail(s, GR_EINVAL, "Expecting value", s->at);
    s->at += n;
    return 0;
}

/* A part that is not whole is not part of the number: "1." is 1 and a point, which is wrong in its own place. */
static void scan_fraction(struct gri_json_lexer *s)
{
    size_t begin = s->at++;
    scan_skip_digits(s);
    if (s->at == begin + 1)
        s->at = begin;
}

static void scan_exponent(struct gri_json_lexer *s)
{
    size_t begin = s->at++;
    s->at += peek(s) == '+' || peek(s) == '-';
    size_t digits = s->at;
    scan_skip_digits(s);
    if (s->at == digits)
        s->at = begin;
}

/* Whether all digits up to `e` are zeros. */
static bool is_all_zeros(const char *at, const char *e)
{
    while (at < e && (*at == '0' || *at == '.'))
        at++;
    return at == e;
}

/* Whether the digits up to `e` are no more than those that the largest double begins with. */
static bool is_at_most_largest(const char *at, const char *e)
{
    static const char largest[] = "17976931348623157";
    for (const char *most = largest; at < e && *most; at++, most++) {
        at += *at == '.'; /* behind which a digit stands */
        if (*at != *most)
            return *at < *most;
    }
    return true;
}

/* Whether a number is surely one that a double holds, by how many digits it has before its point, and by its exponent:
 * from `e` on. */
static bool is_surely_in_range(const char *at, size_t whole, const char *e, const char *end)
{
    enum { MOST = 309 };
    size_t size = whole;
    if (e[1] == '-')
        return whole < MOST;
    for (const char *c = e + 1 + (e[1] == '+'); c < end && size <= MOST; c++)
        size = (size - whole) * 10 + (size_t)(*c - '0') + whole;
    return size < MOST || (size == MOST && is_at_most_largest(at, e)) || is_all_zeros(at, e);
}

static bool is_in_range(const char *at, size_t len)
{
    double value;
    return gri_double_read(at, len, &value) && isfinite(value);
}

static int scan_number(struct gri_json_lexer *s)
{
    enum { SAFE_EXPONENT = 3 }; /* bytes: "e99" */
    size_t begin = s->at;
    s->token.kind = GRI_JSON_NUMBER;
    s->at += peek(s) == '-';
    size_t digits = s->at;
    if (peek(s) == '0')
        s->at++;
    else
        scan_skip_digits(s);
    if (s->at == digits)
        return scan_fail(s, GR_EINVAL, "Expecting value", begin);
    size_t whole = s->at;
    if (peek(s) == '.')
        scan_fraction(s);
    size_t fraction = s->at;
    if (peek(s) == 'e' || peek(s) == 'E')
        scan_exponent(s);
    s->token.special = s->at > whole;
    if (s->at - fraction > SAFE_EXPONENT &&
        !is_surely_in_range(s->data + digits, whole - digits, s->data + fraction, s->data + s->at) &&
        !is_in_range(s->data + begin, s->at - begin))
        return scan_fail(s, GR_EINVAL, "Number out of range", begin);
    return 0;
}

/* The four digits after \u: their value, or -1. */
static int scan_hex4(const struct gri_json_lexer *s, size_t at)
{
    int value = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = i < s->len ? s->data[i] : '\0';
        int digit = gri_hex_value(c);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* At the 'u'. Python wants one more byte behind the digits, so a text that ends there is a wrong escape and not an
 * unterminated string. */
static int scan_unicode_escape(struct gri_json_lexer *s)
{
    static const char *const text = "Invalid \\uXXXX escape";
    size_t begin = s->at;
    int unit = scan_hex4(s, begin + 1);
    s->at += 5;
    bool is_taken = unit > 0 || (unit == 0 && s->lenient && s->token.kind == GRI_JSON_STRING);
    if (!is_taken || s->at >= s->len || (unit >= 0xdc00 && unit <= 0xdfff))
        return scan_fail(s, GR_EINVAL, text, begin);
    if (unit < 0xd800 || unit > 0xdbff)
        return 0;
    bool escaped = s->len - s->at >= 2 && s->data[s->at] == '\\' && s->data[s->at + 1] == 'u';
    int low = escaped ? scan_hex4(s, s->at + 2) : 0;
    s->at += 6;
    if (low < 0 || s->at >= s->len)
        return scan_fail(s, GR_EINVAL, text, escaped ? begin + 6 : begin);
    return low >= 0xdc00 && low <= 0xdfff ? 0 : scan_fail(s, GR_EINVAL, text, begin);
}

static int scan_escape(struct gri_json_lexer *s, size_t quote)
{
    s->at++;
    s->token.special = true;
    if (s->at == s->len)
        return scan_fail(s, GR_EINVAL, "Unterminated string starting at", quote);
    if (peek(s) == 'u')
        return scan_unicode_escape(s);
    if (!peek(s) || !strchr("\"\\/bfnrt", peek(s)))
        return scan_fail(s, GR_EINVAL, "Invalid \\escape", s->at - 1);
    s->at++;
    return 0;
}

/* At the quote. */
static int scan_string(struct gri_json_lexer *s)
{
    size_t quote = s->at++;
    for (;;) {
        s->at += gri_text_run(s->data + s->at, s->len - s->at);
        if (s->at == s->len)
            return scan_fail(s, GR_EINVAL, "Unterminated string starting at", quote);
        if (s->data[s->at] & 0x80)
            return scan_fail(s, -EILSEQ, "Invalid UTF-8", s->at);
        if (peek(s) == '"') {
            s->at++;
            return 0;
        }
        if (peek(s) != '\\')
            return scan_fail(s, GR_EINVAL, "Invalid control character at", s->at);
        int rc = scan_escape(s, quote);
        if (rc < 0)
            return rc;
    }
}

static bool in_object(const struct gri_json_lexer *s)
{
    return s->objects >> (s->depth - 1) & 1;
}

/* A key and its colon; then a value is due. */
static int scan_key(struct gri_json_lexer *s)
{
    s->token = (struct gri_json_token){.kind = GRI_JSON_KEY, .at = s->data + s->at};
    if (peek(s) != '"')
        return scan_fail(s, GR_EINVAL, "Expecting property name enclosed in double quotes", s->at);
    int rc = scan_string(s);
    if (rc < 0)
        return rc;
    s->token.len = (size_t)(s->data + s->at - s->token.at);
    skip_space(s);
    if (peek(s) != ':')
        return scan_fail(s, GR_EINVAL, "Expecting ':' delimiter", s->at);
    s->at++;
    s->place = GRI_JSON_AT_VALUE;
    return 0;
}

static int open_container(struct gri_json_lexer *s)
{
    bool object = peek(s) == '{';
    if (s->depth == s->max_depth)
        return scan_fail(s, GR_EMSGSIZE, "Nested too deep", s->at);
    s->token.kind = object ? GRI_JSON_OBJECT : GRI_JSON_ARRAY;
    s->objects = (s->objects & ~(UINT64_C(1) << s->depth)) | (uint64_t)object << s->depth;
    s->depth++;
    s->at++;
    s->place = GRI_JSON_OPENED;
    return 0;
}

static int scan_by_first_byte(struct gri_json_lexer *s)
{
    switch (peek(s)) {
    case '{':
    case '[':
        return open_container(s);
    case '"':
        s->token.kind = GRI_JSON_STRING;
        return scan_string(s);
    case 't':
        return scan_literal(s, "true", GRI_JSON_TRUE);
    case 'f':
        return scan_literal(s, "false", GRI_JSON_FALSE);
    case 'n':
        return scan_literal(s, "null", GRI_JSON_NULL);
    default:
        return scan_number(s);
    }
}

static int scan_value(struct gri_json_lexer *s)
{
    skip_space(s);
    if (s->values++ == s->max_values)
        return scan_fail(s, GR_EMSGSIZE, "Too many values: send less at once", s->at);
    s->token = (struct gri_json_token){.at = s->data + s->at};
    s->place = GRI_JSON_BEHIND;
    int rc = scan_by_first_byte(s);
    s->token.len = (size_t)(s->data + s->at - s->token.at);
    return rc;
}

static bool is_at_close(struct gri_json_lexer *s)
{
    skip_space(s);
    if (peek(s) != (in_object(s) ? '}' : ']'))
        return false;
    s->token = (struct gri_json_token){.kind = GRI_JSON_CLOSE, .at = s->data + s->at, .len = 1};
    s->at++;
    s->depth--;
    s->place = GRI_JSON_BEHIND;
    return true;
}

static int scan_behind_value(struct gri_json_lexer *s)
{
    if (is_at_close(s))
        return 0;
    if (peek(s) != ',')
        return scan_fail(s, GR_EINVAL, "Expecting ',' delimiter", s->at);
    s->at++;
    skip_space(s);
    return in_object(s) ? scan_key(s) : scan_value(s);
}

static int scan_opened(struct gri_json_lexer *s)
{
    return is_at_close(s) ? 0 : in_object(s) ? scan_key(s) : scan_value(s);
}

static int scan_end(struct gri_json_lexer *s)
{
    skip_space(s);
    s->token = (struct gri_json_token){.kind = GRI_JSON_END, .at = s->data + s->at};
    return s->at == s->len ? 0 : scan_fail(s, GR_EINVAL, "Extra data", s->at);
}

void gri_json_lexer_init(struct gri_json_lexer *s, const char *data, size_t len, const struct gri_json_limits *limits,
                         struct gri_json_error *error)
{
    *s = (struct gri_json_lexer){
        .data = data, .len = len, .error = error, .max_depth = GRI_JSON_DEPTH, .max_values = GRI_JSON_VALUES};
    if (limits && limits->depth && limits->depth < GRI_JSON_DEPTH)
        s->max_depth = limits->depth;
    if (limits && limits->values)
        s->max_values = limits->values;
    s->lenient = limits && limits->lenient;
}

int gri_json_next(struct gri_json_lexer *s)
{
    if (s->place == GRI_JSON_AT_VALUE)
        return scan_value(s);
    if (s->place == GRI_JSON_OPENED)
        return scan_opened(s);
    return s->depth ? scan_behind_value(s) : scan_end(s);
}

int gri_json_scan(const char *data, size_t len, const struct gri_json_limits *limits, struct gri_json_error *error)
{
    struct gri_json_lexer s;
    int rc;
    gri_json_lexer_init(&s, data, len, limits, error);
    do
        rc = gri_json_next(&s);
    while (rc == 0 && s.token.kind != GRI_JSON_END);
    return rc;
}
