#include "schema/calendar.h"

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int gri_days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

bool gri_is_date(const gr_date *d)
{
    return d->year >= 1 && d->year <= 9999 && d->month >= 1 && d->month <= 12 && d->day >= 1 &&
           d->day <= gri_days_in(d->year, d->month);
}

bool gri_is_time(const gr_time *t)
{
    return t->hour < 24 && t->minute < 60 && t->second < 60 && t->microsecond >= 0 && t->microsecond < 1000000 &&
           t->offset_s > -86400 && t->offset_s < 86400;
}

/* Years are counted from March, in eras of 400, so that the day that comes and goes is a year's last. */
int64_t gri_days_of_date(const gr_date *date)
{
    int64_t year = date->year - (date->month <= 2), era = (year >= 0 ? year : year - 399) / 400;
    int64_t in_era = year - era * 400, month = date->month > 2 ? date->month - 3 : date->month + 9;
    int64_t in_year = (153 * month + 2) / 5 + date->day - 1;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

gr_date gri_date_of_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097, in_era = days - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100), month = (5 * in_year + 2) / 153;
    int64_t civil_month = month < 10 ? month + 3 : month - 9;
    return (gr_date){(int16_t)(year + era * 400 + (civil_month <= 2)), (uint8_t)civil_month,
                     (uint8_t)(in_year - (153 * month + 2) / 5 + 1)};
}

int64_t gri_us_of_time(const gr_time *t)
{
    return ((t->hour * INT64_C(60) + t->minute) * 60 + t->second) * GRI_SECOND_US + t->microsecond;
}

gr_time gri_time_of_us(int64_t us)
{
    int64_t s = us / GRI_SECOND_US;
    return (gr_time){.hour = (uint8_t)(s / 3600),
                     .minute = (uint8_t)(s / 60 % 60),
                     .second = (uint8_t)(s % 60),
                     .microsecond = (int32_t)(us % GRI_SECOND_US)};
}
