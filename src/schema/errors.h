/* Validation errors: collected while a request is read, and written as FastAPI's 422 body. Knows no HTTP. */
#ifndef GRI_SCHEMA_ERRORS_H
#define GRI_SCHEMA_ERRORS_H

#include <griddle/model.h>

#include "base/buf.h"
#include "schema/json.h"

enum gri_error_kind {
    GRI_MISSING,
    GRI_INT_PARSING,
    GRI_INT_PARSING_SIZE,
    GRI_FLOAT_PARSING,
    GRI_FINITE_NUMBER,
    GRI_BOOL_PARSING,
    GRI_STRING_UNICODE,
    GRI_STRING_TOO_SHORT,
    GRI_STRING_TOO_LONG,
    GRI_GREATER_THAN,
    GRI_GREATER_THAN_EQUAL,
    GRI_LESS_THAN,
    GRI_LESS_THAN_EQUAL,
    GRI_JSON_INVALID
};

/* One of them. Nothing is copied: all that is pointed to lives until the errors were written. */
struct gri_error {
    enum gri_error_kind kind;
    const char *source, *name; /* loc: ["query", "limit"]; without a name ["body"], or ["body", position] */
    size_t position;           /* of GRI_JSON_INVALID */
    const char *input;         /* the text that was refused; NULL is null */
    size_t input_len;
    gr_constant limit; /* what it was measured by, in the member's own kind: a double for a float */
};

/* More than this are counted and not kept: an answer is to be read, and its size to be bounded. */
enum { GRI_ERRORS_KEPT = 100 };

struct gri_error_node;

struct gri_errors {
    struct gri_arena *arena;
    struct gri_error_node *first, **end;
    size_t count;
};

void gri_errors_init(struct gri_errors *errors, struct gri_arena *arena);

/* 0, or GR_ENOMEM. */
int gri_errors_add(struct gri_errors *errors, const struct gri_error *error);

/* "Field required"; `name` NULL: of the body as a whole. */
int gri_errors_missing(struct gri_errors *errors, const char *source, const char *name);

/* "JSON decode error", in the body. */
int gri_errors_json_invalid(struct gri_errors *errors, const struct gri_json_error *error);

/* {"detail":[...]}, compact. Bytes of an input that are not UTF-8 appear as U+FFFD. Out of memory: `failed` of the
 * buffer. */
void gri_errors_write(const struct gri_errors *errors, struct gri_buf *buf);

#endif
