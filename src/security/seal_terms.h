/* What is bound into a sealed or signed value: its purpose and its time. */
#ifndef GRI_SECURITY_SEAL_TERMS_H
#define GRI_SECURITY_SEAL_TERMS_H

#include <griddle/seal.h>

#include "security/key.h"

/* The form's version, and the second from which on the value has expired. */
enum { GRI_STAMP_BYTES = 9 };

struct gri_seal_terms {
    gr_seal_options options;
    size_t purpose_len;
    int64_t now_s;
};

/* False: the options are none. */
bool gri_seal_terms_init(struct gri_seal_terms *terms, const gr_seal_options *options);

void gri_seal_stamp(const struct gri_seal_terms *terms, unsigned char stamp[GRI_STAMP_BYTES]);

/* 0, GR_TOKEN_MALFORMED: another version; GR_TOKEN_EXPIRED. The stamp has been seen to be ours. */
int gri_seal_check_stamp(const struct gri_seal_terms *terms, const unsigned char stamp[GRI_STAMP_BYTES]);

/* The same for a text that is to be opened, whose length is *len: 0, GR_EINVAL, GR_TOKEN_LARGE or _MALFORMED. */
int gri_seal_terms_open(struct gri_seal_terms *terms, const gr_seal_options *options, const char *text, size_t *len);

/* The key that seals, or signs, of 32 bytes, from the next secret of the ring at keys->keys[*at] or behind it. False:
 * there is none. To be wiped. */
enum gri_seal_use { GRI_USE_SEAL = 1, GRI_USE_SIGN = 2 };
bool gri_seal_next_key(const gr_keys *keys, size_t *at, enum gri_seal_use use, unsigned char key[32]);

#endif
