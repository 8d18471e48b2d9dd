/* UTF-8 (RFC 3629). */
#ifndef GRI_BASE_UTF8_H
#define GRI_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the bytes are well-formed: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool gri_utf8_valid(const char *text, size_t len);

/* How many bytes the character at text takes, or 0: it is malformed or cut. */
size_t gri_utf8_next(const char *text, size_t len);

#endif
