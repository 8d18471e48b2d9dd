/* The proleptic Gregorian calendar in days and microseconds: what reading, writing and calculating share. */
#ifndef GRI_SCHEMA_CALENDAR_H
#define GRI_SCHEMA_CALENDAR_H

#include <griddle/types.h>

#define GRI_SECOND_US INT64_C(1000000)
#define GRI_DAY_US    INT64_C(86400000000)

/* Days of years 1 to 9999, from 1970-01-01 on. */
enum { GRI_FIRST_DAY = -719162, GRI_LAST_DAY = 2932896 };

/* How many days a month has, 1 to 12. */
int gri_days_in(int year, int month);

/* Whether there is such a date, and such a time of day. */
bool gri_is_date(const gr_date *date);
bool gri_is_time(const gr_time *time);

/* Days since 1970-01-01, of any date that there is; and the reverse, of years -32768 to 32767. */
int64_t gri_days_of_date(const gr_date *date);
gr_date gri_date_of_days(int64_t days);

/* A time of day without an offset: microseconds since midnight, and the reverse. */
int64_t gri_us_of_time(const gr_time *time);
gr_time gri_time_of_us(int64_t us);

#endif
