/* JSON text from and to jansson's values: what gr_body_json() and gr_json() read and write, for texts that come and go
 * by other ways.
 *
 * jansson's own json_loads() and json_dumps() read and write numbers in the locale of the process or the thread: one
 * that has a comma for a point, or that another thread changes meanwhile, gives a wrong text, or ends the process. They
 * also recurse on the stack, which a coroutine has little of, as does json_decref(). These do neither. Any thread. */
#ifndef GRIDDLE_JSON_H
#define GRIDDLE_JSON_H

#include <griddle/base.h>
#include <jansson.h>

GR_BEGIN_DECLS

/* Reads one JSON text (RFC 8259, UTF-8), of at most 64 levels. Two things that no body of a request may have are taken:
 * U+0000 in a string, not a key (json_string_length() tells), and a key that is given twice, whose last value counts.
 * *value is a new reference, NULL on failure. 0; GR_EINVAL: no JSON, an integer beyond an int64_t, or a number with a
 * fraction or an exponent beyond a double; -EILSEQ: not UTF-8; GR_EMSGSIZE: deeper than 64 levels; GR_ENOMEM. */
GR_API GR_MUST_USE int gr_json_read(const char *text, size_t len, json_t **value);

/* The same of what others made and may not be ambiguous, a token say: as gr_body_json() reads a body, so that U+0000 in
 * a string and a key that is given twice are GR_EINVAL, and more than 262,144 values GR_EMSGSIZE. */
GR_API GR_MUST_USE int gr_json_read_strict(const char *text, size_t len, json_t **value);

/* Writes `value`, which is borrowed, as gr_json() does: UTF-8, members in the order in which they were set, numbers as
 * short as they read back the same. indent 0 is one line, without spaces; else each value has a line, indented by so
 * many spaces a level. *text is new, for free(), with a NUL behind it; *len, where len is not NULL, is its length. On
 * failure *text is NULL. 0; GR_EINVAL: `value` is NULL, or holds NaN, an infinity, or text that is not UTF-8;
 * GR_EMSGSIZE: deeper than 64 levels; GR_ENOMEM. */
GR_API GR_MUST_USE int gr_json_write(const json_t *value, unsigned indent, char **text, size_t *len);

/* json_decref() for a value that may be deeper than the stack allows: a reference is given up, and what nothing else
 * holds is freed, in linear time and without memory. Steals `value`; NULL: nothing happens. */
GR_API void gr_json_free(json_t *value);

GR_END_DECLS

#endif
