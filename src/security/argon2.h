/* Argon2id as text, by libsodium, with limits on what a text may ask for. */
#ifndef GRI_SECURITY_ARGON2_H
#define GRI_SECURITY_ARGON2_H

#include <griddle/password.h>

/* Makes a hash of it, into GR_PASSWORD_HASH_BYTES. 0 or GR_ENOMEM. */
int gri_argon2_hash(const gr_password_options *options, const char *password, char *hash);

/* As gr_password_check() says; `hash` NULL: the work, and GR_PASSWORD_WRONG. */
int gri_argon2_check(const gr_password_options *options, const char *hash, const char *password);

#endif
