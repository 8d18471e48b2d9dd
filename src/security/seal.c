/* Sealed values: base64url of the stamp, the nonce, and what XChaCha20-Poly1305 makes of the value; bound to it are the
 * purpose and the stamp. */
#include <griddle/seal.h>
#include <sodium.h>
#include <string.h>

#include "security/base64.h"
#include "security/seal_terms.h"

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    AROUND = GRI_STAMP_BYTES + NONCE + TAG
};

/* The purpose and, behind it, the stamp, which has one length. */
struct bound {
    unsigned char bytes[255 + GRI_STAMP_BYTES];
    size_t len;
};

static struct bound bound_of(const struct gri_seal_terms *terms, const unsigned char *stamp)
{
    struct bound bound = {.len = terms->purpose_len + GRI_STAMP_BYTES};
    memcpy(bound.bytes, terms->options.purpose, terms->purpose_len);
    memcpy(bound.bytes + terms->purpose_len, stamp, GRI_STAMP_BYTES);
    return bound;
}

static int seal(gr_arena *arena, const struct gri_seal_terms *terms, const unsigned char *key, const void *value,
                size_t len, char **text)
{
    unsigned char *box = gr_arena_alloc(arena, AROUND + len);
    char *made = gr_arena_alloc(arena, GRI_BASE64_SIZE(AROUND + len));
    if (!box || !made)
        return GR_ENOMEM;
    unsigned char *nonce = box + GRI_STAMP_BYTES;
    gri_seal_stamp(terms, box);
    randombytes_buf(nonce, NONCE);
    struct bound bound = bound_of(terms, box);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE, NULL, value, len, bound.bytes, bound.len, NULL, nonce,
                                               key);
    gri_base64url_write(made, box, AROUND + len);
    *text = made;
    return 0;
}

int gr_seal(gr_arena *arena, const gr_keys *keys, const gr_seal_options *options, const void *value, size_t len,
            char **text)
{
    struct gri_seal_terms terms;
    unsigned char key[32];
    size_t at = 0;
    *text = NULL;
    if (!gri_seal_terms_init(&terms, options))
        return GR_EINVAL;
    if (len > terms.options.max_bytes || GRI_BASE64_LEN(AROUND + len) > terms.options.max_bytes)
        return GR_EMSGSIZE;
    if (!gri_seal_next_key(keys, &at, GRI_USE_SEAL, key))
        return GR_EINVAL;
    int rc = seal(arena, &terms, key, value, len, text);
    sodium_memzero(key, sizeof key);
    return rc;
}

static int open_box(const struct gri_seal_terms *terms, const gr_keys *keys, const unsigned char *box, size_t len,
                    char *value)
{
    const unsigned char *nonce = box + GRI_STAMP_BYTES, *sealed = nonce + NONCE;
    struct bound bound = bound_of(terms, box);
    unsigned char key[32];
    bool is_open = false;
    for (size_t at = 0; !is_open && gri_seal_next_key(keys, &at, GRI_USE_SEAL, key);)
        is_open = crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)value, NULL, NULL, sealed,
                                                             len - GRI_STAMP_BYTES - NONCE, bound.bytes, bound.len,
                                                             nonce, key) == 0;
    sodium_memzero(key, sizeof key);
    return is_open ? gri_seal_check_stamp(terms, box) : GR_TOKEN_SIGNATURE;
}

int gr_unseal(gr_arena *arena, const gr_keys *keys, const gr_seal_options *options, const char *text, char **value,
              size_t *len)
{
    struct gri_seal_terms terms;
    size_t text_len, box_len;
    *value = NULL;
    *len = 0;
    int rc = gri_seal_terms_open(&terms, options, text, &text_len);
    if (rc)
        return rc;
    unsigned char *box = gr_arena_alloc(arena, text_len);
    char *opened = gr_arena_alloc(arena, text_len);
    if (!box || !opened)
        return GR_ENOMEM;
    if (!gri_base64url_read(box, text_len, text, text_len, &box_len) || box_len < AROUND)
        return GR_TOKEN_MALFORMED;
    rc = open_box(&terms, keys, box, box_len, opened);
    if (rc)
        return rc;
    *value = opened;
    *len = box_len - AROUND;
    return 0;
}
