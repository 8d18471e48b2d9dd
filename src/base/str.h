/* A run of bytes that somebody else owns. Not NUL-terminated unless said so. */
#ifndef GRI_BASE_STR_H
#define GRI_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/ascii.h"

struct gri_str {
    const char *at;
    size_t len;
};

#define GRI_STR(literal) ((struct gri_str){(literal), sizeof(literal) - 1})

static inline bool gri_str_is(struct gri_str s, struct gri_str t)
{
    if (s.len != t.len)
        return false;
    return s.len == 0 || (*s.at == *t.at && memcmp(s.at, t.at, s.len) == 0); /* most that differ differ at once */
}

/* ASCII letters compare without case, as header names and tokens do, in every locale. */
static inline bool gri_str_is_nocase(struct gri_str s, struct gri_str t)
{
    size_t i = 0;
    if (s.len != t.len)
        return false;
    while (s.len - i >= 8 && memcmp(s.at + i, t.at + i, 8) == 0) /* most are written alike */
        i += 8;
    while (i < s.len && (s.at[i] == t.at[i] || gri_lower(s.at[i]) == gri_lower(t.at[i])))
        i++;
    return i == s.len;
}

/* Whether `s` begins, or ends, with `t`, without case. */
static inline bool gri_str_begins_nocase(struct gri_str s, struct gri_str t)
{
    return s.len >= t.len && gri_str_is_nocase((struct gri_str){s.at, t.len}, t);
}

static inline bool gri_str_ends_nocase(struct gri_str s, struct gri_str t)
{
    return s.len >= t.len && gri_str_is_nocase((struct gri_str){s.at + s.len - t.len, t.len}, t);
}

static inline struct gri_str gri_str_from(const char *text)
{
    return (struct gri_str){text, strlen(text)};
}

/* The part up to `c` (all of it where there is none); *rest is what follows it. */
static inline struct gri_str gri_str_cut(struct gri_str s, char c, struct gri_str *rest)
{
    const char *hit = s.len ? memchr(s.at, c, s.len) : NULL;
    size_t n = hit ? (size_t)(hit - s.at) : s.len;
    *rest = hit ? (struct gri_str){hit + 1, s.len - n - 1} : (struct gri_str){s.at + s.len, 0};
    return (struct gri_str){s.at, n};
}

/* The same for what is cut soon if at all: shorter than a call of memchr(). */
static inline struct gri_str gri_str_cut_soon(struct gri_str s, char c, struct gri_str *rest)
{
    size_t n = 0;
    while (n < s.len && s.at[n] != c)
        n++;
    size_t cut = n + (n < s.len);
    *rest = (struct gri_str){s.at + cut, s.len - cut};
    return (struct gri_str){s.at, n};
}

/* Without spaces and tabs at both ends (OWS, RFC 9110 section 5.6.3). */
static inline struct gri_str gri_str_trim(struct gri_str s)
{
    while (s.len && (*s.at == ' ' || *s.at == '\t'))
        s.at++, s.len--;
    while (s.len && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* Without white space of any kind at both ends, as pydantic strips numbers. */
static inline struct gri_str gri_str_strip(struct gri_str s)
{
    while (s.len && gri_is_space(*s.at))
        s.at++, s.len--;
    while (s.len && gri_is_space(s.at[s.len - 1]))
        s.len--;
    return s;
}

#endif
