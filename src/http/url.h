/* Targets: splitting, percent-decoding, queries (RFC 3986; application/x-www-form-urlencoded for the query). */
#ifndef GRI_HTTP_URL_H
#define GRI_HTTP_URL_H

#include "base/arena.h"
#include "base/str.h"

struct gri_target {
    struct gri_str path; /* decoded, NUL-terminated; starts with '/', or is "*" */
    struct gri_str raw_path;
    struct gri_str query; /* as it came, without '?' */
};

/* Splits and decodes once. 0, GR_ENOMEM, or 400: a broken escape, an encoded NUL, bytes that are not UTF-8, a
 * dot segment ("/../", also encoded), a backslash. */
int gri_target_parse(struct gri_target *target, struct gri_str raw, struct gri_arena *arena);

/* Decodes %XX (and '+' to a space where `plus`) from `in` to `out`, which has room for in.len bytes and may be in.at.
 * The decoded length, or -1: a broken escape. */
ptrdiff_t gri_percent_decode(char *out, struct gri_str in, bool plus);

/* The last value of that name, not decoded; `at` NULL: there is none. */
struct gri_str gri_query_find(struct gri_str query, struct gri_str name, struct gri_arena *arena);

/* A name and a value of a query, not decoded, and whether each is written otherwise than it reads. */
struct gri_query_pair {
    struct gri_str name, value;
    bool name_encoded, value_encoded;
};

/* Cuts the next one from a query. False: there is none. */
bool gri_query_next(struct gri_str *query, struct gri_query_pair *pair);

#endif
