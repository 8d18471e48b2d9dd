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
    int32_t offset_s;    /* seconds east of UTC, within a day; 0 is written Z */
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
