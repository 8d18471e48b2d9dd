/* Ways into a ring. Each has gri_keys_end() at its end, so that all of its keys are added, or none. */
#ifndef GRI_SECURITY_KEYS_ADD_H
#define GRI_SECURITY_KEYS_ADD_H

#include "security/key.h"

/* One JWK, borrowed. */
int gri_keys_append(gr_keys *keys, const json_t *jwk, const char *alg);

/* Takes back, where rc is not 0, what was appended since there were `before`; forgets the error where it is. `rc`. */
int gri_keys_end(gr_keys *keys, size_t before, int rc);

int gri_keys_add_json_text(gr_keys *keys, const char *text, size_t len, const char *alg);
int gri_keys_add_pem(gr_keys *keys, const char *text, size_t len, const char *alg);
int gri_keys_add_lines(gr_keys *keys, const char *text, size_t len, const char *alg);

#endif
