/* JSON, token by token: RFC 8259 and nothing else. Whoever reads JSON reads it by this. */
#ifndef GRI_SCHEMA_JSON_LEXER_H
#define GRI_SCHEMA_JSON_LEXER_H

#include "schema/json.h"

enum gri_json_kind {
    GRI_JSON_END, /* of the text */
    GRI_JSON_OBJECT,
    GRI_JSON_ARRAY,
    GRI_JSON_CLOSE, /* of the innermost object or array */
    GRI_JSON_KEY,
    GRI_JSON_STRING,
    GRI_JSON_NUMBER,
    GRI_JSON_TRUE,
    GRI_JSON_FALSE,
    GRI_JSON_NULL
};

struct gri_json_token {
    enum gri_json_kind kind;
    bool special;   /* a string or key with escapes; a number with a fraction or an exponent */
    const char *at; /* its bytes in the text: a string's with their quotes, of a container the first */
    size_t len;
};

enum gri_json_place { GRI_JSON_AT_VALUE, GRI_JSON_OPENED, GRI_JSON_BEHIND };

struct gri_json_lexer {
    const char *data;
    size_t len, at;
    enum gri_json_place place; /* what is due next */
    uint64_t objects;          /* what the containers around are, one bit each: 1 an object */
    unsigned depth, max_depth;
    size_t values, max_values;
    bool lenient;
    struct gri_json_error *error;
    struct gri_json_token token;
};

/* Borrows `data`, and *error, which is written when gri_json_next() fails. A copy of a lexer looks ahead. */
void gri_json_lexer_init(struct gri_json_lexer *lexer, const char *data, size_t len,
                         const struct gri_json_limits *limits, struct gri_json_error *error);

/* The next token to lexer->token. 0, or as gri_json_scan(). No memory, no recursion. */
int gri_json_next(struct gri_json_lexer *lexer);

/* The value whose first token the lexer stands at, new; the lexer then stands at its last one. NULL with *rc and
 * lexer->error as by gri_json_parse(), where that stops at the first fault; the lexer is then not to be used. */
json_t *gri_json_build(struct gri_json_lexer *lexer, int *rc);

#endif
