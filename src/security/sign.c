/* Signed values: base64url of the value, a dot, base64url of the stamp and the HMAC of stamp, purpose and value. */
#include <griddle/seal.h>
#include <sodium.h>
#include <string.h>

#include "security/base64.h"
#include "security/seal_terms.h"

struct mark {
    unsigned char stamp[GRI_STAMP_BYTES];
    unsigned char mac[crypto_auth_hmacsha512256_BYTES];
};

enum { MARK_LEN = GRI_BASE64_LEN(sizeof(struct mark)) };

_Static_assert(sizeof(struct mark) == GRI_STAMP_BYTES + crypto_auth_hmacsha512256_BYTES, "it is written as it is");

/* The purpose's length stands before it, so that no other purpose and value make the same text. */
static void mark_mac(const struct gri_seal_terms *terms, const unsigned char *key, const struct mark *mark,
                     const void *value, size_t len, unsigned char *mac)
{
    crypto_auth_hmacsha512256_state state;
    const unsigned char purpose_len = (unsigned char)terms->purpose_len;
    crypto_auth_hmacsha512256_init(&state, key, crypto_auth_hmacsha512256_KEYBYTES);
    crypto_auth_hmacsha512256_update(&state, mark->stamp, sizeof mark->stamp);
    crypto_auth_hmacsha512256_update(&state, &purpose_len, 1);
    crypto_auth_hmacsha512256_update(&state, (const unsigned char *)terms->options.purpose, terms->purpose_len);
    crypto_auth_hmacsha512256_update(&state, value, len);
    crypto_auth_hmacsha512256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
}

int gr_sign(gr_arena *arena, const gr_keys *keys, const gr_seal_options *options, const void *value, size_t len,
            char **text)
{
    struct gri_seal_terms terms;
    unsigned char key[32];
    struct mark mark;
    size_t at = 0;
    *text = NULL;
    if (!gri_seal_terms_init(&terms, options))
        return GR_EINVAL;
    if (len > terms.options.max_bytes || GRI_BASE64_LEN(len) + 1 + MARK_LEN > terms.options.max_bytes)
        return GR_EMSGSIZE;
    if (!gri_seal_next_key(keys, &at, GRI_USE_SIGN, key))
        return GR_EINVAL;
    gri_seal_stamp(&terms, mark.stamp);
    mark_mac(&terms, key, &mark, value, len, mark.mac);
    sodium_memzero(key, sizeof key);
    char *made = gr_arena_alloc(arena, GRI_BASE64_SIZE(len) + GRI_BASE64_SIZE(sizeof mark));
    if (!made)
        return GR_ENOMEM;
    size_t value_len = gri_base64url_write(made, value, len);
    made[value_len] = '.';
    gri_base64url_write(made + value_len + 1, &mark, sizeof mark);
    *text = made;
    return 0;
}

static int check_mark(const struct gri_seal_terms *terms, const gr_keys *keys, const struct mark *mark,
                      const char *value, size_t len)
{
    unsigned char key[32], mac[crypto_auth_hmacsha512256_BYTES];
    bool is_ours = false;
    for (size_t at = 0; !is_ours && gri_seal_next_key(keys, &at, GRI_USE_SIGN, key);) {
        mark_mac(terms, key, mark, value, len, mac);
        is_ours = sodium_memcmp(mac, mark->mac, sizeof mac) == 0;
    }
    sodium_memzero(key, sizeof key);
    sodium_memzero(mac, sizeof mac);
    return is_ours ? gri_seal_check_stamp(terms, mark->stamp) : GR_TOKEN_SIGNATURE;
}

/* What stands before and behind the dot. */
static bool read_signed(const char *text, size_t text_len, char *value, size_t *len, struct mark *mark)
{
    const char *dot = strchr(text, '.');
    size_t mark_len;
    return dot && gri_base64url_read(value, text_len, text, (size_t)(dot - text), len) &&
           gri_base64url_read(mark, sizeof *mark, dot + 1, strlen(dot + 1), &mark_len) && mark_len == sizeof *mark;
}

int gr_unsign(gr_arena *arena, const gr_keys *keys, const gr_seal_options *options, const char *text, char **value,
              size_t *len)
{
    struct gri_seal_terms terms;
    struct mark mark;
    size_t text_len, value_len;
    *value = NULL;
    *len = 0;
    int rc = gri_seal_terms_open(&terms, options, text, &text_len);
    if (rc)
        return rc;
    char *read = gr_arena_alloc(arena, text_len);
    if (!read)
        return GR_ENOMEM;
    if (!read_signed(text, text_len, read, &value_len, &mark))
        return GR_TOKEN_MALFORMED;
    rc = check_mark(&terms, keys, &mark, read, value_len);
    if (rc)
        return rc;
    *value = read;
    *len = value_len;
    return 0;
}
