#include <griddle/json.h>
#include <stdlib.h>
#include <string.h>

#include "security/base64.h"
#include "security/claims.h"
#include "security/jws.h"
#include "security/jwt_header.h"

enum { TOKEN_MOST = 8192, HEADER_MOST = 2048, LEEWAY_MOST_S = 86400 };

struct part {
    const char *at;
    size_t len;
};

struct token {
    struct part header, payload, signature;
};

/* Each part has a byte at least: an unsigned token has no signature. */
static int split(const char *text, const gr_jwt_check_options *options, struct token *token)
{
    size_t len = text ? strnlen(text, options->max_bytes + 1) : 0;
    if (len > options->max_bytes)
        return GR_TOKEN_LARGE;
    const char *first = len ? strchr(text, '.') : NULL, *second = first ? strchr(first + 1, '.') : NULL;
    if (!second || strchr(second + 1, '.'))
        return GR_TOKEN_MALFORMED;
    token->header = (struct part){text, (size_t)(first - text)};
    token->payload = (struct part){first + 1, (size_t)(second - first - 1)};
    token->signature = (struct part){second + 1, (size_t)(text + len - second - 1)};
    if (token->header.len > options->max_header_bytes)
        return GR_TOKEN_LARGE;
    return token->header.len && token->payload.len && token->signature.len ? 0 : GR_TOKEN_MALFORMED;
}

/* An object, new. */
static int read_part(const struct part *part, json_t **value)
{
    char *json = malloc(part->len);
    size_t len;
    *value = NULL;
    if (!json)
        return GR_ENOMEM;
    int rc = GR_EINVAL;
    if (gri_base64url_read(json, part->len, part->at, part->len, &len))
        rc = gr_json_read_strict(json, len, value);
    free(json);
    if (rc == 0 && json_is_object(*value))
        return 0;
    gr_json_free(*value);
    *value = NULL;
    return rc == GR_ENOMEM ? rc : GR_TOKEN_MALFORMED;
}

/* Whether a key of the ring made it, or why none did. */
static int check_signature(const gr_keys *keys, const struct token *token, const struct gri_jwt_header *header)
{
    const struct gri_jws_input input = {token->header.at, token->header.len,
                                        token->header.len + 1 + token->payload.len};
    const struct gri_jwt_header any = {.alg = header->alg};
    const struct gri_key *key;
    size_t at = 0;
    int rc = gri_jwt_next_key(keys, &any, &at) ? GR_TOKEN_KEY : GR_TOKEN_ALGORITHM;
    for (at = 0; (key = gri_jwt_next_key(keys, header, &at)); rc = GR_TOKEN_SIGNATURE)
        if (gri_jws_verify(key, &input, token->signature.at, token->signature.len))
            return 0;
    return rc;
}

static int check_header(const gr_keys *keys, const struct token *token, const char *typ)
{
    struct gri_jwt_header header;
    json_t *value;
    int rc = read_part(&token->header, &value);
    if (rc == 0)
        rc = gri_jwt_header_read(value, typ, &header);
    if (rc == 0)
        rc = check_signature(keys, token, &header);
    gr_json_free(value);
    return rc;
}

static int check_claims(const struct token *token, const gr_jwt_check_options *options, json_t **claims)
{
    int rc = read_part(&token->payload, claims);
    if (rc == 0 && !gri_claims_are_sound(*claims))
        rc = GR_TOKEN_CLAIMS;
    if (rc == 0)
        rc = gri_claims_check(*claims, options, gri_now_s(options->now_s));
    if (rc) {
        gr_json_free(*claims);
        *claims = NULL;
    }
    return rc;
}

static bool set_defaults(gr_jwt_check_options *own)
{
    own->max_bytes = own->max_bytes ? own->max_bytes : TOKEN_MOST;
    own->max_header_bytes = own->max_header_bytes ? own->max_header_bytes : HEADER_MOST;
    return own->leeway_s >= 0 && own->leeway_s <= LEEWAY_MOST_S && own->max_age_s >= 0 && own->max_bytes < SIZE_MAX &&
           own->max_age_s <= INT32_MAX && gri_is_now_s(own->now_s);
}

int gr_jwt_check(const gr_keys *keys, const char *token, const gr_jwt_check_options *options, json_t **claims)
{
    gr_jwt_check_options own = {.size = sizeof own};
    struct token parts;
    *claims = NULL;
    if ((options && !gr_sized_take(&own, sizeof own, options, 2 * sizeof own.size)) || !set_defaults(&own))
        return GR_EINVAL;
    int rc = split(token, &own, &parts);
    if (rc == 0)
        rc = check_header(keys, &parts, own.typ);
    return rc == 0 ? check_claims(&parts, &own, claims) : rc;
}
