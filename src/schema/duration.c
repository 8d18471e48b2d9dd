/* Lengths of time: ISO 8601, days and a clock's hours, or a number of seconds. */
#include <math.h>

#include "schema/cursor.h"
#include "schema/formats.h"

static const int64_t second_us = 1000000, day_s = 86400, most_days = 106751991; /* what 64 bits of microseconds hold */
static const char no_digit[] = "invalid digit in duration";
static const char duration_too_short[] = "input is too short";
static const char no_hour[] = "invalid character in hour";
static const char too_long[] = "durations may not exceed 106,751,991 days";
static const char too_many_hours[] = "durations may not exceed 999,999,999 hours";

/* Counted in 32 bits each, as pydantic does: what exceeds them is refused, however small the sum. */
struct duration_parts {
    uint32_t days, seconds, us;
};

static bool duration_add(struct gri_cursor *c, uint32_t *sum, uint64_t value)
{
    if (value > UINT32_MAX - *sum)
        return gri_cursor_fail(c, "a numeric value in the duration is too large");
    *sum += (uint32_t)value;
    return true;
}

static bool duration_read_number(struct gri_cursor *c, uint32_t *value)
{
    *value = 0;
    if (!gri_cursor_is_digit(c))
        return gri_cursor_fail(c, no_digit);
    for (; gri_cursor_is_digit(c); c->at++) {
        uint64_t more = (uint64_t)*value * 10 + (uint64_t)(*c->at - '0');
        *value = 0;
        if (!duration_add(c, value, more))
            return false;
    }
    return true;
}

/* --- ISO 8601 --- */

struct quantity {
    uint32_t whole;
    double fraction;
    bool has_fraction; /* even of no digits */
};

/* One division of two whole numbers, since pydantic's last digit comes of it. */
static bool read_quantity(struct gri_cursor *c, struct quantity *q)
{
    double digits = 0, unit = 1;
    *q = (struct quantity){.whole = 0};
    if (!duration_read_number(c, &q->whole))
        return false;
    q->has_fraction = gri_cursor_take(c, ".,");
    for (; q->has_fraction && gri_cursor_is_digit(c); c->at++, unit *= 10)
        digits = digits * 10 + (*c->at - '0');
    q->fraction = isinf(unit) ? 0 : digits / unit;
    return true;
}

/* The days or seconds of a unit; 0: there is no such one in this part. */
static uint32_t unit_of(struct gri_cursor *c, bool time)
{
    static const char dates[] = "DWMY", times[] = "SMH";
    static const uint32_t days[] = {1, 7, 30, 365}, seconds[] = {1, 60, 3600};
    for (int i = 0; i < (time ? 3 : 4); i++)
        if (gri_cursor_take(c, (const char[]){time ? times[i] : dates[i], '\0'}))
            return time ? seconds[i] : days[i];
    return 0;
}

/* Each part takes the whole of what is left, and passes its fraction on to the next. */
static bool add_fraction(struct gri_cursor *c, struct duration_parts *parts, double value, bool time)
{
    double days = time ? 0 : trunc(value), seconds = time ? value : (value - days) * (double)day_s;
    return duration_add(c, &parts->days, (uint64_t)days) && duration_add(c, &parts->seconds, (uint64_t)seconds) &&
           duration_add(c, &parts->us, (uint64_t)round((seconds - trunc(seconds)) * 1e6));
}

static bool read_unit(struct gri_cursor *c, struct duration_parts *parts, bool time, bool *had_fraction)
{
    struct quantity q;
    if (!read_quantity(c, &q))
        return false;
    if (*had_fraction)
        return gri_cursor_fail(c, "quantity fraction invalid in duration");
    *had_fraction = q.has_fraction;
    uint32_t unit = unit_of(c, time);
    if (!unit)
        return gri_cursor_fail(c, time ? "quantity invalid in time part of duration"
                                       : "quantity invalid in date part of duration");
    return duration_add(c, time ? &parts->seconds : &parts->days, (uint64_t)q.whole * unit) &&
           (!q.has_fraction || add_fraction(c, parts, q.fraction * unit, time));
}

/* Behind the P. */
static bool read_iso(struct gri_cursor *c, struct duration_parts *parts)
{
    bool time = false, had_fraction = false;
    while (c->at < c->end)
        if (gri_cursor_take(c, "T")) {
            if (time)
                return gri_cursor_fail(c, "`t` character repeated in duration");
            time = true;
        } else if (!read_unit(c, parts, time, &had_fraction)) {
            return false;
        }
    return true;
}

/* --- days and hours --- */

/* Minutes, seconds and a fraction, behind the hours' colon; read as those of the hour 0. Of longer ones the rest is
 * cut, be it what it may. */
static bool read_minutes(struct gri_cursor *c, struct duration_parts *parts)
{
    char clock[] = "00:00:00.000000";
    int hour, minute, second, microsecond;
    size_t n = gri_cursor_left(c) < sizeof clock - 4 ? gri_cursor_left(c) : sizeof clock - 4;
    memcpy(clock + 3, c->at, n);
    struct gri_cursor rest = {clock, clock + 3 + n, NULL};
    if (!gri_cursor_time(&rest, &hour, &minute, &second, &microsecond))
        return gri_cursor_fail(c, rest.why);
    if (rest.at != rest.end)
        return gri_cursor_fail(c, "unexpected extra characters at the end of the input");
    parts->seconds += (uint32_t)(minute * 60 + second);
    parts->us = (uint32_t)microsecond;
    return true;
}

/* Up to the colon, wherever it stands. */
static bool read_hour_count(struct gri_cursor *c, const char *colon, int64_t *hours)
{
    enum { MOST_DIGITS = 10 };
    const int64_t most = 2400000000;
    if (colon - c->at > MOST_DIGITS)
        return gri_cursor_fail(c, too_many_hours);
    for (*hours = 0; c->at < colon; c->at++) {
        if (!gri_cursor_is_digit(c))
            return gri_cursor_fail(c, no_hour);
        *hours = *hours * 10 + (*c->at - '0');
        if (*hours > most)
            return gri_cursor_fail(c, too_many_hours);
    }
    return true;
}

/* "100:00:00": hours of any number, then as on a clock. */
static bool read_hours(struct gri_cursor *c, struct duration_parts *parts)
{
    int64_t hours;
    if (gri_cursor_left(c) < 5)
        return gri_cursor_fail(c, duration_too_short);
    const char *colon = memchr(c->at, ':', gri_cursor_left(c));
    if (!colon)
        return gri_cursor_fail(c, no_hour);
    if (!read_hour_count(c, colon, &hours))
        return false;
    c->at = colon + 1;
    *parts = (struct duration_parts){(uint32_t)(hours / 24), (uint32_t)(hours % 24 * 3600), 0};
    return read_minutes(c, parts);
}

/* "d", "day" or "days": each of "ay" and "s" in the case of the letter before it, of "d" in any. */
static bool read_day_word(struct gri_cursor *c)
{
    if (!gri_cursor_take(c, "dD"))
        return false;
    bool upper = gri_cursor_take(c, "A");
    if (!upper && !gri_cursor_take(c, "a"))
        return true;
    if (!gri_cursor_take(c, upper ? "Y" : "y"))
        return false;
    gri_cursor_take(c, upper ? "S" : "s");
    return true;
}

/* "1 day", "2 days, 10:20:30", "1d 10:20". Behind days, the hours are those of one day. */
static bool read_days(struct gri_cursor *c, struct duration_parts *parts)
{
    struct duration_parts clock = {0, 0, 0};
    uint32_t days;
    if (c->at == c->end)
        return gri_cursor_fail(c, duration_too_short);
    if (!duration_read_number(c, &days))
        return false;
    gri_cursor_take(c, " ");
    if (!read_day_word(c))
        return gri_cursor_fail(c, "\"day\" identifier in duration not correctly formatted");
    gri_cursor_take(c, ",");
    gri_cursor_take(c, " ");
    if (c->at < c->end && !read_hours(c, &clock))
        return false;
    *parts = (struct duration_parts){days, clock.seconds, clock.us};
    return !clock.days || gri_cursor_fail(c, too_many_hours);
}

/* --- the readers --- */

static bool has_day(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (gri_lower(text[i]) == 'd')
            return true;
    return false;
}

/* "P" and "PT" are of no quantity. */
static bool read_parts(struct gri_cursor *c, struct duration_parts *parts)
{
    size_t len = gri_cursor_left(c);
    if (gri_cursor_take(c, "P"))
        return read_iso(c, parts) && (len >= 3 || gri_cursor_fail(c, duration_too_short));
    if (has_day(c->at, gri_cursor_left(c)) || gri_cursor_left(c) < 5)
        return read_days(c, parts);
    return read_hours(c, parts);
}

static bool of_parts(const struct duration_parts *parts, bool minus, gr_duration *duration, const char **why)
{
    int64_t seconds = parts->days * day_s + parts->seconds + parts->us / second_us, us = parts->us % second_us;
    *why = too_long;
    if (seconds > most_days * day_s || (seconds == most_days * day_s && us))
        return false;
    us += seconds * second_us;
    duration->us = minus ? -us : us;
    return true;
}

bool gri_duration_read(const char *text, size_t len, gr_duration *duration, const char **why)
{
    struct gri_cursor c = {text, text + len, NULL};
    struct duration_parts parts = {0, 0, 0};
    bool minus = gri_cursor_take(&c, "-");
    if (!minus)
        gri_cursor_take(&c, "+");
    bool ok = read_parts(&c, &parts);
    *why = c.why;
    return ok && of_parts(&parts, minus, duration, why);
}

bool gri_duration_read_number(double seconds, gr_duration *duration, const char **why)
{
    *why = too_long;
    if (!(fabs(seconds) <= (double)(most_days * day_s)))
        return false;
    duration->us = (int64_t)trunc(seconds) * second_us + (int64_t)round((seconds - trunc(seconds)) * 1e6);
    return true;
}
