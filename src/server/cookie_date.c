/* Dates of cookies: RFC 6265 section 5.1.1, which reads whatever servers have ever written. */
#include <griddle/types.h>

#include "server/jar.h"

struct date_parts {
    bool has_time, has_day, has_month, has_year;
    int hour, minute, second, day, month, year;
};

static bool is_delimiter(char c)
{
    unsigned char u = (unsigned char)c;
    return u == '\t' || (u >= 0x20 && u <= 0x2f) || (u >= 0x3b && u <= 0x40) || (u >= 0x5b && u <= 0x60) ||
           (u >= 0x7b && u <= 0x7e);
}

/* `least` to `most` digits, and no digit behind them; what else follows does not matter. */
static bool take_digits(struct gri_str *s, size_t least, size_t most, int *number)
{
    size_t n = 0;
    *number = 0;
    for (; n < s->len && gri_is_digit(s->at[n]); n++)
        if (n < most)
            *number = *number * 10 + (s->at[n] - '0');
    if (n < least || n > most)
        return false;
    s->at += n;
    s->len -= n;
    return true;
}

static bool take_colon(struct gri_str *s)
{
    if (!s->len || *s->at != ':')
        return false;
    s->at++;
    s->len--;
    return true;
}

static bool take_time(struct date_parts *p, struct gri_str token)
{
    return take_digits(&token, 1, 2, &p->hour) && take_colon(&token) && take_digits(&token, 1, 2, &p->minute) &&
           take_colon(&token) && take_digits(&token, 1, 2, &p->second);
}

static bool take_month(struct date_parts *p, struct gri_str token)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (int i = 0; i < 12 && token.len >= 3; i++)
        if (gri_str_is_nocase((struct gri_str){token.at, 3}, (struct gri_str){names + 3 * i, 3}))
            p->month = i + 1;
    return p->month > 0;
}

/* Each is taken once, and in this order of the questions. */
static void take_date_token(struct date_parts *p, struct gri_str token)
{
    struct gri_str s = token;
    if (!p->has_time && take_time(p, token))
        p->has_time = true;
    else if (!p->has_day && take_digits(&s, 1, 2, &p->day))
        p->has_day = true;
    else if (!p->has_month && take_month(p, token))
        p->has_month = true;
    else if (s = token, !p->has_year && take_digits(&s, 2, 4, &p->year))
        p->has_year = true;
}

static int whole_year(int year)
{
    return year >= 70 && year <= 99 ? year + 1900 : year < 70 ? year + 2000 : year;
}

bool gri_cookie_date(struct gri_str text, int64_t *seconds)
{
    struct date_parts p = {0};
    for (size_t at = 0, n; at < text.len; at += n + 1) {
        for (n = 0; at + n < text.len && !is_delimiter(text.at[at + n]);)
            n++;
        if (n)
            take_date_token(&p, (struct gri_str){text.at + at, n});
    }
    if (!p.has_time || !p.has_day || !p.has_month || !p.has_year || whole_year(p.year) < 1601 || p.hour > 23 ||
        p.minute > 59 || p.second > 59)
        return false;
    const gr_datetime when = {
        .date = {(int16_t)whole_year(p.year), (uint8_t)p.month, (uint8_t)p.day},
        .time = {.hour = (uint8_t)p.hour, .minute = (uint8_t)p.minute, .second = (uint8_t)p.second}};
    return gr_datetime_to_s(&when, seconds) == 0;
}
