/* Base64 (RFC 4648), of both alphabets. What Python drops without a word is refused: bytes of no alphabet. */
#include "base/ascii.h"
#include "schema/formats.h"

static int value_of(char c)
{
    if (gri_is_upper(c))
        return c - 'A';
    if (gri_is_lower(c))
        return c - 'a' + 26;
    if (gri_is_digit(c))
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

ptrdiff_t gri_base64_read(const char *text, size_t len, unsigned char *to, const char **why)
{
    uint32_t bits = 0;
    size_t n = len, bytes = 0;
    *why = "Incorrect padding";
    if (len % 4)
        return -1;
    while (n && text[n - 1] == '=' && len - n < 2)
        n--;
    for (size_t i = 0; i < n; i++) {
        int value = value_of(text[i]);
        if (value < 0) {
            *why = "Only base64 data is allowed";
            return -1;
        }
        bits = bits << 6 | (uint32_t)value;
        if (i % 4)
            to[bytes++] = (unsigned char)(bits >> (6 - 2 * (i % 4)));
    }
    return n % 4 == 1 ? -1 : (ptrdiff_t)bytes;
}

void gri_base64_write(struct gri_buf *buf, const unsigned char *data, size_t len)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        size_t left = len - i;
        uint32_t bits = (uint32_t)data[i] << 16 | (left > 1 ? (uint32_t)data[i + 1] << 8 : 0) |
                        (left > 2 ? (uint32_t)data[i + 2] : 0);
        char four[] = {alphabet[bits >> 18], alphabet[bits >> 12 & 63], alphabet[bits >> 6 & 63], alphabet[bits & 63]};
        if (left < 3)
            four[3] = '=';
        if (left < 2)
            four[2] = '=';
        gri_buf_put(buf, four, 4);
    }
}
