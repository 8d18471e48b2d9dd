/* How long a loop is busy in one turn, whatever keeps it. */
#include <griddle/debug.h>

#include "unit/co_world.h"

enum { HELD_MS = 30, LEAST_MS = HELD_MS - 2 }; /* the loop's clock has whole milliseconds */

static void hold(void)
{
    uint64_t end = uv_hrtime() + (uint64_t)HELD_MS * 1000000;
    while (uv_hrtime() < end)
        usleep(1000);
}

static int64_t most_lag_ms(gr_co co)
{
    gr_stats stats = {.size = sizeof stats};
    ck_assert_int_eq(gr_stats_read(co, &stats), 0);
    ck_assert_int_ge(stats.most_lag_ms, stats.lag_ms);
    return stats.most_lag_ms;
}

static int hold_after(gr_co co, int (*await)(gr_co co))
{
    int rc = await(co);
    ck_assert_int_eq(rc, 0);
    hold();
    rc = gr_yield(co);
    rc = rc ? rc : gr_yield(co);
    ck_assert_int_ge(most_lag_ms(co), LEAST_MS);
    return rc;
}

static int yield_often(gr_co co)
{
    int rc = 0;
    for (int i = 0; i < 5 && rc == 0; i++)
        rc = gr_yield(co);
    return rc;
}

static int sleep_a_moment(gr_co co)
{
    return gr_sleep(co, 2);
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int come_back_from_a_thread(gr_co co)
{
    int rc = gr_yield(co);
    return rc ? rc : gr_offload(co, nothing, NULL);
}

static int hold_after_yields(gr_co co, void *arg)
{
    (void)arg;
    return hold_after(co, yield_often);
}

static int hold_after_sleep(gr_co co, void *arg)
{
    (void)arg;
    return hold_after(co, sleep_a_moment);
}

static int hold_after_thread(gr_co co, void *arg)
{
    (void)arg;
    return hold_after(co, come_back_from_a_thread);
}

START_TEST(a_loop_without_a_timer_that_is_due_shows_how_long_it_was_held)
{
    ck_assert_int_eq(gr_run(hold_after_yields, NULL), 0);
    ck_assert_int_eq(gr_run(hold_after_thread, NULL), 0);
}
END_TEST

START_TEST(so_does_one_that_a_timer_woke)
{
    ck_assert_int_eq(gr_run(hold_after_sleep, NULL), 0);
}
END_TEST

static void on_foreign(uv_async_t *async)
{
    hold();
    uv_close((uv_handle_t *)async, NULL);
}

static int have_another_hold(gr_co co, void *arg)
{
    static uv_async_t async;
    (void)arg;
    ck_assert_int_eq(uv_async_init(gr_loop(co), &async, on_foreign), 0);
    int rc = gr_sleep(co, 2);
    uv_async_send(&async);
    rc = rc ? rc : gr_sleep(co, HELD_MS * 2);
    ck_assert_int_ge(most_lag_ms(co), LEAST_MS);
    return rc;
}

START_TEST(a_callback_of_the_programs_own_counts_too)
{
    ck_assert_int_eq(gr_run(have_another_hold, NULL), 0);
}
END_TEST

static int sleep_for_long(gr_co co, void *arg)
{
    (void)arg;
    int rc = gr_sleep(co, 1000);
    ck_assert_int_lt(most_lag_ms(co), 1000);
    return rc;
}

START_TEST(a_loop_that_waits_is_not_busy)
{
    ck_assert_int_eq(gr_run(sleep_for_long, NULL), 0);
}
END_TEST

static int read_into_another_size(gr_co co, void *arg)
{
    gr_stats stats = {.size = sizeof stats - 1, .jobs = 42};
    (void)arg;
    int rc = gr_stats_read(co, &stats);
    ck_assert_uint_eq(stats.jobs, 42);
    return rc;
}

START_TEST(what_is_not_of_the_size_that_the_library_knows_is_left_alone)
{
    ck_assert_int_eq(gr_run(read_into_another_size, NULL), GR_EINVAL);
}
END_TEST

int main(void)
{
    const test_list tests = {a_loop_without_a_timer_that_is_due_shows_how_long_it_was_held,
                             so_does_one_that_a_timer_woke,
                             a_callback_of_the_programs_own_counts_too,
                             a_loop_that_waits_is_not_busy,
                             what_is_not_of_the_size_that_the_library_knows_is_left_alone,
                             NULL};
    return run_tests("lag", tests, 20);
}
