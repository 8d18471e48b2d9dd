/* Griddle: values that a client keeps and cannot change: a cookie, the state of a login, a link in a mail.
 *
 *     static const gr_seal_options cart = {.size = sizeof cart, .purpose = "cart", .max_age_s = 86400};
 *
 *     char *text;
 *     int rc = gr_seal(gr_req_arena(req), keys, &cart, value, strlen(value), &text);
 *
 * Sealed, it cannot be read either (XChaCha20-Poly1305); signed, its value can be, in base64url before the dot
 * (HMAC-SHA-512-256); both by libsodium. The keys are the ring's secrets, HS256 and its like, which may make tokens as
 * well: what seals and what signs is derived from them. The first seals, all unseal.
 *
 * A text is good for one purpose and until its time: both are bound into it. It can be used again and again until then,
 * and by whoever has it; what must be so for one user only has the user in its value. Texts are letters, digits, '-',
 * '_' and '.', and so fit a cookie, a header field and a query. Any thread. */
#ifndef GRIDDLE_SEAL_H
#define GRIDDLE_SEAL_H

#include <griddle/arena.h>
#include <griddle/keys.h>
#include <griddle/token.h>

GR_BEGIN_DECLS

/* What a value is for. The same options seal and unseal it. */
typedef struct gr_seal_options {
    size_t size;         /* sizeof(gr_seal_options) */
    const char *purpose; /* 1 to 255 bytes: what was sealed for one does not pass for another */
    int64_t max_age_s;   /* seconds that it is good for, at least 1. Made smaller, it counts for those that were made
                            before, too: one whose time is further ahead than this has expired */
    size_t max_bytes;    /* of the text; 0: 4,096, as a cookie may have */
    int64_t now_s;       /* seconds since 1970, for tests; 0: the clock's */
} gr_seal_options;

/* *text is the arena's, NULL on failure. 0; GR_EINVAL: the options, or the ring has no secret; GR_EMSGSIZE: the text
 * would be above max_bytes; GR_ENOMEM. */
GR_API GR_MUST_USE int gr_seal(gr_arena *arena, const gr_keys *keys, const gr_seal_options *options, const void *value,
                               size_t len, char **text);
GR_API GR_MUST_USE int gr_sign(gr_arena *arena, const gr_keys *keys, const gr_seal_options *options, const void *value,
                               size_t len, char **text);

/* The value: *value is of the arena's, *len bytes and a NUL behind them; NULL and 0 on failure.
 *
 * 0; GR_TOKEN_MALFORMED: it is no such text, or NULL; GR_TOKEN_LARGE: above max_bytes; GR_TOKEN_SIGNATURE: it was
 * changed, or made for another purpose, or by no key of the ring; GR_TOKEN_EXPIRED; GR_EINVAL, GR_ENOMEM as above. */
GR_API GR_MUST_USE int gr_unseal(gr_arena *arena, const gr_keys *keys, const gr_seal_options *options, const char *text,
                                 char **value, size_t *len);
GR_API GR_MUST_USE int gr_unsign(gr_arena *arena, const gr_keys *keys, const gr_seal_options *options, const char *text,
                                 char **value, size_t *len);

GR_END_DECLS

#endif
