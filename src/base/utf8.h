/* UTF-8 (RFC 3629). */
#ifndef GRI_BASE_UTF8_H
#define GRI_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* How many bytes the character at text takes, 1 to 4, or 0: it is malformed, or cut by the end. No overlong forms, no
 * surrogates, nothing above U+10FFFF. len > 0. */
size_t gri_utf8_next(const char *text, size_t len);

bool gri_utf8_valid(const char *text, size_t len);

/* The number of characters of well-formed text. */
size_t gri_utf8_chars(const char *text, size_t len);

#endif
