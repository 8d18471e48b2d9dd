/* Griddle: values that C has no type for: dates and times, durations, UUIDs, decimals, runs of bytes.
 *
 * Members of these types are declared by GR_FIELD as any other, and read and written as pydantic does: ISO 8601 (RFC
 * 3339 with its usual liberties), RFC 9562 for UUIDs. Plain values: copy, compare and zero them as you like. */
#ifndef GRIDDLE_TYPES_H
#define GRIDDLE_TYPES_H

#include <griddle/base.h>

GR_BEGIN_DECLS

/* A day of the proleptic Gregorian calendar: 2020-01-31. Zeroed it is no date. */
typedef struct gr_date {
    int16_t year;       /* 1 to 9999 */
    uint8_t month, day; /* from 1 */
} gr_date;

/* A time of day: 10:20:30.123456+02:00. */
typedef struct gr_time {
    uint8_t hour, minute, second;
    bool has_offset;     /* it names its distance from UTC; false: it does not say where it holds */
    int32_t microsecond; /* 0 to 999999 */
    int32_t offset_s;    /* seconds east of UTC, within a day; 0 is written Z, others to the minute */
} gr_time;

/* A day and a time of it. */
typedef struct gr_datetime {
    gr_date date;
    gr_time time;
} gr_datetime;

/* A length of time: P1DT2H, or a number of seconds. */
typedef struct gr_duration {
    int64_t us; /* microseconds: 106,751,991 days at most, either way */
} gr_duration;

/* --- dates, datetimes and durations in numbers ---
 *
 * Leap seconds do not exist, as in POSIX. Any thread. A function that fails leaves what it would have written as it
 * was; GR_EINVAL: there is no such date or time (2023-02-29, the year 0, a zeroed gr_date), or none between 0001-01-01
 * and 9999-12-31 would come of it. */

/* Days since 1970-01-01; so many days later (or earlier, below 0); below 0, 0 or above 0, as a is before, at, or after
 * b. */
GR_API GR_MUST_USE int gr_date_to_days(const gr_date *date, int64_t *days);
GR_API GR_MUST_USE int gr_date_from_days(gr_date *date, int64_t days);
GR_API GR_MUST_USE int gr_date_add(gr_date *date, int64_t days);
GR_API int gr_date_compare(const gr_date *a, const gr_date *b);

/* Microseconds, or whole seconds (rounded down), since 1970-01-01T00:00:00Z: a time_t. A datetime that names no offset
 * is taken as UTC; one that is made names the offset 0. */
GR_API GR_MUST_USE int gr_datetime_to_us(const gr_datetime *datetime, int64_t *us);
GR_API GR_MUST_USE int gr_datetime_from_us(gr_datetime *datetime, int64_t us);
GR_API GR_MUST_USE int gr_datetime_to_s(const gr_datetime *datetime, int64_t *seconds);
GR_API GR_MUST_USE int gr_datetime_from_s(gr_datetime *datetime, int64_t seconds);

/* The same moment on the clock of another offset (seconds east of UTC, within a day). One that names none is taken as
 * UTC. */
GR_API GR_MUST_USE int gr_datetime_move(gr_datetime *datetime, int32_t offset_s);

/* So much later (or earlier), with the offset, or none, that it has. */
GR_API GR_MUST_USE int gr_datetime_add(gr_datetime *datetime, gr_duration duration);

/* From one moment to another: below 0 where `to` is the earlier. GR_EINVAL also: one of them names its offset and the
 * other does not. */
GR_API GR_MUST_USE int gr_datetime_between(const gr_datetime *from, const gr_datetime *to, gr_duration *duration);

/* Below 0, 0, or above 0, as the moment a is before, at, or after b. One that names no offset is taken as UTC; what is
 * no datetime is before all. */
GR_API int gr_datetime_compare(const gr_datetime *a, const gr_datetime *b);

/* What its clock shows, as the C library has it, and the reverse: of the offset and of the microseconds nothing is
 * kept, so one that comes of a tm names no offset and has none. tm_wday and tm_yday are set, and not looked at;
 * tm_isdst is -1. A leap second, tm_sec 60, is GR_EINVAL. */
struct tm;
GR_API GR_MUST_USE int gr_datetime_to_tm(const gr_datetime *datetime, struct tm *tm);
GR_API GR_MUST_USE int gr_datetime_from_tm(gr_datetime *datetime, const struct tm *tm);

/* In seconds; to the nearest microsecond. GR_EINVAL: not finite, or more than 106,751,991 days. */
GR_API double gr_duration_to_s(gr_duration duration);
GR_API GR_MUST_USE int gr_duration_from_s(gr_duration *duration, double seconds);

/* 16 bytes in the order in which they are written. */
typedef struct gr_uuid {
    uint8_t byte[16];
} gr_uuid;

/* A decimal number, exactly: 12.50 is not 12.5 rounded to a double, and 0.1 + 0.2 is 0.3. It is kept as its text, since
 * that is what databases (NUMERIC), libraries of decimal arithmetic and printf() take, and it needs no memory but its
 * own; who calculates with money takes whole cents out by gr_decimal_scaled(). Members are read from a text and from a
 * JSON number alike, whose text is taken as it stands and has been no double in between, and are sent as a text.
 *
 * Numbers have at most GR_DECIMAL_DIGITS digits, without the zeros before the first one, and lie between 10^-999 and
 * 10^1000. Text is as Python's str() writes it: "12.50", "-0.001", "1E+9". Zeroed it is 0. Where .allow_inf_nan is
 * declared it may be "Infinity", "-Infinity" and "NaN". */
enum { GR_DECIMAL_DIGITS = 60, GR_DECIMAL_EXPONENT = 999 };

typedef struct gr_decimal {
    char text[72]; /* NUL-terminated */
} gr_decimal;

/* From a text: white space around it, a sign, digits, a point, an exponent. GR_EINVAL: that is no number; GR_EMSGSIZE:
 * it has too many digits, or is too large or too small. *decimal is left as it was. Any thread. */
GR_API GR_MUST_USE int gr_decimal_read(gr_decimal *decimal, const char *text);

/* number / 10^places, with so many digits behind the point: gr_decimal_of(1250, 2) is 12.50. `places` is 0 to 18. */
GR_API gr_decimal gr_decimal_of(int64_t number, int places);

/* decimal * 10^places, where that is whole: 12.5 with 2 places is 1250. `places` is 0 to 18. GR_EINVAL: a fraction
 * would be left (12.505), or it is no number; GR_EMSGSIZE: beyond int64_t. *number is left as it was. */
GR_API GR_MUST_USE int gr_decimal_scaled(const gr_decimal *decimal, int places, int64_t *number);

/* The nearest double, which may be infinite; NaN where it is no number. */
GR_API double gr_decimal_to_double(const gr_decimal *decimal);

/* The shortest decimal that reads back as the double: 0.1 is 0.1. GR_EINVAL: NaN or infinity. */
GR_API GR_MUST_USE int gr_decimal_from_double(gr_decimal *decimal, double value);

/* Below 0, 0, or above 0, as a is below, equal to, or above b: 1.0 equals 1.00. NaN, and what is no number, is above
 * all. */
GR_API int gr_decimal_compare(const gr_decimal *a, const gr_decimal *b);

/* A run of bytes: in JSON a string's UTF-8, or base64 with GR_BASE64: read in both alphabets of RFC 4648, with padding
 * or without; sent in the one that is safe in URLs (section 5, with - and _), padded, as pydantic does. */
typedef struct gr_bytes {
    const unsigned char *at;
    size_t len;
} gr_bytes;

GR_END_DECLS

#endif
