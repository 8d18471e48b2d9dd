/* The algorithms of signatures that a key may have (RFC 7518 section 3, RFC 8037). */
#ifndef GRI_SECURITY_ALGORITHM_H
#define GRI_SECURITY_ALGORITHM_H

#include <stddef.h>

enum gri_key_type { GRI_KEY_OCT, GRI_KEY_RSA, GRI_KEY_EC, GRI_KEY_OKP };

struct gri_algorithm {
    const char *name;
    enum gri_key_type type;
    const char *curve;      /* NULL: has none */
    size_t least_bytes;     /* of a secret */
    size_t signature_bytes; /* 0: as many as the key has */
};

/* NULL: none of ours has that name; names are compared as they are, in one case. */
const struct gri_algorithm *gri_algorithm_find(const char *name);

/* What a key of that type has where it does not say; NULL: it would fit several. */
const struct gri_algorithm *gri_algorithm_of(enum gri_key_type type, const char *curve);

#endif
