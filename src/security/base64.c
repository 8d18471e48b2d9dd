#include "security/base64.h"

#include <sodium.h>
#include <string.h>

enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

size_t gri_base64url_write(char *to, const void *from, size_t len)
{
    sodium_bin2base64(to, GRI_BASE64_SIZE(len), from, len, VARIANT);
    return strlen(to);
}

bool gri_base64url_read(void *to, size_t size, const char *text, size_t text_len, size_t *len)
{
    return sodium_base642bin(to, size, text, text_len, NULL, len, NULL, VARIANT) == 0;
}
