/* Turns a complete head into fields, by llhttp behind the head guard, and body bytes into pieces. One codec a request.
 */
#ifndef GRI_HTTP_CODEC_H
#define GRI_HTTP_CODEC_H

#include "base/str.h"
#include "http/chunks.h"
#include "http/guard.h"

struct gri_header_field {
    struct gri_str name, value;
};

/* A request's head. All strings are slices of the bytes given to gri_codec_head(). */
struct gri_head {
    struct gri_str method;
    struct gri_str target; /* in origin form (an empty path may be missing before its '?'), or "*" */
    struct gri_header_field *fields;
    unsigned n_fields;
    unsigned minor; /* HTTP/1.minor */
    uint64_t content_length;
    bool has_length, is_chunked, keep_alive, expects_continue;
};

struct gri_codec {
    const struct gri_head *head;
    const gr_limits *limits;
    uint64_t body_limit, received; /* bytes of the body, decoded */
    struct gri_chunks chunks;
    bool complete;
};

/* Parses a head that the guard has passed: bytes[0 .. guard->head_len), in which tabs that are no part of a value may
 * become spaces. fields has room for guard->n_lines of them. 0, or the status to refuse with (the connection closes
 * after it): everything that RFC 9112 sections 3 and 6 lets a server refuse. */
int gri_codec_head(struct gri_codec *codec, struct gri_head *head, char *bytes, const struct gri_guard *guard,
                   struct gri_header_field *fields, const gr_limits *limits);

/* Decodes body bytes up to the end of the next piece. *used: how many were taken; *piece: a slice of `in`, may be
 * empty. 0, or a status: 400 bad framing, 413 larger than body_limit. codec->complete: the body has ended. */
int gri_codec_body(struct gri_codec *codec, const char *in, size_t len, size_t *used, struct gri_str *piece);

/* Whether a request of that method can arrive: others are refused with 501. */
bool gri_method_is_known(struct gri_str method);

/* The first field of that name, or NULL. */
const struct gri_header_field *gri_head_find(const struct gri_head *head, struct gri_str name);

/* Whether `c` may stand in a token (RFC 9110 section 5.6.2). */
bool gri_is_token_char(unsigned char c);
bool gri_is_token(struct gri_str s);

#endif
