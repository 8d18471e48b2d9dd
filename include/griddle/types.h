/* Griddle: values that C has no type for: dates and times, durations, UUIDs, runs of bytes.
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

/* A run of bytes: in JSON a string's UTF-8, or base64 with GR_BASE64. */
typedef struct gr_bytes {
    const unsigned char *at;
    size_t len;
} gr_bytes;

GR_END_DECLS

#endif
