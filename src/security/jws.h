/* Signatures over "HEADER.PAYLOAD" (RFC 7515 section 5): by libsodium for EdDSA, by libjose for all others. */
#ifndef GRI_SECURITY_JWS_H
#define GRI_SECURITY_JWS_H

#include "security/key.h"

/* What is signed: the first part's length and both parts with the dot between. */
struct gri_jws_input {
    const char *text;
    size_t header_len, len;
};

/* The signature as base64url, for free(). NULL: the key cannot sign, or out of memory. */
char *gri_jws_sign(const struct gri_key *key, const struct gri_jws_input *input);

/* Whether it is the key's, of its algorithm, which the header has been seen to name. The header has been read as JSON
 * without a fraction: libjose reads it again, in the locale of the thread. */
bool gri_jws_verify(const struct gri_key *key, const struct gri_jws_input *input, const char *signature, size_t len);

/* Whether what the key signs is what it verifies. */
bool gri_jws_is_pair(const struct gri_key *key);

#endif
