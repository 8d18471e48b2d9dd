/* What programs do with dates, datetimes and durations. */
#include <math.h>
#include <time.h>

#include "schema/calendar.h"

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* --- dates --- */

int gr_date_to_days(const gr_date *date, int64_t *days)
{
    if (!gri_is_date(date))
        return GR_EINVAL;
    *days = gri_days_of_date(date);
    return 0;
}

int gr_date_from_days(gr_date *date, int64_t days)
{
    if (days < GRI_FIRST_DAY || days > GRI_LAST_DAY)
        return GR_EINVAL;
    *date = gri_date_of_days(days);
    return 0;
}

int gr_date_add(gr_date *date, int64_t days)
{
    const int64_t most = GRI_LAST_DAY - GRI_FIRST_DAY;
    int64_t from;
    int rc = gr_date_to_days(date, &from);
    if (rc || days < -most || days > most)
        return GR_EINVAL;
    return gr_date_from_days(date, from + days);
}

int gr_date_compare(const gr_date *a, const gr_date *b)
{
    if (a->year != b->year)
        return a->year < b->year ? -1 : 1;
    if (a->month != b->month)
        return a->month < b->month ? -1 : 1;
    return (a->day > b->day) - (a->day < b->day);
}

/* --- datetimes --- */

static bool is_datetime(const gr_datetime *d)
{
    return gri_is_date(&d->date) && gri_is_time(&d->time);
}

/* What its clock shows, counted from 1970-01-01 on that clock. */
static int64_t clock_us(const gr_datetime *d)
{
    return gri_days_of_date(&d->date) * GRI_DAY_US + gri_us_of_time(&d->time);
}

static int64_t offset_us(const gr_time *t)
{
    return t->has_offset ? t->offset_s * GRI_SECOND_US : 0;
}

/* Sets what the clock shows, and leaves its offset. */
static int set_clock(gr_datetime *d, int64_t us)
{
    int64_t days = floor_div(us, GRI_DAY_US);
    if (days < GRI_FIRST_DAY || days > GRI_LAST_DAY)
        return GR_EINVAL;
    gr_time time = gri_time_of_us(us - days * GRI_DAY_US);
    time.has_offset = d->time.has_offset;
    time.offset_s = d->time.offset_s;
    *d = (gr_datetime){gri_date_of_days(days), time};
    return 0;
}

int gr_datetime_to_us(const gr_datetime *datetime, int64_t *us)
{
    if (!is_datetime(datetime))
        return GR_EINVAL;
    *us = clock_us(datetime) - offset_us(&datetime->time);
    return 0;
}

int gr_datetime_from_us(gr_datetime *datetime, int64_t us)
{
    gr_datetime made = {.time = {.has_offset = true}};
    int rc = set_clock(&made, us);
    if (rc == 0)
        *datetime = made;
    return rc;
}

int gr_datetime_to_s(const gr_datetime *datetime, int64_t *seconds)
{
    int64_t us;
    int rc = gr_datetime_to_us(datetime, &us);
    if (rc == 0)
        *seconds = floor_div(us, GRI_SECOND_US);
    return rc;
}

int gr_datetime_from_s(gr_datetime *datetime, int64_t seconds)
{
    const int64_t most = INT64_MAX / GRI_SECOND_US;
    if (seconds < -most || seconds > most)
        return GR_EINVAL;
    return gr_datetime_from_us(datetime, seconds * GRI_SECOND_US);
}

int gr_datetime_move(gr_datetime *datetime, int32_t offset_s)
{
    gr_datetime made = {.time = {.has_offset = true, .offset_s = offset_s}};
    int64_t us;
    int rc = gr_datetime_to_us(datetime, &us);
    if (rc || !gri_is_time(&made.time))
        return GR_EINVAL;
    rc = set_clock(&made, us + offset_us(&made.time));
    if (rc == 0)
        *datetime = made;
    return rc;
}

int gr_datetime_add(gr_datetime *datetime, gr_duration duration)
{
    int64_t us;
    if (!is_datetime(datetime) || __builtin_add_overflow(clock_us(datetime), duration.us, &us))
        return GR_EINVAL;
    return set_clock(datetime, us);
}

int gr_datetime_between(const gr_datetime *from, const gr_datetime *to, gr_duration *duration)
{
    int64_t a, b;
    if (from->time.has_offset != to->time.has_offset || gr_datetime_to_us(from, &a) || gr_datetime_to_us(to, &b))
        return GR_EINVAL;
    duration->us = b - a;
    return 0;
}

int gr_datetime_compare(const gr_datetime *a, const gr_datetime *b)
{
    int64_t x = 0, y = 0;
    int no_a = gr_datetime_to_us(a, &x), no_b = gr_datetime_to_us(b, &y);
    if (no_a || no_b)
        return (no_a == 0) - (no_b == 0);
    return (x > y) - (x < y);
}

/* --- the C library's broken-down time --- */

int gr_datetime_to_tm(const gr_datetime *datetime, struct tm *tm)
{
    const gr_date *d = &datetime->date;
    const gr_time *t = &datetime->time;
    if (!is_datetime(datetime))
        return GR_EINVAL;
    int64_t days = gri_days_of_date(d), year = gri_days_of_date(&(gr_date){d->year, 1, 1});
    *tm = (struct tm){.tm_sec = t->second,
                      .tm_min = t->minute,
                      .tm_hour = t->hour,
                      .tm_mday = d->day,
                      .tm_mon = d->month - 1,
                      .tm_year = d->year - 1900,
                      .tm_wday = (int)(((days + 4) % 7 + 7) % 7), /* the first was a Thursday */
                      .tm_yday = (int)(days - year),
                      .tm_isdst = -1};
    return 0;
}

static bool is_within(int value, int least, int most)
{
    return value >= least && value <= most;
}

int gr_datetime_from_tm(gr_datetime *datetime, const struct tm *tm)
{
    if (!is_within(tm->tm_year, 1 - 1900, 9999 - 1900) || !is_within(tm->tm_mon, 0, 11) ||
        !is_within(tm->tm_mday, 1, 31) || !is_within(tm->tm_hour, 0, 23) || !is_within(tm->tm_min, 0, 59) ||
        !is_within(tm->tm_sec, 0, 59))
        return GR_EINVAL;
    gr_datetime made = {
        .date = {(int16_t)(tm->tm_year + 1900), (uint8_t)(tm->tm_mon + 1), (uint8_t)tm->tm_mday},
        .time = {.hour = (uint8_t)tm->tm_hour, .minute = (uint8_t)tm->tm_min, .second = (uint8_t)tm->tm_sec}};
    if (!gri_is_date(&made.date))
        return GR_EINVAL;
    *datetime = made;
    return 0;
}

/* --- durations --- */

double gr_duration_to_s(gr_duration duration)
{
    return (double)duration.us / 1e6;
}

int gr_duration_from_s(gr_duration *duration, double seconds)
{
    double us = round(seconds * 1e6);
    if (!(us > -9223372036854775808.0 && us < 9223372036854775808.0))
        return GR_EINVAL;
    duration->us = (int64_t)us;
    return 0;
}
