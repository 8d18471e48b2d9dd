#include "base/escape.h"

enum { ESCAPED_BYTES = 4, CUT_BYTES = 3 };

static size_t escape_byte(char *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
        *out = (char)c;
        return 1;
    }
    const char escaped[ESCAPED_BYTES] = {'\\', 'x', hex[c >> 4], hex[c & 15]};
    memcpy(out, escaped, ESCAPED_BYTES);
    return ESCAPED_BYTES;
}

size_t gri_escape(char *out, size_t room, struct gri_str text)
{
    size_t len = 0, whole = 0; /* whole: up to where "..." still fits behind it */
    for (size_t i = 0; i < text.len; i++) {
        char escaped[ESCAPED_BYTES];
        size_t n = escape_byte(escaped, (unsigned char)text.at[i]);
        if (len + n > room) {
            memcpy(out + whole, "...", CUT_BYTES);
            return whole + CUT_BYTES;
        }
        memcpy(out + len, escaped, n);
        len += n;
        if (len + CUT_BYTES <= room)
            whole = len;
    }
    return len;
}
