/* Keys that are PEM (RFC 7468): libcrypto reads them, libjose, or this, makes a JWK of them. */
#include <jose/openssl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <string.h>

#include "security/base64.h"
#include "security/jose.h"
#include "security/keys_add.h"
#include "security/wipe.h"

struct pem_block {
    char *name, *header;
    unsigned char *data;
    long len;
};

static EVP_PKEY *key_of_certificate(const unsigned char *data, long len)
{
    X509 *certificate = d2i_X509(NULL, &data, len);
    EVP_PKEY *key = certificate ? X509_get_pubkey(certificate) : NULL;
    X509_free(certificate);
    return key;
}

/* NULL: it is no key, or an encrypted one. */
static EVP_PKEY *key_of_block(const struct pem_block *block)
{
    const unsigned char *data = block->data;
    if (*block->header)
        return NULL;
    if (strcmp(block->name, PEM_STRING_PUBLIC) == 0)
        return d2i_PUBKEY(NULL, &data, block->len);
    if (strcmp(block->name, PEM_STRING_RSA_PUBLIC) == 0)
        return d2i_PublicKey(EVP_PKEY_RSA, NULL, &data, block->len);
    if (strcmp(block->name, PEM_STRING_X509) == 0)
        return key_of_certificate(data, block->len);
    if (strcmp(block->name, PEM_STRING_PKCS8INF) == 0 || strcmp(block->name, PEM_STRING_RSA) == 0 ||
        strcmp(block->name, PEM_STRING_ECPRIVATEKEY) == 0)
        return d2i_AutoPrivateKey(NULL, &data, block->len);
    return NULL;
}

static json_t *jwk_of_ed25519(const EVP_PKEY *key)
{
    unsigned char x[32], d[32];
    char x_text[GRI_BASE64_SIZE(sizeof x)], d_text[GRI_BASE64_SIZE(sizeof d)];
    size_t x_len = sizeof x, d_len = sizeof d;
    if (EVP_PKEY_get_raw_public_key(key, x, &x_len) != 1)
        return NULL;
    bool is_private = EVP_PKEY_get_raw_private_key(key, d, &d_len) == 1;
    gri_base64url_write(x_text, x, sizeof x);
    if (is_private)
        gri_base64url_write(d_text, d, sizeof d);
    json_t *jwk =
        json_pack("{s:s,s:s,s:s,s:s*}", "kty", "OKP", "crv", "Ed25519", "x", x_text, "d", is_private ? d_text : NULL);
    sodium_memzero(d, sizeof d);
    sodium_memzero(d_text, sizeof d_text);
    return jwk;
}

static json_t *jwk_of_key(EVP_PKEY *key)
{
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519)
        return jwk_of_ed25519(key);
    jose_cfg_t *cfg = gri_jose_begin();
    json_t *jwk = cfg ? jose_openssl_jwk_from_EVP_PKEY(cfg, key) : NULL;
    gri_jose_end(cfg);
    return jwk;
}

static int append_block(gr_keys *keys, const struct pem_block *block, const char *alg)
{
    EVP_PKEY *key = key_of_block(block);
    json_t *jwk = key ? jwk_of_key(key) : NULL;
    EVP_PKEY_free(key);
    if (!jwk)
        return gri_keys_refuse(keys, GR_EINVAL, "key %zu: its PEM is no RSA, EC or Ed25519 key, or an encrypted one",
                               keys->n + 1);
    int rc = gri_keys_append(keys, jwk, alg);
    gri_wipe_json(jwk);
    return rc;
}

/* `openssl ecparam -genkey` writes this one before the key, which has it too. */
static bool is_key_block(const struct pem_block *block)
{
    return strcmp(block->name, PEM_STRING_ECPARAMETERS) != 0;
}

static int append_blocks(gr_keys *keys, BIO *bio, const char *alg)
{
    struct pem_block block;
    size_t before = keys->n;
    int rc = 0;
    while (rc == 0 && PEM_read_bio(bio, &block.name, &block.header, &block.data, &block.len)) {
        if (is_key_block(&block))
            rc = append_block(keys, &block, alg);
        OPENSSL_free(block.name);
        OPENSSL_free(block.header);
        OPENSSL_clear_free(block.data, (size_t)block.len);
    }
    bool is_at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (rc == 0 && (keys->n == before || !is_at_end))
        rc = gri_keys_refuse(keys, GR_EINVAL, "key %zu: its PEM cannot be read", keys->n + 1);
    ERR_clear_error();
    return rc;
}

int gri_keys_add_pem(gr_keys *keys, const char *text, size_t len, const char *alg)
{
    BIO *bio = BIO_new_mem_buf(text, (int)len);
    ERR_clear_error();
    int rc = bio ? append_blocks(keys, bio, alg) : gri_keys_refuse(keys, GR_ENOMEM, "out of memory");
    BIO_free(bio);
    return rc;
}
