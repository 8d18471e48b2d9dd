/* Lengths of time: ISO 8601, days and a clock's hours, or a number of seconds. */
#include <math.h>

#include "schema/cursor.h"
#include "schema/formats.h"

static const int64_t second_us = 1000000;
static const double most_s = 106751991.0 * 86400; /* what 64 bits of microseconds hold */
static const char no_digit[] = "invalid digit in duration";

/* Digits, and a fraction behind a point or comma. */
static bool read_quantity(struct gri_cursor *c, double *value)
{
    enum { MOST_DIGITS = 19 };
    int digits = 0;
    double unit = 1;
    *value = 0;
    if (!gri_cursor_is_digit(c))
        return gri_cursor_fail(c, no_digit);
    for (; gri_cursor_is_digit(c); c->at++, digits++)
        *value = *value * 10 + (*c->at - '0');
    if (digits > MOST_DIGITS - 1)
        return gri_cursor_fail(c, "a numeric value in the duration is too large");
    if (!gri_cursor_take(c, ".,"))
        return true;
    for (; gri_cursor_is_digit(c); c->at++)
        *value += (*c->at - '0') * (unit /= 10);
    return true;
}

/* The seconds of a unit; 0: there is no such one in this part. */
static double unit_of(struct gri_cursor *c, bool time)
{
    static const char dates[] = "DWMY", times[] = "SMH";
    static const double date_seconds[] = {86400, 7 * 86400, 30 * 86400, 365.0 * 86400}, time_seconds[] = {1, 60, 3600};
    for (int i = 0; i < (time ? 3 : 4); i++)
        if (gri_cursor_take(c, (const char[]){time ? times[i] : dates[i], '\0'}))
            return time ? time_seconds[i] : date_seconds[i];
    return 0;
}

/* Behind the P. */
static bool read_iso(struct gri_cursor *c, double *seconds)
{
    bool time = false, any = false;
    double value;
    while (c->at < c->end) {
        if (!time && gri_cursor_take(c, "T")) {
            time = true;
            continue;
        }
        if (!read_quantity(c, &value))
            return false;
        double unit = unit_of(c, time);
        if (unit == 0)
            return gri_cursor_fail(c, time ? "quantity invalid in time part of duration"
                                           : "quantity invalid in date part of duration");
        *seconds += value * unit;
        any = true;
    }
    return any ? true : gri_cursor_fail(c, "input is too short");
}

static bool read_clock(struct gri_cursor *c, double *seconds)
{
    int hour, minute, second, microsecond;
    if (!gri_cursor_time(c, &hour, &minute, &second, &microsecond))
        return false;
    *seconds += hour * 3600.0 + minute * 60.0 + second + microsecond / 1e6;
    return c->at == c->end ? true : gri_cursor_fail(c, "unexpected extra characters at the end of the input");
}

/* "1 day", "2 days, 10:20:30", "1d 10:20". */
static bool read_days(struct gri_cursor *c, double *seconds)
{
    static const char wrong[] = "\"day\" identifier in duration not correctly formatted";
    double days = 0;
    if (!gri_cursor_is_digit(c))
        return gri_cursor_fail(c, c->at < c->end ? no_digit : "input is too short");
    for (; gri_cursor_is_digit(c); c->at++)
        days = days * 10 + (*c->at - '0');
    while (gri_cursor_take(c, " "))
        ;
    if (!gri_cursor_take(c, "dD"))
        return gri_cursor_fail(c, wrong);
    if (gri_cursor_take(c, "aA") && !gri_cursor_take(c, "yY"))
        return gri_cursor_fail(c, wrong);
    gri_cursor_take(c, "sS");
    gri_cursor_take(c, ",");
    while (gri_cursor_take(c, " "))
        ;
    *seconds = days * 86400;
    return c->at == c->end || read_clock(c, seconds);
}

/* "100:00:00": hours of any number, then as on a clock, whose own hours are spelt out for it. */
static bool read_hours(struct gri_cursor *c, double *seconds)
{
    char clock[32] = "00";
    double hours = 0;
    for (; gri_cursor_is_digit(c); c->at++)
        hours = hours * 10 + (*c->at - '0');
    size_t left = gri_cursor_left(c) < sizeof clock - 2 ? gri_cursor_left(c) : sizeof clock - 2;
    if (c->at == c->end || *c->at != ':')
        return gri_cursor_fail(c, "invalid character in hour");
    memcpy(clock + 2, c->at, left);
    struct gri_cursor rest = {clock, clock + 2 + left, NULL};
    *seconds = hours * 3600;
    return read_clock(&rest, seconds) ? true : gri_cursor_fail(c, rest.why);
}

static bool has_day(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((text[i] | 32) == 'd')
            return true;
    return false;
}

static bool from_seconds(double seconds, gr_duration *duration, const char **why)
{
    *why = "durations may not exceed 106,751,991 days";
    if (!(fabs(seconds) <= most_s))
        return false;
    duration->us = (int64_t)trunc(seconds) * second_us + (int64_t)round((seconds - trunc(seconds)) * 1e6);
    return true;
}

bool gri_duration_read(const char *text, size_t len, gr_duration *duration, const char **why)
{
    struct gri_cursor c = {text, text + len, NULL};
    double seconds = 0;
    bool minus = gri_cursor_take(&c, "-"), ok;
    if (!minus)
        gri_cursor_take(&c, "+");
    if (gri_cursor_take(&c, "P"))
        ok = read_iso(&c, &seconds);
    else if (has_day(text, len) || gri_cursor_left(&c) < 5)
        ok = read_days(&c, &seconds);
    else
        ok = read_hours(&c, &seconds);
    *why = c.why;
    return ok && from_seconds(minus ? -seconds : seconds, duration, why);
}

bool gri_duration_read_number(double seconds, gr_duration *duration, const char **why)
{
    return from_seconds(seconds, duration, why);
}
