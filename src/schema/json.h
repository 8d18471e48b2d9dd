/* JSON values of jansson: reading a body, writing a reply. Neither recurses, and neither asks jansson to read or write
 * a text: it does so in the locale of the thread. */
#ifndef GRI_SCHEMA_JSON_H
#define GRI_SCHEMA_JSON_H

#include <jansson.h>

#include "base/buf.h"

/* Arrays and objects inside each other; in both directions. */
enum { GRI_JSON_DEPTH = 64 };

/* What is read at most; zero is the default. A value costs up to some 250 bytes of memory however short its text, and
 * ten times the time of one that no json_t is made of. */
struct gri_json_limits {
    unsigned depth; /* up to GRI_JSON_DEPTH, which is the default */
    size_t values;  /* numbers, strings, literals, arrays and objects together; default GRI_JSON_VALUES */
    size_t built;   /* of them those that json_t are made of, as often as they are; default: any */
    size_t guesses; /* steps of trying which case of a union a value is; default: any */
    bool lenient;   /* a string, not a key, may hold U+0000, and of a key that is given twice the last value counts */
    bool rounds;    /* an integer beyond int64_t is the nearest double, which JSON writes as well */
};
enum { GRI_JSON_VALUES = 1 << 18 };

/* Why a text is not taken. */
struct gri_json_error {
    const char *text; /* as Python's json says it, static: "Expecting value", "Extra data", ... */
    size_t at;        /* where: the byte */
    size_t character; /* and the character, which is what Python and therefore FastAPI count */
};

/* Whether data is one JSON text: RFC 8259, UTF-8, no lone surrogates, no U+0000 (which no C string holds), within the
 * limits (NULL: the defaults). Positions and texts are those of Python's json module for the same mistake.
 * 0; GR_EINVAL: not JSON; -EILSEQ: not UTF-8 (FastAPI: 400, there was an error parsing the body); GR_EMSGSIZE: above a
 * limit. Any thread; linear time; no memory. */
int gri_json_scan(const char *data, size_t len, const struct gri_json_limits *limits, struct gri_json_error *error);

/* The value, new: a body that gri_json_scan() takes and that names no key of an object twice, with numbers that fit
 * int64_t and double (see `rounds`). A byte order mark before it is skipped, as Python does. NULL on failure, with *rc
 * as above, or GR_ENOMEM. */
json_t *gri_json_parse(const char *data, size_t len, const struct gri_json_limits *limits, struct gri_json_error *error,
                       int *rc);

/* The writer stands between two values, before one, or inside a text; all it knows fits here. */
struct gri_json_frame {
    json_t *value;
    void *iter;   /* in an object: the member after this one */
    size_t index; /* in an array: the same */
};

struct gri_json_writer {
    unsigned indent;  /* 0: all in one line; else a line for each value, so many spaces further in a level */
    json_t *value;    /* borrowed: to be written next, or NULL */
    const char *text; /* the rest of the string that is being written, or NULL */
    size_t text_len;
    bool text_is_key;
    unsigned depth;
    struct gri_json_frame frames[GRI_JSON_DEPTH];
};

/* Begins to write `value`, borrowed until the end and not changed meanwhile. Compact; `indent` can be set then. */
void gri_json_write_begin(struct gri_json_writer *writer, json_t *value);

/* Appends the next bytes: stops at the first place where at least max_bytes were added (a little more at most, of a
 * string of any length). Members in the order of insertion, as json.dumps of Python with ensure_ascii=False.
 * 1: there is more; 0: that was the end; GR_EINVAL: a string that is not UTF-8, or NaN; GR_EMSGSIZE: deeper than
 * GRI_JSON_DEPTH; GR_ENOMEM. After an error the writer is not used again. One thread at a time, which may change
 * between calls. */
int gri_json_write(struct gri_json_writer *writer, struct gri_buf *buf, size_t max_bytes);

/* All of it at once, in one line. 0, or as gri_json_write(). */
int gri_json_write_all(json_t *value, struct gri_buf *buf);

/* What is wrong with a value that gri_json_write() gave `rc` below 0 for, and with a NULL that json_pack() gave: for a
 * log line. Static. */
const char *gri_json_write_fault(int rc);
extern const char gri_json_null_fault[];

#endif
