/* Reading a text from left to right: what the readers of dates and durations have in common. */
#ifndef GRI_SCHEMA_CURSOR_H
#define GRI_SCHEMA_CURSOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ascii.h"

struct gri_cursor {
    const char *at, *end;
    const char *why; /* the first reason to refuse; static */
};

/* Always false, so that a reader can end with it. */
static inline bool gri_cursor_fail(struct gri_cursor *c, const char *why)
{
    if (!c->why)
        c->why = why;
    return false;
}

static inline size_t gri_cursor_left(const struct gri_cursor *c)
{
    return (size_t)(c->end - c->at);
}

static inline bool gri_cursor_is_digit(const struct gri_cursor *c)
{
    return c->at < c->end && gri_is_digit(*c->at);
}

/* Steps over one of the bytes in `any`. False: another one, or the end. */
static inline bool gri_cursor_take(struct gri_cursor *c, const char *any)
{
    for (; *any; any++)
        if (c->at < c->end && *c->at == *any) {
            c->at++;
            return true;
        }
    return false;
}

/* Exactly n digits; `why` where there are others. */
static inline bool gri_cursor_digits(struct gri_cursor *c, int n, int *value, const char *why)
{
    for (*value = 0; n > 0; n--) {
        if (!gri_cursor_is_digit(c))
            return gri_cursor_fail(c, why);
        *value = *value * 10 + (*c->at++ - '0');
    }
    return true;
}

/* 10:20[:30[.5]], without an offset; hours of two digits. */
bool gri_cursor_time(struct gri_cursor *c, int *hour, int *minute, int *second, int *microsecond);

#endif
