#include "http/guard.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

static enum gri_guard_result refuse(struct gri_guard *guard, uint16_t status)
{
    guard->status = status;
    return GRI_GUARD_REFUSED;
}

/* The first byte of a block that never stands in a line but for HTAB: one below 0x20, or DEL. BLOCK: there is none. */
enum { BLOCK = 16 };

static inline size_t find_control(const char *p)
{
    typedef unsigned char block __attribute__((vector_size(BLOCK)));
    block bytes;
    uint64_t marks[2];
    memcpy(&bytes, p, BLOCK);
    block hits = (block)((bytes < (block){0} + 0x20) | (bytes == (block){0} + 0x7f));
    memcpy(marks, &hits, BLOCK);
    if (!(marks[0] | marks[1]))
        return BLOCK;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(marks[0] ? marks[0] : marks[1]) / 8 + (marks[0] ? 0 : 8);
#else
    return (size_t)__builtin_clzll(marks[0] ? marks[0] : marks[1]) / 8 + (marks[0] ? 0 : 8);
#endif
}

static size_t skip_text(const char *data, size_t at, size_t len)
{
    size_t n = BLOCK;
    for (; len - at >= BLOCK && n == BLOCK; at += n)
        n = find_control(data + at);
    while (n == BLOCK && at < len && (unsigned char)data[at] >= 0x20 && data[at] != 0x7f)
        at++;
    return at;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* RFC 9112 section 2.3: HTTP-version is "HTTP/" DIGIT "." DIGIT. HTTP/0.9 had no version in its line. */
static uint16_t check_version(const char *v, size_t len)
{
    if (len != 8 || memcmp(v, "HTTP/", 5) != 0 || !is_digit(v[5]) || v[6] != '.' || !is_digit(v[7]) || v[5] == '0')
        return 400;
    return v[5] == '1' && v[7] <= '1' ? 0 : 505;
}

/* method SP request-target SP HTTP-version, with single spaces and nothing else. */
static uint16_t check_request_line(const char *line, size_t len, const gr_limits *limits)
{
    struct gri_str rest, method = gri_str_cut_soon((struct gri_str){line, len}, ' ', &rest);
    if (method.len == 0 || rest.len == 0)
        return 400;
    if (len > 6 && memcmp(line, "PRI * ", 6) == 0) /* HTTP/2's preface (RFC 9113 section 3.4) is made to be an error */
        return 400;
    const char *target = rest.at, *end = line + len;
    const char *second = memchr(target, ' ', (size_t)(end - target));
    if (!second || second == target)
        return 400;
    if ((size_t)(second - target) > limits->uri_bytes)
        return 414;
    return check_version(second + 1, (size_t)(end - second - 1));
}

/* A line that starts with white space would be folded into the one before (RFC 9112 section 5.2). */
static uint16_t check_field_line(const struct gri_guard *guard, const char *line, const gr_limits *limits)
{
    if (*line == ' ' || *line == '\t' || *line == ':')
        return 400;
    return guard->n_lines > limits->fields ? 431 : 0;
}

/* One complete line, without its CRLF. Sets head_len at the empty line that ends the head. */
static uint16_t take_line(struct gri_guard *guard, const char *data, size_t end, const gr_limits *limits)
{
    const char *line = data + guard->line;
    size_t len = end - guard->line;
    uint16_t status = 0;
    if (len == 0 && guard->n_lines == 0) {
        guard->skip += 2;
        status = guard->skip > 4 ? 400 : 0;
    } else if (len == 0) {
        guard->head_len = (uint32_t)(end + 2 - guard->skip);
    } else {
        status = guard->n_lines == 0 ? check_request_line(line, len, limits) : check_field_line(guard, line, limits);
        guard->n_lines++;
    }
    guard->line = (uint32_t)(end + 2);
    return status;
}

/* What is refused before it is complete, so that nobody can make us keep it. */
static enum gri_guard_result check_partial(struct gri_guard *guard, const char *data, size_t len,
                                           const gr_limits *limits)
{
    size_t in_line = len - guard->line;
    if (guard->n_lines == 0 && in_line > limits->uri_bytes) {
        const char *target = memchr(data + guard->line, ' ', in_line);
        size_t method = target ? (size_t)(target - data) - guard->line : in_line;
        if (method > 32)
            return refuse(guard, 400);
        if (in_line - method - 1 > limits->uri_bytes + sizeof " HTTP/1.1\r")
            return refuse(guard, 414);
    }
    return len - guard->skip > limits->head_bytes ? refuse(guard, 431) : GRI_GUARD_MORE;
}

enum gri_guard_result gri_guard_scan(struct gri_guard *guard, const char *data, size_t len, const gr_limits *limits)
{
    size_t at = guard->scanned;
    for (;;) {
        at = skip_text(data, at, len);
        if (at < len && data[at] == '\t' && guard->n_lines > 0) {
            at++;
            continue;
        }
        guard->scanned = (uint32_t)at; /* a CR whose LF has not come is looked at again */
        if (at == len || (data[at] == '\r' && at + 1 == len))
            return check_partial(guard, data, len, limits);
        if (data[at] != '\r' || data[at + 1] != '\n')
            return refuse(guard, 400);
        uint16_t status = take_line(guard, data, at, limits);
        if (status)
            return refuse(guard, status);
        at += 2;
        guard->scanned = (uint32_t)at;
        if (guard->head_len)
            return guard->head_len > limits->head_bytes ? refuse(guard, 431) : GRI_GUARD_HEAD;
    }
}
