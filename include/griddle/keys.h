/* Griddle: a ring of keys, which signs with one and checks with all, so that keys can be changed while what the old
 * ones signed is still accepted.
 *
 *     gr_keys *keys = gr_keys_create();
 *     if (!keys || gr_keys_add_file(keys, "/run/secrets/shop", NULL))
 *         fprintf(stderr, "%s\n", gr_keys_error(keys));
 *
 * Each key has one algorithm, its own; what a token says of itself chooses nothing but among keys that have it (RFC
 * 8725 section 3.1):
 *
 *   HS256 HS384 HS512   a secret of 32, 48, 64 bytes at least (RFC 7518 section 3.2) and 1,024 at most
 *   RS256 RS384 RS512   RSA of 2,048 bits at least, PKCS #1 v1.5
 *   PS256 PS384 PS512   RSA of 2,048 bits at least, PSS
 *   ES256 ES384 ES512   the curves P-256, P-384, P-521
 *   EdDSA               Ed25519 (RFC 8037); by libsodium, since libjose has none
 *
 * Ring first, then use: adding is one thread's; a ring to which nothing more is added may be used by any number. New
 * keys make a new ring, put in place of the old one while no request uses that.
 *
 * Secrets are wiped when the ring is destroyed, and as soon as they have been read; no error text holds one. What
 * libcrypto copies while it computes is its own. */
#ifndef GRIDDLE_KEYS_H
#define GRIDDLE_KEYS_H

#include <griddle/base.h>
#include <jansson.h>

GR_BEGIN_DECLS

typedef struct gr_keys gr_keys;

/* Keys of a ring at most: a token without a key id may have to be tried with each. */
#define GR_KEYS_MOST 16

/* A new ring, without keys. NULL: out of memory, or libsodium finds no source of randomness. */
GR_API GR_MUST_USE gr_keys *gr_keys_create(void);

/* Wipes and frees it. NULL is allowed. */
GR_API void gr_keys_destroy(gr_keys *keys);

/* Keys from a file (at most 64 KiB), from an environment variable, or from `text`, which is one of
 *
 *   - a JWK, or a set of them (RFC 7517): `{"kty":...}`, `{"keys":[...]}`. Of a set those are left out that are not for
 *     signatures: another "use", "key_ops", kty or alg. A member that is given twice is refused;
 *   - PEM: public and private keys (RFC 7468, PKCS #1, SEC 1), certificates, of which nothing but the key is looked at;
 *     encrypted ones are refused;
 *   - else lines, each a secret, as it stands but for white space at its ends: what `openssl rand -hex 32` prints.
 *
 * `alg` is the algorithm of those that do not say theirs. NULL: a secret is for HS256; a curve has its own; an RSA key
 * is refused, since it would fit six. All keys are added, behind those that the ring has, or none.
 *
 * 0; GR_EINVAL: what is wrong, weak keys among it, is said by gr_keys_error(); GR_EEXIST: a kid that the ring has;
 * GR_EMSGSIZE: more than GR_KEYS_MOST, or too long; GR_ENOMEM; the system's code for a file that cannot be read.
 * Blocks. */
GR_API GR_MUST_USE int gr_keys_add_file(gr_keys *keys, const char *path, const char *alg);
GR_API GR_MUST_USE int gr_keys_add_env(gr_keys *keys, const char *variable, const char *alg);
GR_API GR_MUST_USE int gr_keys_add_text(gr_keys *keys, const char *text, size_t len, const char *alg);

/* The same from a JWK, or a set, that is a value already, as a fetched one is. Borrows `jwk`, whose own texts are the
 * caller's to wipe. */
GR_API GR_MUST_USE int gr_keys_add_json(gr_keys *keys, const json_t *jwk, const char *alg);

/* One secret, of any bytes, for alg (NULL: HS256); kid NULL: none. Copies it. */
GR_API GR_MUST_USE int gr_keys_add_secret(gr_keys *keys, const void *secret, size_t len, const char *alg,
                                          const char *kid);

/* A new key for alg (NULL: HS256), with a random kid. Nobody else knows it: it is gone with the process, and other
 * workers do not accept what it signed. RSA takes some 100 ms. */
GR_API GR_MUST_USE int gr_keys_add_generated(gr_keys *keys, const char *alg);

/* How many there are. */
GR_API size_t gr_keys_count(const gr_keys *keys);

/* What the last call that failed found wrong: a sentence for logs, without any of a key. "" where none did; "out of
 * memory" for NULL. Borrowed, until the next call. */
GR_API const char *gr_keys_error(const gr_keys *keys);

/* The set of public keys (RFC 7517 section 5) that others check with: what `/.well-known/jwks.json` serves. No member
 * of a private key is in it, and no secret at all. *jwks is new. GR_ENOMEM. Any thread. */
GR_API GR_MUST_USE int gr_keys_jwks(const gr_keys *keys, json_t **jwks);

GR_END_DECLS

#endif
