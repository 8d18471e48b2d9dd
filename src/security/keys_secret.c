/* Keys that are secrets, given or made, and new keys of other kinds. */
#include <jose/jwk.h>
#include <sodium.h>
#include <string.h>

#include "security/base64.h"
#include "security/jose.h"
#include "security/keys_add.h"
#include "security/wipe.h"

static json_t *jwk_of_secret(const void *secret, size_t len, const char *kid)
{
    char text[GRI_BASE64_SIZE(GRI_SECRET_MOST)];
    gri_base64url_write(text, secret, len);
    json_t *jwk = json_pack("{s:s,s:s,s:s*}", "kty", "oct", "k", text, "kid", kid);
    sodium_memzero(text, sizeof text);
    return jwk;
}

static int append_secret(gr_keys *keys, const void *secret, size_t len, const char *alg, const char *kid)
{
    if (len == 0 || len > GRI_SECRET_MOST)
        return gri_keys_refuse(keys, GR_EINVAL, "key %zu: a secret has 1 to 1,024 bytes", keys->n + 1);
    json_t *jwk = jwk_of_secret(secret, len, kid);
    if (!jwk)
        return gri_keys_refuse(keys, GR_ENOMEM, "out of memory, or the kid is not UTF-8");
    int rc = gri_keys_append(keys, jwk, alg);
    gri_wipe_json(jwk);
    return rc;
}

int gr_keys_add_secret(gr_keys *keys, const void *secret, size_t len, const char *alg, const char *kid)
{
    size_t before = keys->n;
    return gri_keys_end(keys, before, append_secret(keys, secret, len, alg, kid));
}

static bool is_white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

int gri_keys_add_lines(gr_keys *keys, const char *text, size_t len, const char *alg)
{
    const char *end = text + len;
    int rc = 0;
    while (rc == 0 && text < end) {
        const char *line_end = memchr(text, '\n', (size_t)(end - text)), *next;
        line_end = line_end ? line_end : end;
        next = line_end + 1;
        while (text < line_end && is_white(*text))
            text++;
        while (text < line_end && is_white(line_end[-1]))
            line_end--;
        if (text < line_end)
            rc = append_secret(keys, text, (size_t)(line_end - text), alg, NULL);
        text = next;
    }
    return rc;
}

/* --- new ones --- */

static json_t *generate_ed25519(void)
{
    unsigned char public_x[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    char x[GRI_BASE64_SIZE(sizeof public_x)], d[GRI_BASE64_SIZE(crypto_sign_SEEDBYTES)];
    crypto_sign_keypair(public_x, secret);
    gri_base64url_write(x, public_x, sizeof public_x);
    gri_base64url_write(d, secret, crypto_sign_SEEDBYTES);
    json_t *jwk = json_pack("{s:s,s:s,s:s,s:s}", "kty", "OKP", "crv", "Ed25519", "x", x, "d", d);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(d, sizeof d);
    return jwk;
}

static json_t *generate_by_jose(const char *alg)
{
    jose_cfg_t *cfg = gri_jose_begin();
    json_t *jwk = json_pack("{s:s}", "alg", alg);
    if (cfg && jwk && jose_jwk_gen(cfg, jwk)) {
        json_object_del(jwk, "key_ops");
    } else {
        json_decref(jwk);
        jwk = NULL;
    }
    gri_jose_end(cfg);
    return jwk;
}

static bool name_key(json_t *jwk)
{
    unsigned char random[9];
    char kid[GRI_BASE64_SIZE(sizeof random)];
    randombytes_buf(random, sizeof random);
    gri_base64url_write(kid, random, sizeof random);
    return json_object_set_new(jwk, "kid", json_string(kid)) == 0;
}

int gr_keys_add_generated(gr_keys *keys, const char *alg)
{
    const struct gri_algorithm *algorithm = gri_algorithm_find(alg ? alg : "HS256");
    if (!algorithm)
        return gri_keys_refuse(keys, GR_EINVAL, "there is no algorithm of that name");
    json_t *jwk = algorithm->type == GRI_KEY_OKP ? generate_ed25519() : generate_by_jose(algorithm->name);
    int rc = jwk && name_key(jwk) ? gri_keys_append(keys, jwk, algorithm->name)
                                  : gri_keys_refuse(keys, GR_ENOMEM, "out of memory");
    gri_wipe_json(jwk);
    return gri_keys_end(keys, keys->n - (rc == 0), rc);
}
