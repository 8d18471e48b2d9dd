/* Griddle: why a token was not taken: a JWT (griddle/jwt.h), a sealed or signed value (griddle/seal.h).
 *
 * Part of griddle/security.h: the library griddle-security. */
#ifndef GRIDDLE_TOKEN_H
#define GRIDDLE_TOKEN_H

#include <griddle/request.h>

GR_BEGIN_DECLS

/* Negative codes beside those of gr_errno, which gr_strerror() does not know. */
enum gr_token_errno {
    GR_TOKEN_MALFORMED = -20001, /* it is none: its parts, its base64url, its JSON, a claim that is given twice */
    GR_TOKEN_LARGE = -20002,     /* longer than the limit; it was not read */
    GR_TOKEN_CRITICAL = -20003,  /* its header wants what we do not do: crit, or b64 (RFC 7515 4.1.11, RFC 7797) */
    GR_TOKEN_ALGORITHM = -20004, /* no key of the ring has its algorithm; "none" is never one */
    GR_TOKEN_KEY = -20005,       /* no key of the ring has its kid */
    GR_TOKEN_SIGNATURE = -20006, /* it was changed, or made with another key, or for another purpose */
    GR_TOKEN_EXPIRED = -20007,   /* exp has come, or it is older than allowed */
    GR_TOKEN_EARLY = -20008,     /* nbf has not come, or iat lies in the future */
    GR_TOKEN_ISSUER = -20009,    /* iss is not one of those accepted, or there is none */
    GR_TOKEN_AUDIENCE = -20010,  /* aud does not name us, or it is for somebody and we said not who we are */
    GR_TOKEN_TYPE = -20011,      /* typ is not the one asked for */
    GR_TOKEN_CLAIMS = -20012     /* a registered claim of the wrong kind, or exp or iat missing that is asked for */
};

/* A sentence in English that says no more than the client may know: "The token has expired". gr_strerror()'s for a code
 * of another kind. Never NULL; static. Any thread. */
GR_API const char *gr_token_strerror(int code);

/* What WWW-Authenticate says with a 401 (RFC 6750 section 3): for such a code `Bearer error="invalid_token",
 * error_description="The token has expired"`; for 0, no token at all, `Bearer`. NULL: a code of another kind, that is
 * no fault of the client's. Static. Any thread. */
GR_API const char *gr_token_challenge(int code);

/* Records 401 with the sentence and the challenge for such a code, and returns it, to be passed up as gr_fail()'s; a
 * code of another kind is returned as it is:
 *
 *     int rc = gr_jwt_check(keys, token, &options, &claims);
 *     if (rc)
 *         return gr_failed(req, gr_token_fail(req, rc));
 *
 * The request's owner. */
GR_API GR_MUST_USE int gr_token_fail(gr_req *req, int code);

GR_END_DECLS

#endif
