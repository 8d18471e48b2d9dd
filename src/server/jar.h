/* Cookies of a test's client: RFC 6265bis, as a browser keeps them. */
#ifndef GRI_SERVER_JAR_H
#define GRI_SERVER_JAR_H

#include <griddle/base.h>

#include "base/buf.h"
#include "base/list.h"
#include "base/str.h"

struct gri_jar {
    struct gri_list cookies; /* in the order in which they were made */
};

/* Where a request goes, or an answer comes from. */
struct gri_origin {
    bool secure;
    struct gri_str host; /* without its port */
    struct gri_str path; /* without the query */
};

/* What a Set-Cookie says, at `now_ms` of the test's clock, which was `date` (seconds since 1970) for the server. One
 * that may not be set from there is ignored. False: out of memory. */
bool gri_jar_set(struct gri_jar *jar, const struct gri_origin *from, struct gri_str line, int64_t now_ms, int64_t date);

/* A session cookie for `path` "/" of the host. False: out of memory. */
bool gri_jar_put(struct gri_jar *jar, struct gri_str host, struct gri_str name, struct gri_str value);

/* The value for Cookie of a request there; appends nothing where none is meant. */
void gri_jar_write(const struct gri_jar *jar, const struct gri_origin *to, int64_t now_ms, struct gri_buf *out);

/* The newest of that name; NULL: none. Borrowed until the jar changes. */
const char *gri_jar_find(const struct gri_jar *jar, struct gri_str name, int64_t now_ms);

void gri_jar_empty(struct gri_jar *jar);

/* A date as cookies have it (RFC 6265 section 5.1.1): seconds since 1970. False: it is none. */
bool gri_cookie_date(struct gri_str text, int64_t *seconds);

#endif
