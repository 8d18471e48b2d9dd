#include "schema/json.h"
#include "schema/text.h"

/* What kind the containers around a place are, one bit each: 1 an object. */
struct scan {
    const char *data;
    size_t len, at;
    uint64_t objects;
    unsigned depth, max_depth;
    size_t values, max_values;
    struct gri_json_error *error;
};

_Static_assert(GRI_JSON_DEPTH <= 64, "a bit of `objects` for each level");

static int fail(struct scan *s, int rc, const char *text, size_t at)
{
    *s->error = (struct gri_json_error){text, at, gri_utf8_chars(s->data, at)};
    return rc;
}

/* The byte at the present place, or NUL, which JSON has nowhere, at the end. */
static char peek(const struct scan *s)
{
    return s->at < s->len ? s->data[s->at] : '\0';
}

static void skip_space(struct scan *s)
{
    while (s->at < s->len && strchr(" \t\n\r", s->data[s->at]) && s->data[s->at])
        s->at++;
}

static void skip_digits(struct scan *s)
{
    while (peek(s) >= '0' && peek(s) <= '9')
        s->at++;
}

static int scan_literal(struct scan *s, const char *word)
{
    size_t n = strlen(word);
    if (s->len - s->at < n || memcmp(s->data + s->at, word, n) != 0)
        return fail(s, GR_EINVAL, "Expecting value", s->at);
    s->at += n;
    return 0;
}

/* A part that is not whole is not part of the number: "1." is 1 and a point, which is wrong in its own place. */
static void scan_fraction(struct scan *s)
{
    size_t begin = s->at++;
    skip_digits(s);
    if (s->at == begin + 1)
        s->at = begin;
}

static void scan_exponent(struct scan *s)
{
    size_t begin = s->at++;
    s->at += peek(s) == '+' || peek(s) == '-';
    size_t digits = s->at;
    skip_digits(s);
    if (s->at == digits)
        s->at = begin;
}

static int scan_number(struct scan *s)
{
    size_t begin = s->at;
    s->at += peek(s) == '-';
    size_t digits = s->at;
    if (peek(s) == '0')
        s->at++;
    else
        skip_digits(s);
    if (s->at == digits)
        return fail(s, GR_EINVAL, "Expecting value", begin);
    if (peek(s) == '.')
        scan_fraction(s);
    if (peek(s) == 'e' || peek(s) == 'E')
        scan_exponent(s);
    return 0;
}

/* The four digits after \u: their value, or -1. */
static int hex4(const struct scan *s, size_t at)
{
    int value = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = i < s->len ? s->data[i] : '\0';
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* At the 'u'. Python wants one more byte behind the digits, so a text that ends there is a wrong escape and not an
 * unterminated string. */
static int scan_unicode_escape(struct scan *s)
{
    static const char *const text = "Invalid \\uXXXX escape";
    size_t begin = s->at;
    int unit = hex4(s, begin + 1);
    s->at += 5;
    if (unit <= 0 || s->at >= s->len || (unit >= 0xdc00 && unit <= 0xdfff))
        return fail(s, GR_EINVAL, text, begin);
    if (unit < 0xd800 || unit > 0xdbff)
        return 0;
    bool escaped = s->len - s->at >= 2 && s->data[s->at] == '\\' && s->data[s->at + 1] == 'u';
    int low = escaped ? hex4(s, s->at + 2) : 0;
    s->at += 6;
    if (low < 0 || s->at >= s->len)
        return fail(s, GR_EINVAL, text, escaped ? begin + 6 : begin);
    return low >= 0xdc00 && low <= 0xdfff ? 0 : fail(s, GR_EINVAL, text, begin);
}

static int scan_escape(struct scan *s, size_t quote)
{
    s->at++;
    if (s->at == s->len)
        return fail(s, GR_EINVAL, "Unterminated string starting at", quote);
    if (peek(s) == 'u')
        return scan_unicode_escape(s);
    if (!peek(s) || !strchr("\"\\/bfnrt", peek(s)))
        return fail(s, GR_EINVAL, "Invalid \\escape", s->at - 1);
    s->at++;
    return 0;
}

/* At the quote. */
static int scan_string(struct scan *s)
{
    size_t quote = s->at++;
    for (;;) {
        s->at += gri_text_run(s->data + s->at, s->len - s->at);
        if (s->at == s->len)
            return fail(s, GR_EINVAL, "Unterminated string starting at", quote);
        if (s->data[s->at] & 0x80)
            return fail(s, -EILSEQ, "Invalid UTF-8", s->at);
        if (peek(s) == '"') {
            s->at++;
            return 0;
        }
        if (peek(s) != '\\')
            return fail(s, GR_EINVAL, "Invalid control character at", s->at);
        int rc = scan_escape(s, quote);
        if (rc < 0)
            return rc;
    }
}

static bool in_object(const struct scan *s)
{
    return s->objects >> (s->depth - 1) & 1;
}

/* A key and its colon; then a value is due. */
static int scan_key(struct scan *s)
{
    if (peek(s) != '"')
        return fail(s, GR_EINVAL, "Expecting property name enclosed in double quotes", s->at);
    int rc = scan_string(s);
    if (rc < 0)
        return rc;
    skip_space(s);
    if (peek(s) != ':')
        return fail(s, GR_EINVAL, "Expecting ':' delimiter", s->at);
    s->at++;
    return 1;
}

/* Of those below: 1 where a value is due next, 0 where one has ended. */
static int open_container(struct scan *s)
{
    bool object = peek(s) == '{';
    if (s->depth == s->max_depth)
        return fail(s, GR_EMSGSIZE, "Nested too deep", s->at);
    s->objects = (s->objects & ~(UINT64_C(1) << s->depth)) | (uint64_t)object << s->depth;
    s->depth++;
    s->at++;
    skip_space(s);
    if (peek(s) != (object ? '}' : ']'))
        return object ? scan_key(s) : 1;
    s->at++;
    s->depth--;
    return 0;
}

static int scan_value(struct scan *s)
{
    skip_space(s);
    if (s->values++ == s->max_values)
        return fail(s, GR_EMSGSIZE, "Too many values", s->at);
    switch (peek(s)) {
    case '{':
    case '[':
        return open_container(s);
    case '"':
        return scan_string(s);
    case 't':
        return scan_literal(s, "true");
    case 'f':
        return scan_literal(s, "false");
    case 'n':
        return scan_literal(s, "null");
    default:
        return scan_number(s);
    }
}

static int scan_behind_value(struct scan *s)
{
    skip_space(s);
    if (peek(s) == (in_object(s) ? '}' : ']')) {
        s->at++;
        s->depth--;
        return 0;
    }
    if (peek(s) != ',')
        return fail(s, GR_EINVAL, "Expecting ',' delimiter", s->at);
    s->at++;
    skip_space(s);
    return in_object(s) ? scan_key(s) : 1;
}

int gri_json_scan(const char *data, size_t len, const struct gri_json_limits *limits, struct gri_json_error *error)
{
    struct scan s = {
        .data = data, .len = len, .error = error, .max_depth = GRI_JSON_DEPTH, .max_values = GRI_JSON_VALUES};
    if (limits && limits->depth && limits->depth < GRI_JSON_DEPTH)
        s.max_depth = limits->depth;
    if (limits && limits->values)
        s.max_values = limits->values;
    int rc = scan_value(&s);
    while (rc > 0 || (rc == 0 && s.depth))
        rc = rc ? scan_value(&s) : scan_behind_value(&s);
    if (rc < 0)
        return rc;
    skip_space(&s);
    return s.at == s.len ? 0 : fail(&s, GR_EINVAL, "Extra data", s.at);
}
