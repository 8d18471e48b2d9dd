#include "base/buf.h"
#include "base/cold.h"
#include "base/print.h"

#include <stdarg.h>
#include <stdlib.h>

enum { BUF_FIRST_BYTES = 256 };

void gri_buf_init(struct gri_buf *buf, struct gri_arena *arena)
{
    *buf = (struct gri_buf){.arena = arena};
}

void gri_buf_finish(struct gri_buf *buf)
{
    if (!buf->arena)
        free(buf->data);
    gri_buf_init(buf, buf->arena);
}

static size_t next_cap(const struct gri_buf *buf, size_t n)
{
    size_t need = n > SIZE_MAX / 4 - buf->len ? SIZE_MAX : buf->len + n;
    size_t cap = buf->cap ? buf->cap * 2 : BUF_FIRST_BYTES;
    return cap < need ? need : cap;
}

static bool grow_in_arena(struct gri_buf *buf, size_t cap)
{
    if (gri_arena_extend(buf->arena, buf->data, buf->cap, cap))
        return true;
    char *data = gri_arena_alloc(buf->arena, cap);
    if (!data)
        return false;
    if (buf->len)
        memcpy(data, buf->data, buf->len);
    buf->data = data;
    return true;
}

static GRI_COLD bool grow_on_heap(struct gri_buf *buf, size_t cap)
{
    char *data = cap > SIZE_MAX / 2 ? NULL : realloc(buf->data, cap);
    if (!data)
        return false;
    buf->data = data;
    return true;
}

bool gri_buf_grow(struct gri_buf *buf, size_t n)
{
    size_t cap = next_cap(buf, n);
    if (buf->failed || !(buf->arena ? grow_in_arena(buf, cap) : grow_on_heap(buf, cap))) {
        buf->failed = true;
        buf->cap = buf->len; /* so that a shorter put cannot follow a lost one */
        return false;
    }
    buf->cap = cap;
    return true;
}

void gri_buf_printf(struct gri_buf *buf, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = gri_vsnprintf(NULL, 0, fmt, args);
    if (n > 0 && gri_buf_reserve(buf, (size_t)n + 1)) {
        gri_vsnprintf(buf->data + buf->len, (size_t)n + 1, fmt, again);
        buf->len += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

static char *put_two(char *at, unsigned n)
{
    *at++ = (char)('0' + n / 10);
    *at++ = (char)('0' + n % 10);
    return at;
}

static char *put_two_at_most(char *at, unsigned n)
{
    if (n >= 10)
        return put_two(at, n);
    *at++ = (char)('0' + n);
    return at;
}

char *gri_put_digits(char *at, uint64_t n)
{
    if (n < 100) /* as most are */
        return put_two_at_most(at, (unsigned)n);
    if (n < 1000) {
        *at = (char)('0' + n / 100);
        return put_two(at + 1, (unsigned)n % 100);
    }
    for (uint64_t m = n; m; m /= 10)
        at++;
    char *end = at;
    for (; n; n /= 10)
        *--at = (char)('0' + n % 10);
    return end;
}

void gri_buf_put_u64(struct gri_buf *buf, uint64_t n)
{
    if (gri_buf_reserve(buf, GRI_MOST_DIGITS))
        buf->len = (size_t)(gri_put_digits(buf->data + buf->len, n) - buf->data);
}

void gri_buf_put_i64(struct gri_buf *buf, int64_t n)
{
    if (n < 0)
        gri_buf_putc(buf, '-');
    gri_buf_put_u64(buf, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

void gri_buf_put_escaped(struct gri_buf *buf, char c)
{
    static const char hex[] = "0123456789ABCDEF";
    const char escaped[3] = {'%', hex[(unsigned char)c >> 4], hex[(unsigned char)c & 15]};
    gri_buf_put(buf, escaped, sizeof escaped);
}

void gri_buf_consume(struct gri_buf *buf, size_t n)
{
    buf->len -= n;
    if (buf->len && n)
        memmove(buf->data, buf->data + n, buf->len);
}
