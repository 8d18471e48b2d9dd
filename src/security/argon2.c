#include "security/argon2.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

_Static_assert(crypto_pwhash_STRBYTES == GR_PASSWORD_HASH_BYTES, "the header says how long a hash is");

int gri_argon2_hash(const gr_password_options *options, const char *password, char *hash)
{
    return crypto_pwhash_str_alg(hash, password, strlen(password), options->passes, options->memory_bytes,
                                 crypto_pwhash_ALG_ARGON2ID13)
               ? GR_ENOMEM
               : 0;
}

/* --- what a hash asks for --- */

/* The number behind `name` at *at, which is moved behind it. False: it is not there, or has more than nine digits. */
static bool take_parameter(const char **at, const char *name, size_t *number)
{
    size_t len = strlen(name), digits = 0;
    if (strncmp(*at, name, len) != 0)
        return false;
    for (*at += len, *number = 0; **at >= '0' && **at <= '9' && digits < 10; ++*at, digits++)
        *number = *number * 10 + (size_t)(**at - '0');
    return digits > 0 && digits < 10;
}

static bool is_within(const gr_password_options *options, const char *hash)
{
    size_t version, kib, passes, lanes;
    const char *at = hash;
    return strnlen(hash, GR_PASSWORD_HASH_BYTES) < GR_PASSWORD_HASH_BYTES &&
           take_parameter(&at, "$argon2id$v=", &version) && take_parameter(&at, "$m=", &kib) &&
           take_parameter(&at, ",t=", &passes) && take_parameter(&at, ",p=", &lanes) && *at == '$' &&
           kib <= options->most_memory_bytes / 1024 && passes <= options->most_passes && lanes <= 255;
}

/* --- checking --- */

static int work_for_nobody(const gr_password_options *options, const char *password)
{
    unsigned char salt[crypto_pwhash_SALTBYTES], result[32];
    randombytes_buf(salt, sizeof salt);
    int rc = crypto_pwhash(result, sizeof result, password, strlen(password), salt, options->passes,
                           options->memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
    sodium_memzero(result, sizeof result);
    return rc ? GR_ENOMEM : GR_PASSWORD_WRONG;
}

/* libsodium says by errno alone why it did not. */
int gri_argon2_check(const gr_password_options *options, const char *hash, const char *password)
{
    if (!hash)
        return work_for_nobody(options, password);
    if (!is_within(options, hash))
        return GR_EINVAL;
    errno = 0;
    if (crypto_pwhash_str_verify(hash, password, strlen(password)) == 0)
        return 0;
    return errno == EINVAL ? GR_PASSWORD_WRONG : errno == ENOMEM ? GR_ENOMEM : GR_EINVAL;
}
