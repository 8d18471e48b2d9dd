#include "security/key.h"

#include <jose/openssl.h>
#include <sodium.h>
#include <string.h>

#include "security/base64.h"
#include "security/jose.h"
#include "security/jws.h"
#include "security/wipe.h"

enum { RSA_LEAST_BITS = 2048 };

/* A key type, the members that its keys have (RFC 7518 section 6, RFC 8037 section 2), and the first private one. */
static const struct key_type {
    const char *kty;
    const char *members[9];
    size_t private_from;
} key_types[] = {
    [GRI_KEY_OCT] = {"oct", {"k"}, 0},
    [GRI_KEY_RSA] = {"RSA", {"n", "e", "d", "p", "q", "dp", "dq", "qi"}, 2},
    [GRI_KEY_EC] = {"EC", {"crv", "x", "y", "d"}, 3},
    [GRI_KEY_OKP] = {"OKP", {"crv", "x", "d"}, 2},
};

static const char *member_text(const json_t *jwk, const char *name)
{
    return json_string_value(json_object_get(jwk, name));
}

static const struct key_type *key_type_of(const json_t *jwk)
{
    const char *kty = member_text(jwk, "kty");
    for (size_t i = 0; kty && i < sizeof key_types / sizeof *key_types; i++)
        if (strcmp(key_types[i].kty, kty) == 0)
            return &key_types[i];
    return NULL;
}

/* --- what a JWK says it is for --- */

static bool is_text(const json_t *value, const char *text)
{
    return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

/* RFC 7517 sections 4.2 and 4.3: absent is any use. */
static bool is_used_for_signatures(const json_t *jwk)
{
    const json_t *use = json_object_get(jwk, "use"), *ops = json_object_get(jwk, "key_ops");
    if (use && !is_text(use, "sig"))
        return false;
    for (size_t i = 0; i < json_array_size(ops); i++)
        if (is_text(json_array_get(ops, i), "sign") || is_text(json_array_get(ops, i), "verify"))
            return true;
    return !ops;
}

static const struct gri_algorithm *algorithm_of(const json_t *jwk, const struct key_type *type, const char *alg)
{
    const char *curve = member_text(jwk, "crv");
    if (json_object_get(jwk, "alg"))
        alg = member_text(jwk, "alg");
    else if (!alg)
        return gri_algorithm_of((enum gri_key_type)(type - key_types), curve);
    const struct gri_algorithm *found = gri_algorithm_find(alg);
    if (!found || &key_types[found->type] != type)
        return NULL;
    return !found->curve || (curve && strcmp(found->curve, curve) == 0) ? found : NULL;
}

bool gri_jwk_is_for_signatures(const json_t *jwk)
{
    const struct key_type *type = key_type_of(jwk);
    if (!type || !is_used_for_signatures(jwk))
        return false;
    return json_object_get(jwk, "alg") ? algorithm_of(jwk, type, NULL) != NULL
                                       : type->members[0][0] != 'c' || algorithm_of(jwk, type, NULL);
}

/* --- a copy that has nothing but what is known --- */

static const char *copy_kid(json_t *own, const json_t *jwk)
{
    const json_t *kid = json_object_get(jwk, "kid");
    if (!kid)
        return NULL;
    if (!json_is_string(kid) || json_string_length(kid) > GRI_KID_MOST)
        return "its kid is no text, or longer than 256 bytes";
    return json_object_set_new(own, "kid", json_deep_copy(kid)) ? "out of memory" : NULL;
}

static const char *copy_members(json_t *own, const json_t *jwk, const struct key_type *type)
{
    for (size_t i = 0; type->members[i]; i++) {
        const json_t *member = json_object_get(jwk, type->members[i]);
        if (!member && (i >= type->private_from && type->private_from))
            continue;
        if (!json_is_string(member) || json_string_length(member) == 0)
            return "a member that its kty has is missing, or no text";
        if (json_object_set_new(own, type->members[i], json_deep_copy(member)))
            return "out of memory";
    }
    return NULL;
}

static const char *copy_jwk(struct gri_key *key, const json_t *jwk, const struct key_type *type)
{
    key->jwk = json_pack("{s:s,s:s}", "kty", type->kty, "alg", key->algorithm->name);
    const char *why = key->jwk ? copy_kid(key->jwk, jwk) : "out of memory";
    key->kid = member_text(key->jwk, "kid");
    return why ? why : copy_members(key->jwk, jwk, type);
}

/* --- its numbers --- */

/* False: the member is no base64url, or has not so many bytes. */
static bool read_member(const json_t *jwk, const char *name, unsigned char *to, size_t size)
{
    const json_t *member = json_object_get(jwk, name);
    size_t len;
    return member && gri_base64url_read(to, size, json_string_value(member), json_string_length(member), &len) &&
           len == size;
}

/* What seals come from is not the secret itself, so that a key has one use (and is long enough for libsodium's). */
static const char *take_secret(struct gri_key *key)
{
    const json_t *k = json_object_get(key->jwk, "k");
    unsigned char bytes[GRI_SECRET_MOST];
    const char *why = NULL;
    size_t len = 0;
    key->secret = sodium_malloc(GRI_MASTER_BYTES);
    if (!key->secret)
        return "out of memory";
    if (!gri_base64url_read(bytes, sizeof bytes, json_string_value(k), json_string_length(k), &len))
        why = "its secret is no base64url, or longer than 1,024 bytes";
    else if (len < key->algorithm->least_bytes)
        why = "its secret is shorter than the hash of its algorithm, and so too weak (RFC 7518 section 3.2)";
    else
        crypto_generichash(key->secret, GRI_MASTER_BYTES, bytes, len, NULL, 0);
    sodium_memzero(bytes, sizeof bytes);
    key->can_sign = !why;
    return why;
}

static const char *take_ed25519(struct gri_key *key)
{
    unsigned char seed[crypto_sign_SEEDBYTES], public_x[crypto_sign_PUBLICKEYBYTES];
    const char *why = NULL;
    if (!read_member(key->jwk, "x", key->public_x, sizeof key->public_x))
        return "x has not 32 bytes";
    if (!json_object_get(key->jwk, "d"))
        return NULL;
    key->secret = sodium_malloc(crypto_sign_SECRETKEYBYTES);
    if (!key->secret)
        return "out of memory";
    if (!read_member(key->jwk, "d", seed, sizeof seed))
        why = "d has not 32 bytes";
    else
        crypto_sign_seed_keypair(public_x, key->secret, seed);
    sodium_memzero(seed, sizeof seed);
    key->can_sign = true;
    return why;
}

/* With an exponent of 1 anything is its own signature. */
static bool is_odd_exponent(const json_t *jwk)
{
    unsigned char bytes[GRI_SECRET_MOST];
    const json_t *e = json_object_get(jwk, "e");
    size_t len;
    if (!gri_base64url_read(bytes, sizeof bytes, json_string_value(e), json_string_length(e), &len) || len == 0)
        return false;
    bool is_more_than_one = bytes[len - 1] > 1;
    for (size_t i = 0; i + 1 < len; i++)
        is_more_than_one |= bytes[i] != 0;
    return is_more_than_one && bytes[len - 1] & 1;
}

/* RSA and EC: what libcrypto makes of it. */
static const char *take_numbers(struct gri_key *key)
{
    jose_cfg_t *cfg = gri_jose_begin();
    if (!cfg)
        return "out of memory";
    EVP_PKEY *made = jose_openssl_jwk_to_EVP_PKEY(cfg, key->jwk);
    gri_jose_end(cfg);
    int bits = made ? EVP_PKEY_get_bits(made) : 0;
    EVP_PKEY_free(made);
    if (!made)
        return "its numbers are no key";
    if (key->algorithm->type == GRI_KEY_RSA && bits < RSA_LEAST_BITS)
        return "an RSA key of fewer than 2,048 bits is too weak (RFC 7518 section 3.3)";
    if (key->algorithm->type == GRI_KEY_RSA && !is_odd_exponent(key->jwk))
        return "its exponent e is no odd number above 1";
    key->can_sign = json_object_get(key->jwk, "d") != NULL;
    return NULL;
}

static const char *take_key(struct gri_key *key)
{
    const char *why = key->algorithm->type == GRI_KEY_OCT   ? take_secret(key)
                      : key->algorithm->type == GRI_KEY_OKP ? take_ed25519(key)
                                                            : take_numbers(key);
    if (!why && key->can_sign && key->algorithm->type != GRI_KEY_OCT && !gri_jws_is_pair(key))
        why = "its private part does not belong to its public one";
    return why;
}

int gri_key_init(struct gri_key *key, const json_t *jwk, const char *alg, const char **why)
{
    const struct key_type *type = key_type_of(jwk);
    *key = (struct gri_key){0};
    *why = NULL;
    if (!type)
        *why = "it is no JWK whose kty is oct, RSA, EC or OKP";
    else if (!is_used_for_signatures(jwk))
        *why = "its use, or its key_ops, is not for signatures";
    else if (!(key->algorithm = algorithm_of(jwk, type, alg)))
        *why = json_object_get(jwk, "alg") || alg || type != &key_types[GRI_KEY_RSA]
                   ? "its algorithm is not known, or not one of its kty and curve"
                   : "an RSA key must say its algorithm, in alg, or as the argument of the call";
    else
        *why = copy_jwk(key, jwk, type);
    if (!*why)
        *why = take_key(key);
    if (*why)
        gri_key_finish(key);
    return !*why ? 0 : strcmp(*why, "out of memory") == 0 ? GR_ENOMEM : GR_EINVAL;
}

void gri_key_finish(struct gri_key *key)
{
    gri_wipe_json(key->jwk);
    sodium_free(key->secret);
    *key = (struct gri_key){0};
}

/* --- the public part --- */

json_t *gri_key_public(const struct gri_key *key)
{
    const struct key_type *type = &key_types[key->algorithm->type];
    json_t *jwk = json_pack("{s:s,s:s,s:s}", "kty", type->kty, "use", "sig", "alg", key->algorithm->name);
    bool failed = !jwk || !type->private_from;
    for (size_t i = 0; !failed && i < type->private_from; i++)
        failed =
            json_object_set_new(jwk, type->members[i], json_deep_copy(json_object_get(key->jwk, type->members[i])));
    if (!failed && key->kid)
        failed = json_object_set_new(jwk, "kid", json_string(key->kid));
    if (!failed)
        return jwk;
    json_decref(jwk);
    return NULL;
}
