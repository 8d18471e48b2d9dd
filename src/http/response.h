/* A reply's head and body as HTTP/1.1 (RFC 9112 section 4). */
#ifndef GRI_HTTP_RESPONSE_H
#define GRI_HTTP_RESPONSE_H

#include "base/buf.h"
#include "base/str.h"

struct gri_http;

/* Names and values were checked: no CR, LF or NUL. */
struct gri_header_line {
    struct gri_header_line *next;
    struct gri_str name, value;
};

struct gri_response {
    int status;
    struct gri_str content_type; /* empty: none */
    struct gri_str server;       /* instead of ours; at NULL: ours; empty: none */
    struct gri_header_line *headers;
    struct gri_str body;
    bool streamed; /* the body follows piece by piece: chunked, or up to the end of an HTTP/1.0 connection */
    bool sized;    /* ... or `length` bytes */
    uint64_t length;
};

/* Appends the head. `minor` is the request's HTTP/1.minor. Content-Length is that of the body, also where a HEAD
 * request suppresses the body itself. */
void gri_response_put_head(struct gri_buf *out, struct gri_http *http, const struct gri_response *response,
                           unsigned minor, bool keep_alive);

#endif
