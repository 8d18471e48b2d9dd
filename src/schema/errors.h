/* Validation errors: collected while a request is read, and written as FastAPI's 422 body. Knows no HTTP. */
#ifndef GRI_SCHEMA_ERRORS_H
#define GRI_SCHEMA_ERRORS_H

#include <griddle/model.h>

#include "base/buf.h"
#include "base/cold.h"
#include "schema/json.h"

enum gri_error_kind {
    GRI_MISSING,
    GRI_INT_PARSING,
    GRI_INT_PARSING_SIZE,
    GRI_INT_TYPE,
    GRI_INT_FROM_FLOAT,
    GRI_FLOAT_PARSING,
    GRI_FLOAT_TYPE,
    GRI_FINITE_NUMBER,
    GRI_DECIMAL_PARSING,
    GRI_DECIMAL_TYPE,
    GRI_DECIMAL_MAX_DIGITS,
    GRI_DECIMAL_MAX_PLACES,
    GRI_DECIMAL_WHOLE_DIGITS,
    GRI_BOOL_PARSING,
    GRI_BOOL_TYPE,
    GRI_STRING_TYPE,
    GRI_STRING_UNICODE,
    GRI_STRING_TOO_SHORT,
    GRI_STRING_TOO_LONG,
    GRI_STRING_PATTERN_MISMATCH,
    GRI_STRING_PATTERN_LIMIT,
    GRI_BYTES_TYPE,
    GRI_BYTES_TOO_SHORT,
    GRI_BYTES_TOO_LONG,
    GRI_BYTES_INVALID_ENCODING,
    GRI_GREATER_THAN,
    GRI_GREATER_THAN_EQUAL,
    GRI_LESS_THAN,
    GRI_LESS_THAN_EQUAL,
    GRI_MULTIPLE_OF,
    GRI_ENUM,
    GRI_LITERAL_ERROR,
    GRI_LIST_TYPE,
    GRI_SET_TYPE,
    GRI_TUPLE_TYPE,
    GRI_DICT_TYPE,
    GRI_LIST_TOO_SHORT,
    GRI_LIST_TOO_LONG,
    GRI_SET_TOO_SHORT,
    GRI_SET_TOO_LONG,
    GRI_TUPLE_TOO_LONG,
    GRI_DICT_TOO_SHORT,
    GRI_DICT_TOO_LONG,
    GRI_MODEL_ATTRIBUTES_TYPE,
    GRI_EXTRA_FORBIDDEN,
    GRI_UNION_TAG_NOT_FOUND,
    GRI_UNION_TAG_INVALID,
    GRI_UNION_TRIALS,
    GRI_UNION_STEPS,
    GRI_UUID_PARSING,
    GRI_UUID_TYPE,
    GRI_DATE_PARSING,
    GRI_DATE_FROM_DATETIME_PARSING,
    GRI_DATE_INEXACT,
    GRI_DATE_TYPE,
    GRI_DATETIME_PARSING,
    GRI_DATETIME_FROM_DATE_PARSING,
    GRI_DATETIME_TYPE,
    GRI_TIME_PARSING,
    GRI_TIME_TYPE,
    GRI_DURATION_PARSING,
    GRI_DURATION_TYPE,
    GRI_URL_PARSING,
    GRI_URL_SCHEME,
    GRI_URL_TYPE,
    GRI_EMAIL_VALUE,
    GRI_VALUE_ERROR,
    GRI_JSON_INVALID
};

/* One step of a `loc`: a name, or an index where `name` is NULL. */
struct gri_step_to {
    const char *name;
    size_t len, index;
};

/* What of the request an error repeats. */
enum gri_input_form {
    GRI_INPUT_NULL,
    GRI_INPUT_TEXT, /* a text, to be quoted */
    GRI_INPUT_JSON, /* a part of a JSON text, checked */
    GRI_INPUT_EMPTY /* {} */
};

/* One of them. Nothing is copied: all that is pointed to lives until the errors were written. */
struct gri_error {
    enum gri_error_kind kind;
    const struct gri_step_to *loc;
    unsigned n_loc, rank; /* rank: among those of the same struct, the place of its member */
    enum gri_input_form form;
    const char *input;
    size_t input_len;
    gr_constant limit; /* what it was measured by, in the member's own kind: a double for a float; or a text */
    const char *text;  /* a second text, NUL-terminated: the tag that was found */
    const char *more;  /* a third: the tags that are expected */
    size_t actual;     /* how many items there were; SIZE_MAX: more than that */
};

/* More than this are counted and not kept: an answer is to be read, and its size to be bounded. */
enum { GRI_ERRORS_KEPT = 100, GRI_ERRORS_BYTES = 65536 };

struct gri_errors {
    struct gri_arena *arena;
    struct gri_error **kept; /* of the arena; the first min(count, GRI_ERRORS_KEPT) */
    size_t count;
    struct gri_error spare; /* stands for those that are not kept */
};

void gri_errors_init(struct gri_errors *errors, struct gri_arena *arena);

/* Errors that are counted, from gri_errors_full() on, and none is kept. */
void gri_errors_init_silent(struct gri_errors *errors);

/* A copy of *error, kept or not; NULL: out of memory. A caller may change it until the errors are written. */
GRI_COLD struct gri_error *gri_errors_add(struct gri_errors *errors, const struct gri_error *error);

/* What an error repeats of a secret: that there was one. */
#define GRI_HIDDEN "**********"

/* Makes *error repeat nothing of what was wrong. */
GRI_COLD void gri_error_hide(struct gri_error *error);

/* Whether the next one is not kept, so that nothing need be found out for it. */
static inline bool gri_errors_full(const struct gri_errors *errors)
{
    return errors->count >= GRI_ERRORS_KEPT;
}

static inline size_t gri_errors_kept(const struct gri_errors *errors)
{
    size_t most = errors->kept ? GRI_ERRORS_KEPT : 0;
    return errors->count < most ? errors->count : most;
}

/* Gives those from the first-th on a rank; puts them into the order of their ranks. */
GRI_COLD void gri_errors_rank(struct gri_errors *errors, size_t first, unsigned rank);
GRI_COLD void gri_errors_sort(struct gri_errors *errors, size_t first);

/* "JSON decode error", in the body. GR_ENOMEM or 0. */
GRI_COLD int gri_errors_json_invalid(struct gri_errors *errors, const struct gri_json_error *error);

/* Its type ("missing") and what it says; the latter appended. */
const char *gri_error_type(const struct gri_error *error);
void gri_error_write_message(const struct gri_error *error, struct gri_buf *buf);

/* Its loc as a JSON array, its input and its ctx (nothing where it has none) as JSON. */
void gri_error_write_loc(const struct gri_error *error, struct gri_buf *buf);
void gri_error_write_input(const struct gri_error *error, struct gri_buf *buf);

/* Whether so much room is enough for a part of the text as it came, white space and all. */
bool gri_error_input_fits(const struct gri_error *error, size_t room);
bool gri_error_write_context(const struct gri_error *error, struct gri_buf *buf);

/* {"detail":[...]}, compact. Bytes of an input that are not UTF-8 appear as U+FFFD. From GRI_ERRORS_BYTES on errors are
 * written without their input; a last one says how many were left out. Out of memory: `failed` of the buffer. */
GRI_COLD void gri_errors_write(const struct gri_errors *errors, struct gri_buf *buf);

#endif
