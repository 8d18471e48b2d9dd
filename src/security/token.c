#include <griddle/token.h>

#define CHALLENGE "Bearer error=\"invalid_token\", error_description="

/* A sentence and, with it, the challenge. */
#define REFUSAL(text) \
    { \
        text, CHALLENGE "\"" text "\"" \
    }

static const struct refusal {
    const char *text, *challenge;
} refusals[] = {
    REFUSAL("The token is malformed"),
    REFUSAL("The token is too large"),
    REFUSAL("The token wants an extension that is not supported"),
    REFUSAL("The token's algorithm is not accepted"),
    REFUSAL("The token's key is not known"),
    REFUSAL("The token's signature does not match"),
    REFUSAL("The token has expired"),
    REFUSAL("The token is not valid yet"),
    REFUSAL("The token's issuer is not accepted"),
    REFUSAL("The token is for another audience"),
    REFUSAL("The token is of another type"),
    REFUSAL("A claim of the token is missing, or of a wrong kind"),
};

/* The codes follow one another. */
static const struct refusal *refusal_of(int code)
{
    int last = GR_TOKEN_MALFORMED - (int)(sizeof refusals / sizeof *refusals) + 1;
    return code <= GR_TOKEN_MALFORMED && code >= last ? &refusals[GR_TOKEN_MALFORMED - code] : NULL;
}

const char *gr_token_strerror(int code)
{
    const struct refusal *refusal = refusal_of(code);
    return refusal ? refusal->text : gr_strerror(code);
}

const char *gr_token_challenge(int code)
{
    const struct refusal *refusal = refusal_of(code);
    return refusal ? refusal->challenge : code == 0 ? "Bearer" : NULL;
}

int gr_token_fail(gr_req *req, int code)
{
    const struct refusal *refusal = refusal_of(code);
    if (!refusal)
        return code;
    gr_fail(req, 401, "%s", refusal->text);
    return gr_fail_header(req, "WWW-Authenticate", refusal->challenge);
}
