/* What one kind of value can do: be read, sent, checked and documented. A new kind is a file of its own, kind_NAME.c,
 * and a row in kinds.c. Who has a value asks by scalar.h, encode_scalar.h and openapi_value.h. */
#ifndef GRI_SCHEMA_KIND_H
#define GRI_SCHEMA_KIND_H

#include "schema/openapi.h"
#include "schema/scalar.h"

/* One value on its way in. */
struct gri_reading {
    const struct gri_member *m;
    const gr_field *field;
    const struct gri_value *value;
    void *to;
    struct gri_arena *arena;
    struct gri_steps *steps;
    struct gri_error *why;
};

/* How near a value is to the kind, where it may be one of several: its JSON type is the kind's own; it says as much, as
 * 1 for a double; or it is converted. */
enum gri_exactness { GRI_LAX, GRI_STRICT, GRI_EXACT };

/* Which options a member of the kind may have; and whether document() says something else of what is sent. */
enum {
    GRI_HAS_BOUNDS = 1,
    GRI_HAS_LENGTH = 2,
    GRI_HAS_PATTERN = 4, /* and literals */
    GRI_HAS_DIGITS = 8,
    GRI_HAS_INF_NAN = 16,
    GRI_IS_SENT_OTHERWISE = 32
};

struct gri_kind {
    size_t size; /* sizeof its C type; 0: the field says */
    unsigned options;
    enum gri_error_kind type_error; /* what a value that can be none of the kind is refused with */

    /* As gri_scalar_read(). */
    int (*read)(const struct gri_reading *r);

    /* As gri_encode_scalar(), but for what check() looks at. */
    const char *(*write)(struct gri_buf *buf, const struct gri_member *m, const char *at);

    /* As gri_scalar_check(). NULL: its type is all there is to it. */
    int (*check)(const struct gri_member *m, const void *at, struct gri_steps *steps, enum gri_error_kind *kind);

    /* As gri_doc_value(). */
    json_t *(*document)(struct gri_doc *doc, const gr_field *f, unsigned view);

    /* Whether a constant is of the kind, as a default or a bound. NULL: there are neither. */
    bool (*takes)(const gr_constant *c);

    /* Below, at, or above 0, as one constant that takes() took is below, at, or above another. NULL: no bounds. */
    int (*compare_constants)(const gr_constant *a, const gr_constant *b);

    /* Of two values: below, equal or above 0, in any order that is one. NULL: they are compared as bytes. */
    int (*compare)(const void *a, const void *b);

    /* Where comparing takes long, for many to be compared: reads a value into so many bytes, which is aligned to four,
     * and returns a hash, the same for equal ones and most often another for others, whose upper bits differ, too; and
     * compares two that were read. 0 and NULL: it does not take long. */
    size_t loaded_size;
    uint64_t (*load)(const void *at, void *loaded);
    int (*compare_loaded)(const void *a, const void *b);

    /* Puts the default to `to`, as gri_scalar_read() puts a value there. */
    void (*put_default)(const struct gri_member *m, void *to);

    /* As gri_doc_default(). NULL: the constant itself. */
    json_t *(*document_default)(struct gri_doc *doc, const gr_field *f);

    /* Of a value that read() took. NULL: it is converted, whatever it was. */
    enum gri_exactness (*exactness)(const struct gri_value *value);

    /* What pydantic calls a case of a union that is of the kind; and one that has bounds, lengths or a pattern, NULL:
     * the same. */
    const char *label, *constrained_label;
};

/* The kind of a field; by its type alone, whatever its format. NULL: what is no value on the wire. */
const struct gri_kind *gri_kind_of(const gr_field *field);
const struct gri_kind *gri_type_kind(gr_type type);

extern const struct gri_kind gri_kind_bool, gri_kind_int8, gri_kind_int16, gri_kind_int32, gri_kind_int64,
    gri_kind_uint8, gri_kind_decimal, gri_kind_uint16, gri_kind_uint32, gri_kind_uint64, gri_kind_float,
    gri_kind_double, gri_kind_string, gri_kind_chars, gri_kind_url, gri_kind_http_url, gri_kind_email, gri_kind_bytes,
    gri_kind_base64, gri_kind_enum, gri_kind_date, gri_kind_time, gri_kind_datetime, gri_kind_duration, gri_kind_uuid,
    gri_kind_json, gri_kind_object;

/* --- what kinds share --- */

/* The value is refused; with the limit that it broke, or a text. 1. */
int gri_refuse(const struct gri_reading *r, enum gri_error_kind kind);
int gri_refuse_by(const struct gri_reading *r, enum gri_error_kind kind, gr_constant limit);
/* Where to say what is wrong in words of one's own; NULL: nobody is told. */
static inline struct gri_arena *gri_told_in(const struct gri_reading *r)
{
    return r->value->untold ? NULL : r->arena;
}

int gri_refuse_as(const struct gri_reading *r, enum gri_error_kind kind, const char *text);

/* The same of one that can be none of the kind. */
int gri_refuse_type(const struct gri_reading *r);

/* An integer of any size, as pydantic reads one: beyond 64 bits a double that is above, or below, all bounds. 0 and the
 * number, or as gri_scalar_read(). */
int gri_integer_read(const struct gri_reading *r, gr_constant *value);

#endif
