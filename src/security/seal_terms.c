#include "security/seal_terms.h"

#include <sodium.h>
#include <string.h>

#include "security/claims.h"

enum { VERSION = 1, TEXT_MOST = 4096, PURPOSE_MOST = 255, MOST = 1 << 24 };

bool gri_seal_terms_init(struct gri_seal_terms *terms, const gr_seal_options *options)
{
    gr_seal_options own = {.size = sizeof own};
    if (!gr_sized_take(&own, sizeof own, options, offsetof(gr_seal_options, max_bytes)) || !own.purpose)
        return false;
    own.max_bytes = own.max_bytes ? own.max_bytes : TEXT_MOST;
    *terms = (struct gri_seal_terms){own, strnlen(own.purpose, PURPOSE_MOST + 1), gri_now_s(own.now_s)};
    return terms->purpose_len >= 1 && terms->purpose_len <= PURPOSE_MOST && own.max_age_s >= 1 &&
           own.max_age_s <= INT32_MAX && own.max_bytes <= MOST && gri_is_now_s(own.now_s);
}

void gri_seal_stamp(const struct gri_seal_terms *terms, unsigned char stamp[GRI_STAMP_BYTES])
{
    uint64_t expires_s = (uint64_t)(terms->now_s + terms->options.max_age_s);
    stamp[0] = VERSION;
    for (int i = GRI_STAMP_BYTES - 1; i > 0; i--, expires_s >>= 8)
        stamp[i] = (unsigned char)expires_s;
}

int gri_seal_check_stamp(const struct gri_seal_terms *terms, const unsigned char stamp[GRI_STAMP_BYTES])
{
    uint64_t expires_s = 0, now_s = (uint64_t)terms->now_s;
    for (int i = 1; i < GRI_STAMP_BYTES; i++)
        expires_s = expires_s << 8 | stamp[i];
    if (stamp[0] != VERSION)
        return GR_TOKEN_MALFORMED;
    return expires_s <= now_s || expires_s - now_s > (uint64_t)terms->options.max_age_s ? GR_TOKEN_EXPIRED : 0;
}

int gri_seal_terms_open(struct gri_seal_terms *terms, const gr_seal_options *options, const char *text, size_t *len)
{
    if (!gri_seal_terms_init(terms, options))
        return GR_EINVAL;
    *len = text ? strnlen(text, terms->options.max_bytes + 1) : 0;
    return *len > terms->options.max_bytes ? GR_TOKEN_LARGE : *len ? 0 : GR_TOKEN_MALFORMED;
}

bool gri_seal_next_key(const gr_keys *keys, size_t *at, enum gri_seal_use use, unsigned char key[32])
{
    while (*at < keys->n) {
        const struct gri_key *next = &keys->keys[(*at)++];
        if (next->algorithm->type == GRI_KEY_OCT)
            return crypto_kdf_derive_from_key(key, 32, use, "gr_seal_", next->secret) == 0;
    }
    return false;
}
