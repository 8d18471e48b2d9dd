/* Dates, datetimes and durations in numbers, against the C library where it has the same. */
#include <griddle/types.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "run.h"
#include "schema/formats.h"

static const int64_t first_day = -719162, last_day = 2932896;

static gr_datetime datetime(const char *text)
{
    gr_datetime d;
    const char *why;
    ck_assert_msg(gri_datetime_read(text, strlen(text), &d, &why), "%s: %s", text, why);
    return d;
}

static void want_datetime(const gr_datetime *d, const char *want)
{
    struct gri_buf buf;
    gri_buf_init(&buf, NULL);
    ck_assert(gri_datetime_write(&buf, d));
    gri_buf_putc(&buf, '\0');
    ck_assert_str_eq(buf.data, want);
    gri_buf_finish(&buf);
}

START_TEST(each_day_of_ten_thousand_years_is_counted)
{
    gr_date before = {0, 12, 31}, date;
    for (int64_t n = first_day; n <= last_day; n++) {
        int64_t back = 0;
        bool counted = gr_date_from_days(&date, n) == 0 && gr_date_compare(&before, &date) < 0 &&
                       gr_date_to_days(&date, &back) == 0 && back == n;
        if (!counted) /* an assertion a day would take minutes */
            ck_abort_msg("day %lld is %d-%d-%d, and that is %lld", (long long)n, date.year, date.month, date.day,
                         (long long)back);
        before = date;
    }
    ck_assert_int_eq(gr_date_from_days(&date, first_day - 1), GR_EINVAL);
    ck_assert_int_eq(gr_date_from_days(&date, last_day + 1), GR_EINVAL);
    ck_assert_int_eq(gr_date_from_days(&date, INT64_MIN), GR_EINVAL);
    ck_assert_int_eq(gr_date_compare(&date, &(gr_date){9999, 12, 31}), 0); /* as it was */
}
END_TEST

START_TEST(a_date_that_is_none_is_refused)
{
    static const gr_date none[] = {{0, 0, 0},    {2023, 2, 29}, {1900, 2, 29}, {2023, 13, 1}, {2023, 0, 1},
                                   {2023, 1, 0}, {2023, 4, 31}, {0, 1, 1},     {10000, 1, 1}, {-1, 1, 1}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        gr_date date = none[i];
        gr_datetime at = {.date = none[i]};
        struct gri_buf buf;
        struct tm tm;
        int64_t n = 77;
        gri_buf_init(&buf, NULL);
        ck_assert_int_eq(gr_date_to_days(&none[i], &n), GR_EINVAL);
        ck_assert_int_eq(gr_datetime_to_us(&at, &n), GR_EINVAL);
        ck_assert_int_eq(gr_datetime_to_tm(&at, &tm), GR_EINVAL);
        ck_assert_int_eq(gr_date_add(&date, 1), GR_EINVAL);
        ck_assert_int_eq(gr_datetime_add(&at, (gr_duration){0}), GR_EINVAL);
        ck_assert(!gri_date_write(&buf, &none[i]));
        ck_assert_int_eq(n, 77);
        gri_buf_finish(&buf);
    }
}
END_TEST

START_TEST(days_are_added_over_ends_of_months_and_years)
{
    gr_date date = {2024, 2, 28};
    ck_assert_int_eq(gr_date_add(&date, 1), 0);
    ck_assert_int_eq(gr_date_compare(&date, &(gr_date){2024, 2, 29}), 0);
    ck_assert_int_eq(gr_date_add(&date, 366), 0);
    ck_assert_int_eq(gr_date_compare(&date, &(gr_date){2025, 3, 1}), 0);
    ck_assert_int_eq(gr_date_add(&date, -60), 0);
    ck_assert_int_eq(gr_date_compare(&date, &(gr_date){2024, 12, 31}), 0);
    ck_assert_int_eq(gr_date_add(&date, INT64_MAX), GR_EINVAL);
    ck_assert_int_eq(gr_date_add(&date, INT64_MIN), GR_EINVAL);
    ck_assert_int_eq(gr_date_add(&date, 10000 * 366), GR_EINVAL);
    ck_assert_int_eq(gr_date_compare(&date, &(gr_date){2024, 12, 31}), 0);
}
END_TEST

START_TEST(moments_are_the_c_library_s)
{
    for (int64_t s = -62135596800; s <= 253402300799; s += 123456789) {
        time_t time = (time_t)s;
        struct tm want, got;
        gr_datetime d;
        int64_t back;
        ck_assert_ptr_nonnull(gmtime_r(&time, &want));
        ck_assert_int_eq(gr_datetime_from_s(&d, s), 0);
        ck_assert_int_eq(gr_datetime_to_tm(&d, &got), 0);
        ck_assert_int_eq(got.tm_year, want.tm_year);
        ck_assert_int_eq(got.tm_mon, want.tm_mon);
        ck_assert_int_eq(got.tm_mday, want.tm_mday);
        ck_assert_int_eq(got.tm_hour * 3600 + got.tm_min * 60 + got.tm_sec,
                         want.tm_hour * 3600 + want.tm_min * 60 + want.tm_sec);
        ck_assert_int_eq(got.tm_wday, want.tm_wday);
        ck_assert_int_eq(got.tm_yday, want.tm_yday);
        ck_assert_int_eq(gr_datetime_to_s(&d, &back), 0);
        ck_assert_int_eq(back, s);
    }
}
END_TEST

START_TEST(microseconds_before_1970_are_rounded_down_to_seconds)
{
    gr_datetime d;
    int64_t n;
    ck_assert_int_eq(gr_datetime_from_us(&d, -1), 0);
    want_datetime(&d, "1969-12-31T23:59:59.999999Z");
    ck_assert_int_eq(gr_datetime_to_s(&d, &n), 0);
    ck_assert_int_eq(n, -1);
    ck_assert_int_eq(gr_datetime_to_us(&d, &n), 0);
    ck_assert_int_eq(n, -1);
    ck_assert_int_eq(gr_datetime_from_us(&d, INT64_MAX), GR_EINVAL);
    ck_assert_int_eq(gr_datetime_from_us(&d, INT64_MIN), GR_EINVAL);
    ck_assert_int_eq(gr_datetime_from_s(&d, INT64_MAX), GR_EINVAL);
    ck_assert_int_eq(gr_datetime_from_s(&d, INT64_MIN), GR_EINVAL);
    want_datetime(&d, "1969-12-31T23:59:59.999999Z");
}
END_TEST

START_TEST(an_offset_tells_the_moment_and_can_be_another)
{
    gr_datetime d = datetime("2020-01-01T00:30:00+02:00"), naive = datetime("2020-01-01T00:30:00");
    int64_t n;
    ck_assert_int_eq(gr_datetime_to_s(&d, &n), 0);
    ck_assert_int_eq(n, 1577831400);
    ck_assert_int_eq(gr_datetime_move(&d, 0), 0);
    want_datetime(&d, "2019-12-31T22:30:00Z");
    ck_assert_int_eq(gr_datetime_move(&d, -5 * 3600 - 1800), 0);
    want_datetime(&d, "2019-12-31T17:00:00-05:30");
    ck_assert_int_eq(gr_datetime_move(&d, 86400), GR_EINVAL);
    want_datetime(&d, "2019-12-31T17:00:00-05:30");
    ck_assert_int_eq(gr_datetime_move(&naive, 3600), 0);
    want_datetime(&naive, "2020-01-01T01:30:00+01:00");
    gr_datetime first = datetime("0001-01-01T00:00:00Z");
    ck_assert_int_eq(gr_datetime_move(&first, -1), GR_EINVAL);
    want_datetime(&first, "0001-01-01T00:00:00Z");
}
END_TEST

START_TEST(durations_are_added_and_found_between_moments)
{
    gr_datetime from = datetime("2020-02-28T23:59:59.5+01:00"), to = from, naive = datetime("2020-02-28T00:00:00");
    gr_duration d = {77};
    ck_assert_int_eq(gr_datetime_add(&to, (gr_duration){86400500000}), 0);
    want_datetime(&to, "2020-03-01T00:00:00+01:00");
    ck_assert_int_eq(gr_datetime_move(&to, 0), 0);
    ck_assert_int_eq(gr_datetime_between(&from, &to, &d), 0);
    ck_assert_int_eq(d.us, 86400500000);
    ck_assert_int_eq(gr_datetime_between(&to, &from, &d), 0);
    ck_assert_int_eq(d.us, -86400500000);
    ck_assert_int_eq(gr_datetime_between(&naive, &to, &d), GR_EINVAL);
    ck_assert_int_eq(d.us, -86400500000);
    ck_assert_int_eq(gr_datetime_add(&naive, (gr_duration){-1}), 0);
    want_datetime(&naive, "2020-02-27T23:59:59.999999");
    ck_assert_int_eq(gr_datetime_add(&naive, (gr_duration){INT64_MAX}), GR_EINVAL);
    ck_assert_int_eq(gr_datetime_add(&naive, (gr_duration){INT64_MIN}), GR_EINVAL);
    want_datetime(&naive, "2020-02-27T23:59:59.999999");
}
END_TEST

START_TEST(moments_are_compared_whatever_their_clocks_show)
{
    gr_datetime a = datetime("2020-01-01T10:00:00+02:00"), b = datetime("2020-01-01T09:00:00Z");
    gr_datetime c = datetime("2020-01-01T08:00:00"), none = {.date = {0}};
    ck_assert_int_lt(gr_datetime_compare(&a, &b), 0);
    ck_assert_int_gt(gr_datetime_compare(&b, &a), 0);
    ck_assert_int_eq(gr_datetime_compare(&a, &c), 0);
    ck_assert_int_lt(gr_datetime_compare(&none, &a), 0);
    ck_assert_int_gt(gr_datetime_compare(&a, &none), 0);
    ck_assert_int_eq(gr_datetime_compare(&none, &none), 0);
}
END_TEST

START_TEST(a_tm_becomes_a_datetime_that_names_no_offset)
{
    gr_datetime d = datetime("2024-02-29T12:30:45.25-03:00");
    struct tm tm;
    ck_assert_int_eq(gr_datetime_to_tm(&d, &tm), 0);
    ck_assert_int_eq(tm.tm_isdst, -1);
    ck_assert_int_eq(gr_datetime_from_tm(&d, &tm), 0);
    want_datetime(&d, "2024-02-29T12:30:45");
    int *const parts[] = {&tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec};
    static const int wrong[][2] = {{-1900, 8100}, {-1, 12}, {0, 30}, {-1, 24}, {-1, 60}, {-1, 60}};
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 2; j++) {
            int right = *parts[i];
            *parts[i] = wrong[i][j];
            ck_assert_int_eq(gr_datetime_from_tm(&d, &tm), GR_EINVAL);
            *parts[i] = right;
        }
    want_datetime(&d, "2024-02-29T12:30:45");
}
END_TEST

START_TEST(durations_are_seconds_to_the_microsecond)
{
    gr_duration d = {77};
    ck_assert(gr_duration_to_s((gr_duration){-1500000}) == -1.5);
    ck_assert_int_eq(gr_duration_from_s(&d, NAN), GR_EINVAL);
    ck_assert_int_eq(gr_duration_from_s(&d, INFINITY), GR_EINVAL);
    ck_assert_int_eq(gr_duration_from_s(&d, 9.3e12), GR_EINVAL);
    ck_assert_int_eq(gr_duration_from_s(&d, -9.3e12), GR_EINVAL);
    ck_assert_int_eq(d.us, 77);
    ck_assert_int_eq(gr_duration_from_s(&d, 0.1), 0);
    ck_assert_int_eq(d.us, 100000);
    ck_assert_int_eq(gr_duration_from_s(&d, -2.0000004), 0);
    ck_assert_int_eq(d.us, -2000000);
}
END_TEST

int main(void)
{
    return run_tests(
        "calendar",
        (test_list){each_day_of_ten_thousand_years_is_counted, a_date_that_is_none_is_refused,
                    days_are_added_over_ends_of_months_and_years, moments_are_the_c_library_s,
                    microseconds_before_1970_are_rounded_down_to_seconds, an_offset_tells_the_moment_and_can_be_another,
                    durations_are_added_and_found_between_moments, moments_are_compared_whatever_their_clocks_show,
                    a_tm_becomes_a_datetime_that_names_no_offset, durations_are_seconds_to_the_microsecond, NULL},
        30);
}
