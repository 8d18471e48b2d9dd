/* A growing run of bytes. It remembers a failed allocation, so that a writer may check once, at the end. */
#ifndef GRI_BASE_BUF_H
#define GRI_BASE_BUF_H

#include <string.h>

#include "base/arena.h"
#include "base/cold.h"

struct gri_buf {
    char *data;
    size_t len, cap;
    struct gri_arena *arena; /* where the memory comes from; NULL: the heap */
    bool failed;             /* out of memory: nothing was appended since */
};

void gri_buf_init(struct gri_buf *buf, struct gri_arena *arena);

/* Frees heap memory; what came from an arena stays the arena's. The buffer is empty and usable again. */
void gri_buf_finish(struct gri_buf *buf);

/* Makes room for n more bytes at data + len. False: out of memory, now remembered in `failed`. */
bool gri_buf_grow(struct gri_buf *buf, size_t n);

static inline bool gri_buf_reserve(struct gri_buf *buf, size_t n)
{
    return buf->cap - buf->len >= n ? true : gri_buf_grow(buf, n);
}

static GRI_HOT void gri_buf_put(struct gri_buf *buf, const void *data, size_t n)
{
    if (n && gri_buf_reserve(buf, n)) {
        memcpy(buf->data + buf->len, data, n);
        buf->len += n;
    }
}

static GRI_HOT void gri_buf_putc(struct gri_buf *buf, char c)
{
    if (gri_buf_reserve(buf, 1))
        buf->data[buf->len++] = c;
}

static inline void gri_buf_puts(struct gri_buf *buf, const char *text)
{
    gri_buf_put(buf, text, strlen(text));
}

void gri_buf_printf(struct gri_buf *buf, const char *fmt, ...) GR_PRINTF(2, 3);

/* Decimal digits of an integer: no locale, no printf. gri_put_digits() has room for them, and returns their end. */
enum { GRI_MOST_DIGITS = 20 };
char *gri_put_digits(char *at, uint64_t n);
void gri_buf_put_u64(struct gri_buf *buf, uint64_t n);
void gri_buf_put_i64(struct gri_buf *buf, int64_t n);

/* As a URL has any byte: %XX. */
void gri_buf_put_escaped(struct gri_buf *buf, char c);

/* Drops the first n bytes. */
void gri_buf_consume(struct gri_buf *buf, size_t n);

#endif
