/* The registered claims of a JWT (RFC 7519 section 4.1). */
#ifndef GRI_SECURITY_CLAIMS_H
#define GRI_SECURITY_CLAIMS_H

#include <griddle/jwt.h>

/* Whether each that is there is of its kind. */
bool gri_claims_are_sound(const json_t *claims);

/* 0, or the code of gr_token_errno of the first that is not as the options want it. `claims` are sound. */
int gri_claims_check(const json_t *claims, const gr_jwt_check_options *options, int64_t now_s);

/* Whether `given` is a time that can be added to. */
bool gri_is_now_s(int64_t given);

/* `given`, or the clock's where that is 0. */
int64_t gri_now_s(int64_t given);

#endif
