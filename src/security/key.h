/* A key of a ring. */
#ifndef GRI_SECURITY_KEY_H
#define GRI_SECURITY_KEY_H

#include <griddle/keys.h>

#include "security/algorithm.h"

enum { GRI_SECRET_MOST = 1024, GRI_KID_MOST = 256, GRI_MASTER_BYTES = 32 };

struct gri_key {
    const struct gri_algorithm *algorithm;
    const char *kid;            /* borrowed from `jwk`; NULL: none */
    json_t *jwk;                /* its own: kty, alg, kid and the numbers, no other member */
    unsigned char *secret;      /* of libsodium's memory: EdDSA's private key, or what seals come from; NULL: none */
    unsigned char public_x[32]; /* of EdDSA */
    bool can_sign;
};

/* Makes a key of one JWK, borrowed; `alg` as in keys.h. 0; GR_EINVAL with *why, a static sentence; GR_ENOMEM. */
int gri_key_init(struct gri_key *key, const json_t *jwk, const char *alg, const char **why);

/* Wipes it. */
void gri_key_finish(struct gri_key *key);

/* Whether a set's JWK is one of ours, or is left out. */
bool gri_jwk_is_for_signatures(const json_t *jwk);

/* Its public part as a JWK, new. NULL: it has none, or out of memory. */
json_t *gri_key_public(const struct gri_key *key);

struct gr_keys {
    size_t n;
    struct gri_key keys[GR_KEYS_MOST];
    char error[256];
};

/* Sets the ring's error; `code` is returned. */
GR_PRINTF(3, 4) int gri_keys_refuse(gr_keys *keys, int code, const char *fmt, ...);

/* The first that can sign, or has that kid and can. */
const struct gri_key *gri_keys_signer(const gr_keys *keys, const char *kid);

#endif
