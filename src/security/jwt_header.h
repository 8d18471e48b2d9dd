/* The header of a JWT. */
#ifndef GRI_SECURITY_JWT_HEADER_H
#define GRI_SECURITY_JWT_HEADER_H

#include <griddle/jwt.h>

#include "security/key.h"

/* What is read of it. Borrowed from the value. */
struct gri_jwt_header {
    const char *alg;
    const char *kid; /* NULL: none */
};

/* 0, or a code of gr_token_errno; `typ` as in gr_jwt_check_options. */
int gri_jwt_header_read(json_t *value, const char *typ, struct gri_jwt_header *header);

/* The next key from keys->keys[*at] on that may have made a token with that header; NULL: none. Moves *at behind it. */
const struct gri_key *gri_jwt_next_key(const gr_keys *keys, const struct gri_jwt_header *header, size_t *at);

#endif
