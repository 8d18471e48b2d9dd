/* Dates and times as text, in the manner of pydantic: its forms, its reasons, its order of trying. */
#include <math.h>
#include <stdlib.h>

#include "schema/cursor.h"
#include "schema/formats.h"
#include "schema/number.h"

static const char too_short[] = "input is too short";
static const char extra[] = "unexpected extra characters at the end of the input";

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

static bool read_day(struct gri_cursor *c, gr_date *date)
{
    int year, month, day;
    if (gri_cursor_left(c) < 10)
        return gri_cursor_fail(c, too_short);
    if (!gri_cursor_digits(c, 4, &year, "invalid character in year"))
        return false;
    if (!gri_cursor_take(c, "-"))
        return gri_cursor_fail(c, "invalid date separator, expected `-`");
    if (!gri_cursor_digits(c, 2, &month, "invalid character in month"))
        return false;
    if (!gri_cursor_take(c, "-"))
        return gri_cursor_fail(c, "invalid date separator, expected `-`");
    if (!gri_cursor_digits(c, 2, &day, "invalid character in day"))
        return false;
    if (month < 1 || month > 12)
        return gri_cursor_fail(c, "month value is outside expected range of 1-12");
    if (day < 1 || day > days_in(year, month))
        return gri_cursor_fail(c, "day value is outside expected range");
    if (year == 0)
        return gri_cursor_fail(c, "year 0 is out of range");
    *date = (gr_date){(int16_t)year, (uint8_t)month, (uint8_t)day};
    return true;
}

/* Six digits count; more are cut. */
static bool read_fraction(struct gri_cursor *c, int *microsecond)
{
    int digits = 0, value = 0;
    for (; gri_cursor_is_digit(c); c->at++, digits++)
        if (digits < 6)
            value = value * 10 + (*c->at - '0');
    if (!digits)
        return gri_cursor_fail(c, "second fraction digits missing after `.`");
    for (; digits < 6; digits++)
        value *= 10;
    *microsecond = value;
    return true;
}

bool gri_cursor_time(struct gri_cursor *c, int *hour, int *minute, int *second, int *microsecond)
{
    *second = *microsecond = 0;
    if (gri_cursor_left(c) < 5)
        return gri_cursor_fail(c, too_short);
    if (!gri_cursor_digits(c, 2, hour, "invalid character in hour"))
        return false;
    if (!gri_cursor_take(c, ":"))
        return gri_cursor_fail(c, "invalid time separator, expected `:`");
    if (!gri_cursor_digits(c, 2, minute, "invalid character in minute"))
        return false;
    if (*hour > 23)
        return gri_cursor_fail(c, "hour value is outside expected range of 0-23");
    if (*minute > 59)
        return gri_cursor_fail(c, "minute value is outside expected range of 0-59");
    if (!gri_cursor_take(c, ":"))
        return true;
    if (!gri_cursor_digits(c, 2, second, "invalid character in second"))
        return false;
    if (*second > 59)
        return gri_cursor_fail(c, "second value is outside expected range of 0-59");
    return !gri_cursor_take(c, ".,") || read_fraction(c, microsecond);
}

/* '-', or the minus sign U+2212. */
static bool take_minus(struct gri_cursor *c)
{
    if (gri_cursor_take(c, "-"))
        return true;
    if (gri_cursor_left(c) < 3 || memcmp(c->at, "\xe2\x88\x92", 3) != 0)
        return false;
    c->at += 3;
    return true;
}

static bool read_offset(struct gri_cursor *c, gr_time *time)
{
    int hours, minutes;
    if (c->at == c->end)
        return true;
    time->has_offset = true;
    if (gri_cursor_take(c, "Zz"))
        return true;
    bool minus = take_minus(c);
    if (!minus && !gri_cursor_take(c, "+"))
        return gri_cursor_fail(c, "invalid timezone sign");
    if (!gri_cursor_digits(c, 2, &hours, "invalid timezone hour"))
        return false;
    gri_cursor_take(c, ":");
    if (!gri_cursor_digits(c, 2, &minutes, "invalid timezone minute"))
        return false;
    if (minutes > 59)
        return gri_cursor_fail(c, "timezone minute value is outside expected range of 0-59");
    if (hours > 23)
        return gri_cursor_fail(c, "timezone offset must be less than 24 hours");
    time->offset_s = (minus ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

static bool read_time(struct gri_cursor *c, gr_time *time)
{
    int hour, minute, second, microsecond;
    *time = (gr_time){.hour = 0};
    if (!gri_cursor_time(c, &hour, &minute, &second, &microsecond) || !read_offset(c, time))
        return false;
    time->hour = (uint8_t)hour;
    time->minute = (uint8_t)minute;
    time->second = (uint8_t)second;
    time->microsecond = microsecond;
    return c->at == c->end ? true : gri_cursor_fail(c, extra);
}

static bool read_datetime(struct gri_cursor *c, gr_datetime *datetime)
{
    if (!read_day(c, &datetime->date))
        return false;
    if (c->at == c->end)
        return gri_cursor_fail(c, too_short);
    if (!gri_cursor_take(c, "Tt_ "))
        return gri_cursor_fail(c, "invalid datetime separator, expected `T`, `t`, `_` or space");
    return read_time(c, &datetime->time);
}

/* --- unix times --- */

/* The days since 1970-01-01 as a date: years are counted from March, in eras of 400. */
static gr_date date_of_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097, in_era = days - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100), month = (5 * in_year + 2) / 153;
    int64_t civil_month = month < 10 ? month + 3 : month - 9;
    return (gr_date){(int16_t)(year + era * 400 + (civil_month <= 2)), (uint8_t)civil_month,
                     (uint8_t)(in_year - (153 * month + 2) / 5 + 1)};
}

static gr_time time_of_us(int64_t us)
{
    int64_t s = us / 1000000;
    return (gr_time){.hour = (uint8_t)(s / 3600),
                     .minute = (uint8_t)(s / 60 % 60),
                     .second = (uint8_t)(s % 60),
                     .microsecond = (int32_t)(us % 1000000),
                     .has_offset = true};
}

static bool from_unix(double number, gr_datetime *datetime, const char **why)
{
    const double watershed = 2e10, last = 253402300800.0, first = -62135596800.0, day = 86400e6;
    double seconds = fabs(number) > watershed ? number / 1000 : number;
    *why = seconds >= last ? "dates after 9999 are not supported as unix timestamps"
                           : "dates before 0000 are not supported as unix timestamps";
    if (seconds >= last || seconds < first)
        return false;
    double us = round(seconds * 1e6), days = floor(us / day);
    datetime->date = date_of_days((int64_t)days);
    datetime->time = time_of_us((int64_t)(us - days * day));
    return true;
}

/* [+-]digits[.digits]: what pydantic takes for a number here; exponents are not. */
static bool is_number(const char *text, size_t len)
{
    struct gri_cursor c = {text, text + len, NULL};
    size_t digits = 0;
    gri_cursor_take(&c, "+-");
    for (; gri_cursor_is_digit(&c); c.at++)
        digits++;
    if (gri_cursor_take(&c, "."))
        for (; gri_cursor_is_digit(&c); c.at++)
            digits++;
    return digits && digits < 19 && c.at == c.end;
}

/* --- the readers --- */

static bool datetime_or_number(const char *text, size_t len, gr_datetime *datetime, const char **why)
{
    struct gri_cursor c = {text, text + len, NULL};
    double number;
    if (read_datetime(&c, datetime))
        return true;
    *why = c.why;
    return is_number(text, len) && gri_double_read(text, len, &number) && from_unix(number, datetime, why);
}

bool gri_date_read(const char *text, size_t len, gr_date *date, const char **why, bool *inexact)
{
    struct gri_cursor c = {text, text + len, NULL};
    gr_datetime datetime;
    *inexact = false;
    if (read_day(&c, date) && c.at == c.end)
        return true;
    if (!datetime_or_number(text, len, &datetime, why))
        return false;
    *date = datetime.date;
    *inexact = datetime.time.hour || datetime.time.minute || datetime.time.second || datetime.time.microsecond;
    return !*inexact;
}

/* What is no datetime is tried as a date, and so it is the date's reason that is given. */
bool gri_datetime_read(const char *text, size_t len, gr_datetime *datetime, const char **why)
{
    struct gri_cursor c = {text, text + len, NULL};
    if (datetime_or_number(text, len, datetime, why))
        return true;
    *datetime = (gr_datetime){.date = {0}};
    if (is_number(text, len))
        return false;
    if (read_day(&c, &datetime->date) && c.at == c.end)
        return true;
    *why = c.why ? c.why : extra;
    return false;
}

bool gri_time_read(const char *text, size_t len, gr_time *time, const char **why)
{
    struct gri_cursor c = {text, text + len, NULL};
    bool ok = read_time(&c, time);
    *why = c.why;
    return ok;
}

bool gri_time_read_number(double seconds, gr_time *time, const char **why)
{
    *why = seconds < 0 ? "time in seconds should be positive" : "numeric times may not exceed 86,399 seconds";
    if (!(seconds >= 0 && seconds < 86400))
        return false;
    *time = time_of_us((int64_t)round(seconds * 1e6) % INT64_C(86400000000));
    return true;
}
