/* Rings and tokens for the tests: keys of the RFCs, rings made of them, tokens whose parts are chosen freely and whose
 * signature is right all the same. */
#ifndef TESTS_SECURITY_RINGS_H
#define TESTS_SECURITY_RINGS_H

#include <griddle.h>
#include <griddle/security.h>
#include <sodium.h>

#include "run.h"

/* RFC 7515 appendix A.1, A.2, A.3; RFC 8037 appendix A.1. */
#define RFC_K "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
#define RFC_N \
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-" \
    "pCg" \
    "NMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-" \
    "UTo7WTBEMa2R2CapHg665" \
    "xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_" \
    "h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuX" \
    "poQ"
#define RFC_D \
    "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-" \
    "pWJ" \
    "1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_" \
    "0ZHHzQlBjudU2QvXt" \
    "4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_" \
    "RQyGWSeWjnczT0QU91p1DhOVRuOop" \
    "znQ"
#define RFC_HS256 "{\"kty\":\"oct\",\"k\":\"" RFC_K "\"}"
#define RFC_RS256 "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"n\":\"" RFC_N "\",\"e\":\"AQAB\"}"
#define RFC_EC \
    "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""
#define RFC_EC_D   "\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\""
#define RFC_ES256  "{" RFC_EC "}"
#define RFC_OKP    "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""
#define RFC_OKP_D  "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\""
#define RFC_EDDSA  "{" RFC_OKP "}"
#define OWN_SECRET "0123456789abcdefghijklmnopqrstuv" /* 32 bytes */

enum { NOW_S = 1700000000 };

/* A ring of what the text says. */
GR_UNUSED static gr_keys *ring_of(const char *text, const char *alg)
{
    gr_keys *keys = gr_keys_create();
    ck_assert_ptr_nonnull(keys);
    int rc = gr_keys_add_text(keys, text, strlen(text), alg);
    ck_assert_msg(rc == 0, "%s: %s", text, gr_keys_error(keys));
    return keys;
}

/* What must not be a ring, and a part of the reason. */
GR_UNUSED static void want_refused(const char *text, const char *alg, int want, const char *why)
{
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    int rc = gr_keys_add_text(keys, text, strlen(text), alg);
    ck_assert_msg(rc == want && strstr(gr_keys_error(keys), why), "%s: wanted %d %s, got %d %s", text, want, why, rc,
                  gr_keys_error(keys));
    ck_assert_uint_eq(gr_keys_count(keys), 1);
    gr_keys_destroy(keys);
}

/* The code of a check that has no claims to give, or 0. */
GR_UNUSED static int check_with(const gr_keys *keys, const char *token, const gr_jwt_check_options *options)
{
    json_t *claims = json_true();
    int rc = gr_jwt_check(keys, token, options, &claims);
    ck_assert((rc == 0) == json_is_object(claims));
    ck_assert(rc == 0 || claims == NULL);
    json_decref(claims);
    return rc;
}

GR_UNUSED static void want_check(const gr_keys *keys, const char *token, const gr_jwt_check_options *options, int want)
{
    int rc = check_with(keys, token, options);
    ck_assert_msg(rc == want, "%.200s: wanted %s, got %s", token ? token : "NULL", gr_token_strerror(want),
                  gr_token_strerror(rc));
}

/* --- tokens of the test's own --- */

GR_UNUSED static void append_base64(char *to, size_t size, const void *bytes, size_t len)
{
    size_t at = strlen(to);
    sodium_bin2base64(to + at, size - at, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* HEADER.PAYLOAD and the signature of OWN_SECRET, whatever the header says; good for the four last ones. */
GR_UNUSED static const char *forge(const char *header, const char *payload)
{
    static char tokens[4][65536];
    static unsigned next;
    char *token = tokens[next++ % 4];
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    token[0] = '\0';
    append_base64(token, sizeof tokens[0], header, strlen(header));
    strcat(token, ".");
    append_base64(token, sizeof tokens[0], payload, strlen(payload));
    crypto_auth_hmacsha256(mac, (const unsigned char *)token, strlen(token), (const unsigned char *)OWN_SECRET);
    strcat(token, ".");
    append_base64(token, sizeof tokens[0], mac, sizeof mac);
    return token;
}

#define HS256_HEADER "{\"alg\":\"HS256\"}"

/* A token of these claims that OWN_SECRET signed. */
GR_UNUSED static const char *with_claims(const char *payload)
{
    return forge(HS256_HEADER, payload);
}

/* What a check at NOW_S says of these claims. */
GR_UNUSED static void want_claims(const char *payload, gr_jwt_check_options options, int want)
{
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    options.size = sizeof options;
    options.now_s = options.now_s ? options.now_s : NOW_S;
    const char *token = with_claims(payload);
    int rc = check_with(keys, token, &options);
    ck_assert_msg(rc == want, "%s: wanted %s, got %s", payload, gr_token_strerror(want), gr_token_strerror(rc));
    gr_keys_destroy(keys);
}

#endif
