/* Text as JSON has it: UTF-8, quoted and escaped. */
#ifndef GRI_SCHEMA_TEXT_H
#define GRI_SCHEMA_TEXT_H

#include "base/buf.h"
#include "base/utf8.h"

/* How many bytes at `text`, of at most len > 0, are well-formed UTF-8 without a character that JSON must escape; RFC
 * 3629, so no surrogates, nothing overlong, nothing above U+10FFFF. */
size_t gri_text_run(const char *text, size_t len);

/* Appends the inside of a JSON string, without quotes, escaped as Python's json.dumps(ensure_ascii=False): the two
 * quotes, control characters, and nothing else. Returns how much of `text` was written: less than len where it is not
 * UTF-8. */
size_t gri_text_write(struct gri_buf *buf, const char *text, size_t len);

/* A whole JSON string with its quotes. False: not UTF-8. */
bool gri_text_quote(struct gri_buf *buf, const char *text, size_t len);

#endif
