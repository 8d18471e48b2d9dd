/* Dates and times as text, in the manner of pydantic: its forms, its reasons, its order of trying. */
#include <math.h>
#include <stdlib.h>

#include "schema/calendar.h"
#include "schema/cursor.h"
#include "schema/formats.h"
#include "schema/number.h"

static const char temporal_too_short[] = "input is too short";
static const char extra[] = "unexpected extra characters at the end of the input";

static bool read_day(struct gri_cursor *c, gr_date *date)
{
    int year, month, day;
    if (gri_cursor_left(c) < 10)
        return gri_cursor_fail(c, temporal_too_short);
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
    if (day < 1 || day > gri_days_in(year, month))
        return gri_cursor_fail(c, "day value is outside expected range");
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
        return gri_cursor_fail(c, temporal_too_short);
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

static bool temporal_read_time(struct gri_cursor *c, gr_time *time)
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

static bool temporal_read_datetime(struct gri_cursor *c, gr_datetime *datetime)
{
    if (!read_day(c, &datetime->date))
        return false;
    if (c->at == c->end)
        return gri_cursor_fail(c, temporal_too_short);
    if (!gri_cursor_take(c, "Tt_ "))
        return gri_cursor_fail(c, "invalid datetime separator, expected `T`, `t`, `_` or space");
    return temporal_read_time(c, &datetime->time);
}

/* --- unix times --- */

static const int64_t watershed = 20000000000; /* above: milliseconds */

const char gri_no_such_year[] = "year 0 is out of range";

/* The year 0 has dates that are read as any others; they are refused only when all else is well. */
static bool has_year(const gr_date *date, const char **why)
{
    *why = gri_no_such_year;
    return date->year != 0;
}

static bool from_unix(int64_t seconds, int64_t us, gr_datetime *datetime, const char **why)
{
    const int64_t last = 253402300799, first = -62167219200, day = 86400;
    *why = seconds > last ? "dates after 9999 are not supported as unix timestamps"
                          : "dates before 0000 are not supported as unix timestamps";
    if (seconds > last || seconds < first)
        return false;
    int64_t in_day = (seconds % day + day) % day;
    datetime->date = gri_date_of_days((seconds - in_day) / day);
    datetime->time = gri_time_of_us(in_day * GRI_SECOND_US + us);
    datetime->time.has_offset = true;
    return true;
}

/* Whole numbers are exact at any size; what passes through a double is not. */
static bool from_whole(int64_t number, gr_datetime *datetime, const char **why)
{
    if (number >= -watershed && number <= watershed)
        return from_unix(number, 0, datetime, why);
    int64_t ms = number % 1000, before = ms < 0;
    return from_unix(number / 1000 - before, (ms + before * 1000) * 1000, datetime, why);
}

/* Clamped to what is out of range on either side, so that it can be converted. */
static double clamped_seconds(double number)
{
    double value = fabs(number) > (double)watershed ? number / 1000 : number;
    return value <= -1e12 ? -1e12 : value <= 1e12 ? value : 1e12;
}

static bool from_fraction(double number, gr_datetime *datetime, const char **why)
{
    double value = clamped_seconds(number);
    int64_t seconds = (int64_t)value - (value < (double)(int64_t)value);
    double part = (value - (double)seconds) * 1e6;
    int64_t us = (int64_t)part + (part - (double)(int64_t)part >= 0.5);
    return from_unix(seconds + us / 1000000, us % 1000000, datetime, why);
}

static size_t temporal_skip_digits(struct gri_cursor *c)
{
    const char *begin = c->at;
    while (gri_cursor_is_digit(c))
        c->at++;
    return (size_t)(c->at - begin);
}

/* [+-]digits.digits[e[+-]digits], one of the digits at least before the exponent. Without the point it is no fraction:
 * pydantic reads "1e5" as none. */
static bool is_fraction(const char *text, size_t len)
{
    struct gri_cursor c = {text, text + len, NULL};
    gri_cursor_take(&c, "+-");
    size_t digits = temporal_skip_digits(&c);
    if (!gri_cursor_take(&c, "."))
        return false;
    digits += temporal_skip_digits(&c);
    if (digits && gri_cursor_take(&c, "eE")) {
        gri_cursor_take(&c, "+-");
        digits = temporal_skip_digits(&c);
    }
    return digits && c.at == c.end;
}

/* [+-]digits within 63 bits; more are no number. */
static bool read_whole(const char *text, size_t len, int64_t *number)
{
    struct gri_cursor c = {text, text + len, NULL};
    bool minus = gri_cursor_take(&c, "-");
    if (!minus)
        gri_cursor_take(&c, "+");
    const char *begin = c.at;
    for (*number = 0; gri_cursor_is_digit(&c); c.at++) {
        int digit = *c.at - '0';
        if (*number > (INT64_MAX - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    *number = minus ? -*number : *number;
    return c.at > begin && c.at == c.end;
}

/* --- the readers --- */

/* The year may be 0. */
static bool datetime_or_number(const char *text, size_t len, gr_datetime *datetime, const char **why)
{
    struct gri_cursor c = {text, text + len, NULL};
    double fraction;
    int64_t whole;
    if (temporal_read_datetime(&c, datetime))
        return true;
    *why = c.why;
    if (read_whole(text, len, &whole))
        return from_whole(whole, datetime, why);
    return is_fraction(text, len) && gri_double_read(text, len, &fraction) && from_fraction(fraction, datetime, why);
}

static bool take_date(const gr_datetime *datetime, gr_date *date, const char **why, bool *inexact)
{
    const gr_time *t = &datetime->time;
    *date = datetime->date;
    *inexact = t->hour || t->minute || t->second || t->microsecond;
    if (!*inexact)
        return has_year(date, why);
    *why = NULL;
    return false;
}

bool gri_date_read(const char *text, size_t len, gr_date *date, const char **why, bool *inexact)
{
    struct gri_cursor c = {text, text + len, NULL};
    gr_datetime datetime;
    *inexact = false;
    if (read_day(&c, date) && c.at == c.end)
        return has_year(date, why);
    if (!datetime_or_number(text, len, &datetime, why))
        return false;
    return take_date(&datetime, date, why, inexact);
}

bool gri_date_read_number(double number, gr_date *date, const char **why, bool *inexact)
{
    gr_datetime datetime;
    *inexact = false;
    return from_fraction(number, &datetime, why) && take_date(&datetime, date, why, inexact);
}

/* What is no datetime is tried as a date, and so it is the date's reason that is given. */
bool gri_datetime_read(const char *text, size_t len, gr_datetime *datetime, const char **why)
{
    struct gri_cursor c = {text, text + len, NULL};
    int64_t whole;
    if (datetime_or_number(text, len, datetime, why))
        return has_year(&datetime->date, why);
    *datetime = (gr_datetime){.date = {0}};
    if (read_whole(text, len, &whole) || is_fraction(text, len))
        return false;
    if (read_day(&c, &datetime->date) && c.at == c.end)
        return has_year(&datetime->date, why);
    *why = c.why ? c.why : extra;
    return false;
}

bool gri_datetime_read_number(double number, gr_datetime *datetime, const char **why)
{
    return from_fraction(number, datetime, why) && has_year(&datetime->date, why);
}

bool gri_time_read(const char *text, size_t len, gr_time *time, const char **why)
{
    struct gri_cursor c = {text, text + len, NULL};
    bool ok = temporal_read_time(&c, time);
    *why = c.why;
    return ok;
}

bool gri_time_read_number(double seconds, gr_time *time, const char **why)
{
    *why = seconds < 0 ? "time in seconds should be positive" : "numeric times may not exceed 86,399 seconds";
    if (!(seconds >= 0 && seconds < 86400))
        return false;
    /* the fraction on its own, since the product of the whole would round differently */
    int64_t us = (int64_t)floor(seconds) * 1000000 + (int64_t)round((seconds - floor(seconds)) * 1e6);
    *time = gri_time_of_us(us % GRI_DAY_US);
    time->has_offset = true;
    return us < GRI_DAY_US;
}
