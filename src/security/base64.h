/* base64url without padding (RFC 7515 section 2): one text for the same bytes, no other is taken. */
#ifndef GRI_SECURITY_BASE64_H
#define GRI_SECURITY_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Of `bytes` bytes, the NUL included. */
#define GRI_BASE64_SIZE(bytes) (((bytes) + 2) / 3 * 4 + 1)

/* Of the text alone. */
#define GRI_BASE64_LEN(bytes) (((bytes)*8 + 5) / 6)

/* Writes the text to `to`, of GRI_BASE64_SIZE(len) bytes. Its length. */
size_t gri_base64url_write(char *to, const void *from, size_t len);

/* Reads all of the text, in a time that does not depend on its bytes. False: it is none, or there is no room. */
bool gri_base64url_read(void *to, size_t size, const char *text, size_t text_len, size_t *len);

#endif
