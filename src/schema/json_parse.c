/* Builds jansson's values, token by token: a container is its parent's from its first byte on, so that all is freed
 * with the root. */
#include <math.h>

#include "base/ascii.h"
#include "schema/json_lexer.h"
#include "schema/number.h"
#include "schema/text.h"
#include "schema/unescape.h"

struct json_builder {
    struct gri_json_lexer lexer;
    struct gri_json_token key;     /* of the member that is being read */
    struct gri_buf unescaped;      /* of the last text with escapes */
    struct gri_json_error refused; /* what is JSON and still not taken: the first, once it has a text */
    json_t *root;
    bool rounds;
    unsigned depth;
    json_t *open[GRI_JSON_DEPTH];
};

/* What is no JSON further on counts more, so the rest is still looked at. */
static void build_refuse(struct json_builder *b, const char *text, const char *where)
{
    size_t at = (size_t)(where - b->lexer.data);
    if (!b->refused.text)
        b->refused = (struct gri_json_error){text, at, gri_utf8_chars(b->lexer.data, at)};
}

/* What a string or key says. False: out of memory. */
static bool text_of(struct json_builder *b, const struct gri_json_token *token, struct gri_str *text)
{
    *text = (struct gri_str){token->at + 1, token->len - 2};
    if (!token->special)
        return true;
    b->unescaped.len = 0;
    if (!gri_buf_reserve(&b->unescaped, text->len))
        return false;
    char *end = gri_unescape_to(b->unescaped.data, *text);
    *text = (struct gri_str){b->unescaped.data, (size_t)(end - b->unescaped.data)};
    return true;
}

/* --- a value into what is around it --- */

static int build_member(struct json_builder *b, json_t *object, json_t *value)
{
    struct gri_str key;
    size_t before = json_object_size(object);
    if (!text_of(b, &b->key, &key)) {
        json_decref(value);
        return GR_ENOMEM;
    }
    if (json_object_setn_new_nocheck(object, key.at, key.len, value))
        return GR_ENOMEM;
    if (json_object_size(object) == before && !b->lexer.lenient)
        build_refuse(b, "Duplicate key", b->key.at + b->key.len);
    return 0;
}

/* Steals `value`, which may be NULL: out of memory. */
static int build_put(struct json_builder *b, json_t *value)
{
    json_t *around = b->depth ? b->open[b->depth - 1] : NULL;
    if (!value)
        return GR_ENOMEM;
    if (json_is_object(around))
        return build_member(b, around, value);
    if (around)
        return json_array_append_new(around, value) ? GR_ENOMEM : 0;
    b->root = value;
    return 0;
}

/* --- values --- */

static int build_container(struct json_builder *b, json_t *container)
{
    int rc = build_put(b, container);
    if (rc == 0)
        b->open[b->depth++] = container;
    return rc;
}

static int build_string(struct json_builder *b)
{
    struct gri_str text;
    return text_of(b, &b->lexer.token, &text) ? build_put(b, json_stringn_nocheck(text.at, text.len)) : GR_ENOMEM;
}

/* [-]digits. False: more than 64 bits hold. */
static bool read_json_integer(const char *at, size_t len, int64_t *value)
{
    bool negative = *at == '-';
    uint64_t size = 0, most = (uint64_t)INT64_MAX + negative;
    for (size_t i = negative; i < len; i++) {
        uint64_t digit = (uint64_t)(at[i] - '0');
        if (size > (most - digit) / 10)
            return false;
        size = size * 10 + digit;
    }
    *value = (int64_t)(negative ? 0 - size : size);
    return true;
}

static json_t *number_of_token(const struct gri_json_token *token, bool rounds)
{
    int64_t whole;
    double real;
    if (!token->special && read_json_integer(token->at, token->len, &whole))
        return json_integer(whole);
    if (!token->special && !rounds)
        return json_null();
    gri_double_read(token->at, token->len, &real);
    return isfinite(real) ? json_real(real) : json_null();
}

/* Where it is out of range null stands for it, since a key that was given twice stands before it. */
static int build_number(struct json_builder *b)
{
    json_t *number = number_of_token(&b->lexer.token, b->rounds);
    int rc = build_put(b, number);
    if (rc == 0 && json_is_null(number))
        build_refuse(b, "Number out of range", b->lexer.token.at);
    return rc;
}

static int build_token(struct json_builder *b)
{
    switch (b->lexer.token.kind) {
    case GRI_JSON_OBJECT:
        return build_container(b, json_object());
    case GRI_JSON_ARRAY:
        return build_container(b, json_array());
    case GRI_JSON_CLOSE:
        b->depth--;
        return 0;
    case GRI_JSON_KEY:
        b->key = b->lexer.token;
        return 0;
    case GRI_JSON_STRING:
        return build_string(b);
    case GRI_JSON_NUMBER:
        return build_number(b);
    case GRI_JSON_TRUE:
    case GRI_JSON_FALSE:
        return build_put(b, json_boolean(b->lexer.token.kind == GRI_JSON_TRUE));
    case GRI_JSON_NULL:
        return build_put(b, json_null());
    default:
        return 0;
    }
}

static int build(struct json_builder *b)
{
    int rc;
    do {
        rc = gri_json_next(&b->lexer);
        if (rc == 0 && !b->refused.text)
            rc = build_token(b);
    } while (rc == 0 && b->lexer.token.kind != GRI_JSON_END);
    if (rc || !b->refused.text)
        return rc;
    *b->lexer.error = b->refused;
    return GR_EINVAL;
}

/* All of the value that the lexer stands at. What is refused ends it. */
static int build_one(struct json_builder *b)
{
    bool container = b->lexer.token.kind == GRI_JSON_OBJECT || b->lexer.token.kind == GRI_JSON_ARRAY;
    unsigned depth = b->lexer.depth - container;
    int rc = build_token(b);
    while (rc == 0 && !b->refused.text && b->lexer.depth > depth) {
        rc = gri_json_next(&b->lexer);
        rc = rc ? rc : build_token(b);
    }
    if (rc || !b->refused.text)
        return rc;
    *b->lexer.error = b->refused;
    return GR_EINVAL;
}

static void builder_begin(struct json_builder *b)
{
    gri_buf_init(&b->unescaped, NULL);
    b->refused.text = NULL;
    b->root = NULL;
    b->rounds = false;
    b->depth = 0;
}

/* What was built; NULL where it was not to the end. */
static json_t *builder_end(struct json_builder *b, int rc)
{
    gri_buf_finish(&b->unescaped);
    if (rc == 0)
        return b->root;
    json_decref(b->root);
    return NULL;
}

json_t *gri_json_build(struct gri_json_lexer *lexer, int *rc)
{
    struct json_builder b;
    b.lexer = *lexer;
    builder_begin(&b);
    *rc = build_one(&b);
    *lexer = b.lexer;
    return builder_end(&b, *rc);
}

json_t *gri_json_parse(const char *data, size_t len, const struct gri_json_limits *limits, struct gri_json_error *error,
                       int *rc)
{
    struct json_builder b;
    *error = (struct gri_json_error){.text = ""};
    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        len -= 3;
    }
    gri_json_lexer_init(&b.lexer, data, len, limits, error);
    builder_begin(&b);
    b.rounds = limits && limits->rounds;
    *rc = build(&b);
    if (*rc == GR_EINVAL && !gri_utf8_valid(data, len)) /* Python decodes before it parses */
        *rc = -EILSEQ;
    return builder_end(&b, *rc);
}
