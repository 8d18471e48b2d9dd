/* Texts with a form: dates, times, durations, UUIDs, URLs, e-mail addresses, base64. Read as pydantic reads them, and
 * written as it writes them. No function knows of members, of HTTP, or of memory but where it says so; any thread.
 *
 * A reader returns true, or false and *why: the reason as pydantic words it ("input is too short"), static text. */
#ifndef GRI_SCHEMA_FORMATS_H
#define GRI_SCHEMA_FORMATS_H

#include <griddle/types.h>

#include "base/buf.h"

/* "2020-01-31", a datetime without a time of day, or a unix time: seconds, or milliseconds above 2e10. *inexact (and
 * no reason): a datetime that has a time of day. */
extern const char gri_no_such_year[]; /* the reason of a date that would be one, but for its year 0 */
bool gri_date_read(const char *text, size_t len, gr_date *date, const char **why, bool *inexact);
bool gri_date_read_number(double number, gr_date *date, const char **why, bool *inexact);

/* "2020-01-31T10:20:30.5+02:00", a date, or a unix time, which is UTC. */
bool gri_datetime_read(const char *text, size_t len, gr_datetime *datetime, const char **why);
bool gri_datetime_read_number(double number, gr_datetime *datetime, const char **why);

/* "10:20", "10:20:30.5Z". From a number: seconds since midnight. */
bool gri_time_read(const char *text, size_t len, gr_time *time, const char **why);
bool gri_time_read_number(double seconds, gr_time *time, const char **why);

/* "P1DT2H", "-PT0.5S", "1 day, 10:20:30", "10:20:30". From a number: seconds. */
bool gri_duration_read(const char *text, size_t len, gr_duration *duration, const char **why);
bool gri_duration_read_number(double seconds, gr_duration *duration, const char **why);

/* With hyphens or without, in braces, or behind "urn:uuid:". *why holds a made text: from the arena, or NULL: out of
 * memory. Without an arena it is empty. */
bool gri_uuid_read(const char *text, size_t len, gr_uuid *uuid, struct gri_arena *arena, const char **why);

/* 2020-01-31, 10:20:30.500000+02:00 (Z for UTC), both with a T between them, P1DT2H3M4.5S, and the hyphened form.
 * False, and nothing written: no such date or time. */
bool gri_date_write(struct gri_buf *buf, const gr_date *date);
bool gri_time_write(struct gri_buf *buf, const gr_time *time);
bool gri_datetime_write(struct gri_buf *buf, const gr_datetime *datetime);
void gri_duration_write(struct gri_buf *buf, const gr_duration *duration);
void gri_uuid_write(struct gri_buf *buf, const gr_uuid *uuid);

/* An absolute URL in its normal form ("HTTP://A.b" becomes "http://a.b/"), new, NUL-terminated, of the arena. NULL: see
 * *why; NULL there: out of memory. */
char *gri_url_read(const char *text, size_t len, struct gri_arena *arena, const char **why);

/* An address as email-validator takes it, its domain in lower case; as above. */
char *gri_email_read(const char *text, size_t len, struct gri_arena *arena, const char **why);

/* RFC 4648, of either alphabet, with padding or without; written in the one for URLs (section 5), with padding. `to`
 * has room for len * 3 / 4 bytes. The number of bytes, or -1 and *why, as gri_uuid_read(). */
ptrdiff_t gri_base64_read(const char *text, size_t len, unsigned char *to, struct gri_arena *arena, const char **why);
void gri_base64_write(struct gri_buf *buf, const unsigned char *data, size_t len);

#endif
