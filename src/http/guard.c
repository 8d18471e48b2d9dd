#include "http/guard.h"
#include "base/cold.h"

#include <endian.h>
#include <stdbool.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/str.h"

static GRI_COLD enum gri_guard_result guard_refuse(struct gri_guard *guard, uint16_t status)
{
    guard->status = status;
    return GRI_GUARD_REFUSED;
}

enum { BLOCK = 16 };
typedef unsigned char guard_block __attribute__((vector_size(BLOCK)));

/* One bit for each byte, which is 0xff or 0; the first byte's is the lowest. */
static inline unsigned bits_of(guard_block bytes)
{
#ifdef __SSE2__
    return (unsigned)_mm_movemask_epi8((__m128i)bytes);
#else
    uint64_t halves[2];
    memcpy(halves, &bytes, BLOCK);
    for (int i = 0; i < 2; i++) /* the product's top byte gathers the bits */
        halves[i] = ((le64toh(halves[i]) & 0x0101010101010101u) * 0x0102040810204080u) >> 56;
    return (unsigned)(halves[0] | halves[1] << 8);
#endif
}

/* The first byte of a block, from `from` on, that never stands in a line but for HTAB: one below 0x20, or DEL. BLOCK:
 * there is none. */
static inline size_t find_control(const char *p, size_t from)
{
    guard_block bytes;
    memcpy(&bytes, p, BLOCK);
    unsigned hits =
        bits_of((guard_block)((bytes < (guard_block){0} + 0x20) | (bytes == (guard_block){0} + 0x7f))) >> from;
    return hits ? from + (size_t)__builtin_ctz(hits) : BLOCK;
}

static GRI_COLD size_t skip_bytes(const char *data, size_t at, size_t len)
{
    while (at < len && (unsigned char)data[at] >= 0x20 && data[at] != 0x7f)
        at++;
    return at;
}

/* The last block ends with the data, and has bytes in front that were looked at before. */
static size_t skip_text(const char *data, size_t at, size_t len)
{
    if (len < BLOCK)
        return skip_bytes(data, at, len);
    for (; len - at >= BLOCK; at += BLOCK) {
        size_t n = find_control(data + at, 0);
        if (n < BLOCK)
            return at + n;
    }
    size_t last = len - BLOCK;
    return last + find_control(data + last, at - last);
}

/* RFC 9112 section 2.3: HTTP-version is "HTTP/" DIGIT "." DIGIT. HTTP/0.9 had no version in its line. */
static uint16_t check_version(const char *v, size_t len)
{
    if (len == 8 && memcmp(v, "HTTP/1.1", 8) == 0)
        return 0;
    if (len != 8 || memcmp(v, "HTTP/", 5) != 0 || !gri_is_digit(v[5]) || v[6] != '.' || !gri_is_digit(v[7]) ||
        v[5] == '0')
        return 400;
    return v[5] == '1' && v[7] <= '1' ? 0 : 505;
}

/* Marks the bytes of a word that are `c`, and perhaps some behind the first that is. */
static uint64_t find_byte(uint64_t word, char c)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t differs = word ^ (ones * (unsigned char)c);
    return (differs - ones) & ~differs & (ones << 7);
}

/* A request-target has no fragment (RFC 9112 section 3.2), which llhttp would let pass. */
static size_t target_bytes(const char *target, size_t len)
{
    size_t n = 0;
    for (; len - n >= 8; n += 8) {
        uint64_t word;
        memcpy(&word, target + n, 8);
        word = le64toh(word);
        uint64_t found = find_byte(word, ' ') | find_byte(word, '#');
        if (found)
            return n + (size_t)__builtin_ctzll(found) / 8;
    }
    while (n < len && target[n] != ' ' && target[n] != '#')
        n++;
    return n;
}

/* method SP request-target SP HTTP-version, with single spaces and nothing else. */
static uint16_t check_request_line(struct gri_guard *guard, const char *line, size_t len, const gr_limits *limits)
{
    struct gri_str rest, method = gri_str_cut_soon((struct gri_str){line, len}, ' ', &rest);
    if (method.len == 0 || rest.len == 0)
        return 400;
    if (len > 6 && memcmp(line, "PRI * ", 6) == 0) /* HTTP/2's preface (RFC 9113 section 3.4) is made to be an error */
        return 400;
    size_t target = target_bytes(rest.at, rest.len);
    if (target > limits->uri_bytes)
        return 414;
    if (target > GRI_TARGET_IN_HEAD)
        guard->uncounted = (uint32_t)(target - GRI_TARGET_IN_HEAD);
    if (target == 0 || target == rest.len || rest.at[target] != ' ')
        return 400;
    return check_version(rest.at + target + 1, rest.len - target - 1);
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
        status =
            guard->n_lines == 0 ? check_request_line(guard, line, len, limits) : check_field_line(guard, line, limits);
        guard->n_lines++;
    }
    guard->line = (uint32_t)(end + 2);
    return status;
}

static bool is_too_long(const struct gri_guard *guard, size_t len, const gr_limits *limits)
{
    return len > limits->head_bytes + guard->uncounted;
}

enum { MOST_METHOD = 32 };

size_t gri_guard_most(const gr_limits *limits)
{
    size_t uncounted = limits->uri_bytes > GRI_TARGET_IN_HEAD ? limits->uri_bytes - GRI_TARGET_IN_HEAD : 0;
    size_t head = limits->head_bytes + uncounted, line = limits->uri_bytes + MOST_METHOD + sizeof "  HTTP/1.1\r\n";
    return (head > line ? head : line) + sizeof "\r\n\r\n";
}

/* What is refused before it is complete, so that nobody can make us keep it. */
static GRI_COLD enum gri_guard_result check_partial(struct gri_guard *guard, const char *data, size_t len,
                                                    const gr_limits *limits)
{
    size_t in_line = len - guard->line;
    if (guard->n_lines == 0 && in_line > limits->uri_bytes) {
        const char *target = memchr(data + guard->line, ' ', in_line);
        size_t method = target ? (size_t)(target - data) - guard->line : in_line;
        if (method > MOST_METHOD)
            return guard_refuse(guard, 400);
        if (in_line - method - 1 > limits->uri_bytes + sizeof " HTTP/1.1\r")
            return guard_refuse(guard, 414);
    }
    return guard->n_lines > 0 && is_too_long(guard, len - guard->skip, limits) ? guard_refuse(guard, 431)
                                                                               : GRI_GUARD_MORE;
}

static bool is_line_end(const char *data, size_t at, size_t len)
{
    return len - at >= 2 && data[at] == '\r' && data[at + 1] == '\n';
}

/* Where the line at `at` may end: at the first byte that is no text. */
static size_t find_end(struct gri_guard *guard, const char *data, size_t at, size_t len)
{
    if (is_line_end(data, at, len))
        return at;
    at = skip_text(data, at, len);
    while (at < len && data[at] == '\t' && guard->n_lines > 0) {
        guard->has_tab = true;
        at = skip_text(data, at + 1, len);
    }
    return at;
}

enum gri_guard_result gri_guard_scan(struct gri_guard *guard, const char *data, size_t len, const gr_limits *limits)
{
    while (!guard->head_len) {
        size_t at = find_end(guard, data, guard->scanned, len);
        guard->scanned = (uint32_t)at; /* a CR whose LF has not come is looked at again */
        if (!is_line_end(data, at, len))
            return at == len || (data[at] == '\r' && at + 1 == len) ? check_partial(guard, data, len, limits)
                                                                    : guard_refuse(guard, 400);
        uint16_t status = take_line(guard, data, at, limits);
        if (status)
            return guard_refuse(guard, status);
        guard->scanned = (uint32_t)at + 2;
    }
    return is_too_long(guard, guard->head_len, limits) ? guard_refuse(guard, 431) : GRI_GUARD_HEAD;
}
