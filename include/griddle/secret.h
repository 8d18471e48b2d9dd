/* Griddle: comparing what a client sent with a secret: an API key, a password of HTTP basic, a signature.
 *
 * strcmp() stops at the first difference, so the time it takes tells a client how much of a guess is right. */
#ifndef GRIDDLE_SECRET_H
#define GRIDDLE_SECRET_H

#include <griddle/base.h>

GR_BEGIN_DECLS

/* Whether two texts, or two blocks of bytes, are the same, in a time that depends on the length of `given` alone: not
 * on where they differ, nor on the secret's bytes; that of a text also on the secret's length. NULL equals nothing,
 * NULL neither. hmac.compare_digest, secrets.compare_digest. Any thread. */
GR_API GR_MUST_USE bool gr_secret_equal(const char *given, const char *secret);
GR_API GR_MUST_USE bool gr_secret_equal_bytes(const void *given, size_t given_len, const void *secret,
                                              size_t secret_len);

GR_END_DECLS

#endif
