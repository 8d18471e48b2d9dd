/* Base64 (RFC 4648), as pydantic reads and writes it: of both alphabets, with padding or without; what is wrong is said
 * in the words of the decoder that it uses. */
#include "base/ascii.h"
#include "schema/formats.h"

struct base64_reading {
    const char *text;
    struct gri_arena *arena;
    const char **why;
};

GR_PRINTF(2, 3) static ptrdiff_t base64_refuse(const struct base64_reading *r, const char *fmt, ...)
{
    va_list args;
    *r->why = "";
    if (!r->arena)
        return -1;
    va_start(args, fmt);
    *r->why = gri_arena_vprintf(r->arena, fmt, args);
    va_end(args);
    return -1;
}

static ptrdiff_t refuse_symbol(const struct base64_reading *r, const char *what, size_t at)
{
    return base64_refuse(r, "Invalid %s %u, offset %zu.", what, (unsigned)(unsigned char)r->text[at], at);
}

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

/* The symbols before the padding of the last four, or fewer, of which at least two have to be there. */
static ptrdiff_t last_symbols(const struct base64_reading *r, size_t first, size_t len)
{
    size_t n = first, end = len;
    while (end > n && r->text[end - 1] == '=')
        end--;
    while (n < end && value_of(r->text[n]) >= 0)
        n++;
    if (n < len && (n < end || n - first < 2))
        return refuse_symbol(r, "symbol", n);
    if (n - first == 1)
        return base64_refuse(r, "Invalid input length: %zu", n);
    return (ptrdiff_t)(n - first);
}

/* Bits that no byte is left for have to be 0. */
static bool leaves_bits(int last, ptrdiff_t symbols)
{
    return (symbols == 2 && last & 15) || (symbols == 3 && last & 3);
}

ptrdiff_t gri_base64_read(const char *text, size_t len, unsigned char *to, struct gri_arena *arena, const char **why)
{
    struct base64_reading r = {text, arena, why};
    size_t whole = len ? (len - 1) / 4 * 4 : 0, bytes = 0;
    for (size_t i = 0; i < whole; i++)
        if (value_of(text[i]) < 0)
            return refuse_symbol(&r, "symbol", i);
    ptrdiff_t symbols = last_symbols(&r, whole, len);
    if (symbols < 0)
        return -1;
    size_t n = whole + (size_t)symbols;
    if (n > whole && leaves_bits(value_of(text[n - 1]), symbols))
        return refuse_symbol(&r, "last symbol", n - 1);
    uint32_t bits = 0;
    for (size_t i = 0; i < n; i++) {
        bits = bits << 6 | (uint32_t)value_of(text[i]);
        if (i % 4)
            to[bytes++] = (unsigned char)(bits >> (6 - 2 * (i % 4)));
    }
    return (ptrdiff_t)bytes;
}

void gri_base64_write(struct gri_buf *buf, const unsigned char *data, size_t len)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
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
