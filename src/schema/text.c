#include "schema/text.h"

/* Eight bytes at once: marks those that are a control character, a quote, a backslash or not ASCII. A borrow may mark a
 * clean byte behind a marked one, never the first. */
static uint64_t marks(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');
    return (word | (word - ones * 0x20) | (quote - ones) | (slash - ones)) & high;
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* How many bytes from text[n] on are plain. With `to`, which has room for all, they are copied there as they are looked
 * at: then most text is touched once. */
static inline size_t plain_bytes(char *to, const char *text, size_t n, size_t len)
{
    for (; n < len && is_plain((unsigned char)text[n]); n++)
        if (to)
            to[n] = text[n];
    return n;
}

/* The last eight bytes are looked at together too, some of them for a second time. */
static inline size_t plain_run(char *to, const char *text, size_t len)
{
    if (len < 8)
        return plain_bytes(to, text, 0, len);
    for (size_t n = 0;; n = len - n >= 16 ? n + 8 : len - 8) {
        uint64_t word, marked;
        memcpy(&word, text + n, 8);
        if (to)
            memcpy(to + n, &word, 8);
        if ((marked = marks(word)) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
            return n + (size_t)__builtin_ctzll(marked) / 8;
        if (marked)
            return plain_bytes(to, text, n, len);
        if (n + 8 == len)
            return len;
    }
}

static size_t ascii_run(const char *text, size_t len)
{
    return plain_run(NULL, text, len);
}

size_t gri_text_run(const char *text, size_t len)
{
    size_t n = len && (text[0] & 0x80) ? 0 : ascii_run(text, len);
    while (n < len && (text[n] & 0x80)) {
        size_t more = gri_utf8_next(text + n, len - n);
        if (!more)
            break;
        n += more;
        n += n < len && (text[n] & 0x80) ? 0 : ascii_run(text + n, len - n);
    }
    return n;
}

static void escape(struct gri_buf *buf, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char names[0x20] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    char name = c < sizeof names ? names[c] : (char)c;
    if (name)
        gri_buf_put(buf, (const char[]){'\\', name}, 2);
    else
        gri_buf_put(buf, (const char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
}

static bool is_escaped(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

size_t gri_text_write(struct gri_buf *buf, const char *text, size_t len)
{
    size_t n = 0;
    while (n < len) {
        size_t run = gri_text_run(text + n, len - n);
        gri_buf_put(buf, text + n, run);
        n += run;
        if (n < len && (text[n] & 0x80))
            break;
        for (; n < len && is_escaped((unsigned char)text[n]); n++)
            escape(buf, (unsigned char)text[n]);
    }
    return n;
}

bool gri_text_quote(struct gri_buf *buf, const char *text, size_t len)
{
    if (!gri_buf_reserve(buf, len + 2))
        return true; /* the buffer remembers */
    buf->data[buf->len++] = '"';
    size_t plain = plain_run(buf->data + buf->len, text, len);
    buf->len += plain;
    bool whole = plain == len || gri_text_write(buf, text + plain, len - plain) == len - plain;
    gri_buf_putc(buf, '"');
    return whole;
}
