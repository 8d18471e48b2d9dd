#include <griddle/json.h>
#include <stdlib.h>
#include <string.h>

#include "security/base64.h"
#include "security/claims.h"
#include "security/jws.h"

/* base64url of a value's JSON, for free(); NULL: out of memory, or no JSON can say it. */
static char *part_of(const json_t *value, size_t *len)
{
    char *json, *text = NULL;
    size_t json_len;
    if (gr_json_write(value, 0, &json, &json_len) == 0) {
        text = malloc(GRI_BASE64_SIZE(json_len));
        if (text)
            *len = gri_base64url_write(text, json, json_len);
    }
    free(json);
    return text;
}

static json_t *header_of(const struct gri_key *key, const gr_jwt_make_options *options)
{
    return json_pack("{s:s,s:s,s:s*}", "alg", key->algorithm->name, "typ", options->typ ? options->typ : "JWT", "kid",
                     key->kid);
}

/* False: out of memory. */
static bool set_dates(json_t *claims, const gr_jwt_make_options *options)
{
    int64_t now_s = gri_now_s(options->now_s);
    if (!json_object_get(claims, "iat") && json_object_set_new(claims, "iat", json_integer(now_s)))
        return false;
    return options->lifetime_s == 0 || json_object_get(claims, "exp") ||
           json_object_set_new(claims, "exp", json_integer(now_s + options->lifetime_s)) == 0;
}

/* "HEADER.PAYLOAD", for free(). */
static char *input_of(const struct gri_key *key, const json_t *claims, const gr_jwt_make_options *options,
                      struct gri_jws_input *input)
{
    json_t *header = header_of(key, options);
    size_t header_len = 0, payload_len = 0;
    char *first = header ? part_of(header, &header_len) : NULL, *second = part_of(claims, &payload_len);
    char *text = first && second ? malloc(header_len + 1 + payload_len + 1) : NULL;
    if (text) {
        memcpy(text, first, header_len);
        text[header_len] = '.';
        memcpy(text + header_len + 1, second, payload_len + 1);
    }
    *input = (struct gri_jws_input){text, header_len, header_len + 1 + payload_len};
    free(second);
    free(first);
    json_decref(header);
    return text;
}

static int make(gr_arena *arena, const struct gri_key *key, const json_t *claims, const gr_jwt_make_options *options,
                char **token)
{
    struct gri_jws_input input;
    char *text = input_of(key, claims, options, &input);
    char *signature = text ? gri_jws_sign(key, &input) : NULL;
    if (signature)
        *token = gr_arena_printf(arena, "%s.%s", text, signature);
    free(signature);
    free(text);
    return *token ? 0 : GR_ENOMEM;
}

/* What json_pack() would take for a lack of memory, and what no check would take. */
static bool can_be_made(const json_t *claims, const gr_jwt_make_options *options)
{
    json_t *typ = options->typ ? json_string(options->typ) : json_null();
    json_decref(typ);
    return typ && options->lifetime_s >= 0 && options->lifetime_s <= INT32_MAX && gri_is_now_s(options->now_s) &&
           gri_claims_are_sound(claims) &&
           (options->lifetime_s || options->without_exp || json_object_get(claims, "exp"));
}

int gr_jwt_make(gr_arena *arena, const gr_keys *keys, json_t *claims, const gr_jwt_make_options *options, char **token)
{
    gr_jwt_make_options own = {.size = sizeof own};
    int rc = GR_EINVAL;
    *token = NULL;
    const struct gri_key *key = NULL;
    if (!options || gr_sized_take(&own, sizeof own, options, 2 * sizeof own.size))
        key = gri_keys_signer(keys, own.kid);
    if (key && can_be_made(claims, &own))
        rc = set_dates(claims, &own) ? make(arena, key, claims, &own, token) : GR_ENOMEM;
    gr_json_free(claims);
    return rc;
}
