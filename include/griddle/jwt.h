/* Griddle: JSON Web Tokens (RFC 7519), signed (JWS, compact: RFC 7515), made and checked as RFC 8725 advises.
 *
 *     struct session { const char *sub; const char *scope; };
 *     static GR_MODEL(session, GR_FIELD(sub), GR_FIELD(scope, GR_DEFAULT("")));
 *
 *     json_t *claims;
 *     int rc = gr_jwt_check(keys, token, GR_JWT_CHECK(.audiences = GR_NAMES("shop")), &claims);
 *     if (rc == 0) {
 *         rc = session_read(gr_req_arena(req), claims, &session);
 *         json_decref(claims);
 *     }
 *     return rc ? gr_token_fail(req, rc == GR_EINVAL ? GR_TOKEN_CLAIMS : rc) : 0;
 *
 * Tokens are signed, not encrypted: whoever has one reads it. An encrypted one (JWE) is GR_TOKEN_MALFORMED.
 *
 * Neither waits, and both fit a coroutine's stack. A check takes some 10 (HS), 50 (EdDSA), 100 (RS, PS, ES256) or, with
 * ES384 and ES512, 1,000 to 2,000 microseconds, for each key that may have made the token; making one takes as long,
 * but with RSA some 700. What is long for the loop is gr_offload()'s. Any thread. */
#ifndef GRIDDLE_JWT_H
#define GRIDDLE_JWT_H

#include <griddle/arena.h>
#include <griddle/keys.h>
#include <griddle/token.h>

GR_BEGIN_DECLS

/* How a token is made. All but `size` may be zero. */
typedef struct gr_jwt_make_options {
    size_t size;        /* sizeof(gr_jwt_make_options): GR_JWT_MAKE() sets it */
    int64_t lifetime_s; /* seconds until it expires: sets exp where the claims have none */
    bool without_exp;   /* no exp at all is meant */
    const char *typ;    /* of the header; NULL: "JWT"; RFC 9068's access tokens: "at+jwt" */
    const char *kid;    /* the key that signs; NULL: the first of the ring that can */
    int64_t now_s;      /* seconds since 1970, for tests; 0: the clock's */
} gr_jwt_make_options;

/* Makes a token of `claims`, an object, which is stolen, also on failure; iat is set where it has none. *token is a
 * text of the arena's, NULL on failure.
 *
 * 0; GR_EINVAL: no object, claims that no check would take (a registered one of the wrong kind; no exp though
 * without_exp does not say so), no key of the ring that can sign, or has that kid, `size`; GR_ENOMEM. */
GR_API GR_MUST_USE int gr_jwt_make(gr_arena *arena, const gr_keys *keys, json_t *claims,
                                   const gr_jwt_make_options *options, char **token);

/* What is asked of a token beside its signature. All but `size` may be zero. Lists end with NULL: GR_NAMES("a", "b").
 */
typedef struct gr_jwt_check_options {
    size_t size;                  /* sizeof(gr_jwt_check_options): GR_JWT_CHECK() sets it */
    const char *const *issuers;   /* iss is one of them; NULL: any, or none */
    const char *const *audiences; /* who we are: aud names one of them. NULL: a token that has aud is refused, as it is
                                     for somebody else (RFC 7519 section 4.1.3) */
    bool any_audience;            /* aud is not looked at */
    bool without_exp;             /* a token that never expires is taken too */
    const char *typ;              /* typ of the header, in any case, "application/" before it or not; NULL: any */
    int64_t leeway_s;             /* what clocks may differ by, for exp, nbf and iat; up to 86,400 */
    int64_t max_age_s;            /* since iat, which is asked for; 0: any */
    size_t max_bytes;             /* of the token; 0: 8,192 */
    size_t max_header_bytes;      /* of its first part, as it came; 0: 2,048 */
    int64_t now_s;                /* seconds since 1970, for tests; 0: the clock's */
} gr_jwt_check_options;

/* Checks a token: its form and limits, its signature by the keys of the ring, then its claims. `kid` chooses among the
 * keys of the ring that have one, and nothing else (a key without one may have made any token); jku, jwk, x5u and x5c
 * are not looked at. exp, nbf, iat, iss, sub, aud and jti are of their kind (RFC 7519 section 4.1), in the document no
 * key is given twice.
 *
 * *claims is a new reference, an object; NULL on failure. 0; a code of gr_token_errno; GR_EINVAL: the options;
 * GR_ENOMEM; `options` NULL: all defaults; `token` NULL: GR_TOKEN_MALFORMED. */
GR_API GR_MUST_USE int gr_jwt_check(const gr_keys *keys, const char *token, const gr_jwt_check_options *options,
                                    json_t **claims);

#ifndef __cplusplus
/* GR_JWT_MAKE(.lifetime_s = 900), GR_JWT_CHECK(.leeway_s = 10): pointers to such options, written in place. */
#define GR_JWT_MAKE(...)  (&(const gr_jwt_make_options){.size = sizeof(gr_jwt_make_options), __VA_ARGS__})
#define GR_JWT_CHECK(...) (&(const gr_jwt_check_options){.size = sizeof(gr_jwt_check_options), __VA_ARGS__})
#endif

GR_END_DECLS

#endif
