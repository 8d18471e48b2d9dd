#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

static bool continues(const unsigned char *s, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return false;
    return true;
}

/* Table 3-7 of the Unicode Standard: what the first byte and the range of the second rule out. */
size_t gri_utf8_next(const char *text, size_t len)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
    if (n > len || !continues(s, n))
        return 0;
    bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool beyond = (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf4 && s[1] > 0x8f);
    return overlong || beyond ? 0 : n;
}

static bool is_ascii8(const char *p)
{
    uint64_t w;
    memcpy(&w, p, 8);
    return (w & UINT64_C(0x8080808080808080)) == 0;
}

bool gri_utf8_valid(const char *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        size_t n = len - at >= 8 && is_ascii8(text + at) ? 8 : gri_utf8_next(text + at, len - at);
        if (n == 0)
            return false;
        at += n;
    }
    return true;
}

size_t gri_utf8_chars(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += (text[i] & 0xc0) != 0x80;
    return n;
}
