/* What docs/lifetimes.md says of a handler that awaits, by event; a teardown tells how each request ended. */
#include <griddle.h>
#include <griddle/testing.h>
#include <string.h>

#include "run.h"

static struct seen {
    int calls, rc, teardowns;
    gr_outcome outcome;
    int64_t ended_ms;
} seen;

static gr_app *app;
static gr_test *test;

static void on_teardown(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req;
    struct seen *told = arg;
    ck_assert_int_eq(gr_sleep(co, 1), 0); /* shielded from what cancelled the handler */
    told->teardowns++;
    told->outcome = outcome;
}

static gr_reply wait_a_second(gr_co co, gr_req *req)
{
    seen.calls++;
    ck_assert_int_eq(gr_defer(req, on_teardown, &seen), 0);
    seen.rc = gr_sleep(co, 1000);
    seen.ended_ms = gr_now_ms(co);
    return seen.rc ? gr_failed(req, seen.rc) : gr_text(req, "done");
}
GR_GET("/wait", wait_a_second);
GR_ROUTE_AS(finish, "GET", "/finish", wait_a_second, .finish_if_abandoned = true);
GR_ROUTE_AS(late, "GET", "/late", wait_a_second, .deadline_ms = 100);
GR_ROUTE_AS(finish_late, "GET", "/finish-late", wait_a_second, .finish_if_abandoned = true, .deadline_ms = 100);
GR_ROUTE_AS(unhurried, "GET", "/unhurried", wait_a_second, .deadline_ms = -1);

static gr_reply ignore(gr_co co, gr_req *req)
{
    ck_assert_int_eq(gr_defer(req, on_teardown, &seen), 0);
    for (int i = 0; i < 3; i++)
        seen.rc = gr_sleep(co, 1000);
    return gr_text(req, "made anyway");
}
GR_GET("/ignore", ignore);

static void begin(int64_t handler_ms)
{
    gr_limits limits;
    gr_limits_init(&limits);
    limits.handler_ms = handler_ms;
    limits.zombies = 2;
    app = gr_app_create("States", "1");
    gr_app_set_limits(app, &limits);
    gr_app_add(app, &wait_a_second_route, &finish_route, &late_route, &finish_late_route, &unhurried_route,
               &ignore_route);
    test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    seen = (struct seen){0};
}

static void end(void)
{
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
    gr_test_destroy(test);
    gr_app_destroy(app);
}

static gr_test_conn *ask(const char *target)
{
    char request[128];
    gr_test_conn *conn = gr_test_connect(test);
    int n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target);
    gr_test_send(conn, request, (size_t)n);
    return conn;
}

static void expect_status(gr_test_conn *conn, int wanted)
{
    gr_answer *answer = gr_test_next_answer(conn, false);
    ck_assert_int_eq(answer ? gr_answer_status(answer) : 0, wanted);
    gr_answer_free(answer);
}

static void expect_ended(int rc, gr_outcome outcome)
{
    ck_assert_int_eq(seen.rc, rc);
    ck_assert_int_eq(seen.teardowns, 1);
    ck_assert_int_eq(seen.outcome, outcome);
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
}

START_TEST(left_alone_it_answers)
{
    begin(0);
    gr_test_conn *conn = ask("/wait");
    gr_test_advance(test, 1001);
    expect_status(conn, 200);
    expect_ended(0, GR_ANSWERED);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(a_fin_cancels_it)
{
    begin(0);
    gr_test_conn *conn = ask("/wait");
    gr_test_send_fin(conn);
    gr_test_advance(test, 1);
    ck_assert(gr_test_closed(conn));
    expect_status(conn, 0);
    expect_ended(GR_ECANCELED, GR_ABANDONED);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(a_reset_cancels_it)
{
    begin(0);
    gr_test_conn *conn = ask("/wait");
    gr_test_reset(conn);
    gr_test_advance(test, 1);
    expect_ended(GR_ECANCELED, GR_ABANDONED);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(after_a_fin_a_reply_made_anyway_is_sent)
{
    begin(0);
    gr_test_conn *conn = ask("/ignore");
    gr_test_send_fin(conn);
    gr_test_advance(test, 1);
    expect_status(conn, 200);
    expect_ended(GR_ECANCELED, GR_ANSWERED);
    ck_assert(gr_test_closed(conn));
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(after_a_reset_a_reply_made_anyway_is_dropped)
{
    begin(0);
    gr_test_conn *conn = ask("/ignore");
    gr_test_reset(conn);
    gr_test_advance(test, 1);
    expect_status(conn, 0);
    expect_ended(GR_ECANCELED, GR_ABANDONED);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(one_that_finishes_survives_a_fin_and_answers)
{
    begin(0);
    gr_test_conn *conn = ask("/finish");
    gr_test_send_fin(conn);
    gr_test_advance(test, 1001);
    expect_status(conn, 200);
    expect_ended(0, GR_ANSWERED);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(one_that_finishes_survives_a_reset)
{
    begin(0);
    gr_test_conn *conn = ask("/finish");
    gr_test_reset(conn);
    gr_test_advance(test, 1001);
    expect_ended(0, GR_ABANDONED);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(at_its_deadline_the_client_gets_504_and_the_handler_is_cancelled)
{
    begin(0);
    gr_test_conn *conn = ask("/late");
    gr_test_advance(test, 99);
    expect_status(conn, 0);
    gr_test_advance(test, 2);
    expect_status(conn, 504);
    ck_assert_int_le(seen.ended_ms, 101);
    gr_test_advance(test, 1);
    expect_ended(GR_ECANCELED, GR_ABANDONED);
    ck_assert(!gr_test_closed(conn));
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(after_a_504_the_connection_serves_on)
{
    begin(0);
    gr_test_conn *conn = ask("/late");
    gr_test_advance(test, 101);
    expect_status(conn, 504);
    gr_test_send(conn, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n", 31);
    gr_test_advance(test, 1001);
    expect_status(conn, 200);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(one_that_finishes_has_its_deadline_all_the_same)
{
    begin(0);
    gr_test_conn *conn = ask("/finish-late");
    gr_test_reset(conn);
    gr_test_advance(test, 102);
    expect_ended(GR_ECANCELED, GR_ABANDONED);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(the_applications_deadline_holds_where_the_operation_has_none)
{
    begin(50);
    gr_test_conn *conn = ask("/wait");
    gr_test_advance(test, 52);
    expect_status(conn, 504);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(an_operation_can_do_without_the_applications_deadline)
{
    begin(50);
    gr_test_conn *conn = ask("/unhurried");
    gr_test_advance(test, 1001);
    expect_status(conn, 200);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(too_many_that_run_on_without_a_client_are_503_for_the_next)
{
    begin(0);
    for (int i = 0; i < 2; i++)
        gr_test_conn_destroy(ask("/finish")); /* a reset, which they survive */
    gr_test_conn *conn = ask("/wait");
    expect_status(conn, 503);
    ck_assert(gr_test_closed(conn));
    gr_test_conn_destroy(conn);
    gr_test_advance(test, 1001);
    conn = ask("/wait");
    gr_test_advance(test, 1001);
    expect_status(conn, 200);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

int main(void)
{
    const test_list tests = {left_alone_it_answers,
                             a_fin_cancels_it,
                             a_reset_cancels_it,
                             after_a_fin_a_reply_made_anyway_is_sent,
                             after_a_reset_a_reply_made_anyway_is_dropped,
                             one_that_finishes_survives_a_fin_and_answers,
                             one_that_finishes_survives_a_reset,
                             at_its_deadline_the_client_gets_504_and_the_handler_is_cancelled,
                             after_a_504_the_connection_serves_on,
                             one_that_finishes_has_its_deadline_all_the_same,
                             the_applications_deadline_holds_where_the_operation_has_none,
                             an_operation_can_do_without_the_applications_deadline,
                             too_many_that_run_on_without_a_client_are_503_for_the_next,
                             NULL};
    return run_tests("states", tests, 30);
}
