#include "security/jws.h"

#include <jose/jws.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "security/base64.h"
#include "security/jose.h"

/* --- EdDSA --- */

static char *sign_ed25519(const struct gri_key *key, const struct gri_jws_input *input)
{
    unsigned char signature[crypto_sign_BYTES];
    char *text = malloc(GRI_BASE64_SIZE(sizeof signature));
    crypto_sign_detached(signature, NULL, (const unsigned char *)input->text, input->len, key->secret);
    if (text)
        gri_base64url_write(text, signature, sizeof signature);
    return text;
}

static bool verify_ed25519(const struct gri_key *key, const struct gri_jws_input *input, const char *text, size_t len)
{
    unsigned char signature[crypto_sign_BYTES];
    size_t bytes;
    return gri_base64url_read(signature, sizeof signature, text, len, &bytes) && bytes == sizeof signature &&
           crypto_sign_verify_detached(signature, (const unsigned char *)input->text, input->len, key->public_x) == 0;
}

/* --- libjose --- */

/* What libjose takes: the flattened form (RFC 7515 section 7.2.2), without a signature. */
static json_t *flattened(const struct gri_jws_input *input, json_t **protected)
{
    const char *payload = input->text + input->header_len + 1;
    size_t payload_len = input->len - input->header_len - 1;
    json_t *jws = json_pack("{s:s%}", "payload", payload, payload_len);
    *protected = json_pack("{s:s%}", "protected", input->text, input->header_len);
    return jws;
}

static char *sign_by_jose(const struct gri_key *key, const struct gri_jws_input *input)
{
    jose_cfg_t *cfg = gri_jose_begin();
    json_t *header, *jws = flattened(input, &header);
    char *text = NULL;
    if (cfg && jws && header && jose_jws_sig(cfg, jws, header, key->jwk))
        text = strdup(json_string_value(json_object_get(jws, "signature")));
    json_decref(header);
    json_decref(jws);
    gri_jose_end(cfg);
    return text;
}

static bool verify_by_jose(const struct gri_key *key, const struct gri_jws_input *input, const char *text, size_t len)
{
    jose_cfg_t *cfg = gri_jose_begin();
    json_t *header, *jws = flattened(input, &header);
    bool is_right = cfg && jws && header && !json_object_set_new(header, "signature", json_stringn(text, len)) &&
                    jose_jws_ver(cfg, jws, header, key->jwk, false);
    json_decref(header);
    json_decref(jws);
    gri_jose_end(cfg);
    return is_right;
}

/* --- either --- */

char *gri_jws_sign(const struct gri_key *key, const struct gri_jws_input *input)
{
    if (!key->can_sign)
        return NULL;
    return key->algorithm->type == GRI_KEY_OKP ? sign_ed25519(key, input) : sign_by_jose(key, input);
}

bool gri_jws_verify(const struct gri_key *key, const struct gri_jws_input *input, const char *signature, size_t len)
{
    size_t wanted = key->algorithm->signature_bytes;
    if (len == 0 || (wanted && len != GRI_BASE64_LEN(wanted)))
        return false;
    return key->algorithm->type == GRI_KEY_OKP ? verify_ed25519(key, input, signature, len)
                                               : verify_by_jose(key, input, signature, len);
}

bool gri_jws_is_pair(const struct gri_key *key)
{
    char json[40], text[80];
    int len = snprintf(json, sizeof json, "{\"alg\":\"%s\"}", key->algorithm->name);
    size_t header_len = gri_base64url_write(text, json, (size_t)len);
    strcpy(text + header_len, ".e30");
    const struct gri_jws_input input = {text, header_len, header_len + 4};
    char *signature = gri_jws_sign(key, &input);
    bool is_right = signature && gri_jws_verify(key, &input, signature, strlen(signature));
    free(signature);
    return is_right;
}
