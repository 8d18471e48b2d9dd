#include <griddle/secret.h>
#include <string.h>

/* volatile: no compiler may end the loop at the first difference. */
bool gr_secret_equal_bytes(const void *given, size_t given_len, const void *secret, size_t secret_len)
{
    const unsigned char *a = given, *b = secret_len ? secret : given;
    volatile unsigned char differs = given_len != secret_len;
    if (!given || !secret)
        return false;
    size_t at = 0;
    for (size_t i = 0; i < given_len; i++) {
        differs = (unsigned char)(differs | (a[i] ^ b[at]));
        at += at + 1 < secret_len;
    }
    return !differs;
}

bool gr_secret_equal(const char *given, const char *secret)
{
    return given && secret && gr_secret_equal_bytes(given, strlen(given), secret, strlen(secret));
}
