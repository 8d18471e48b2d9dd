/* No call of the test client goes on for ever, whatever the application does. */
#include <griddle.h>

#include "app_test.h"
#include "unit/co_world.h"

/* --- an application that never comes to its end --- */

static gr_event never;

static int tick(gr_co co, void *arg)
{
    (void)co, (void)arg;
    return 0;
}

static int tick_for_ever(gr_co co, void *arg)
{
    return gr_every(co, 1, tick, arg);
}

static int yield_for_ever(gr_co co, void *arg)
{
    int rc;
    (void)arg;
    while ((rc = gr_yield(co)) == 0)
        continue;
    return rc;
}

static gr_reply wait_in_vain(gr_co co, gr_req *req)
{
    int rc = gr_event_wait(co, &never);
    return gr_failed(req, rc);
}
GR_GET("/in-vain", wait_in_vain, .deadline_ms = -1);

static gr_reply doze(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 3600 * 1000);
    return rc ? gr_failed(req, rc) : gr_text(req, "awake");
}
GR_GET("/doze", doze, .deadline_ms = -1);

/* For more ticks than a call waits for by default. */
static gr_reply nap(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 1050 * 1000);
    return rc ? gr_failed(req, rc) : gr_text(req, "awake");
}
GR_GET("/nap", nap, .deadline_ms = -1);

static int spout(gr_co co, gr_writer *writer, void *arg)
{
    int rc;
    (void)arg;
    while ((rc = gr_write(co, writer, "more", 4)) == 0 && (rc = gr_sleep(co, 1)) == 0)
        continue;
    return rc;
}

static gr_reply stream_for_ever(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", spout, NULL);
}
GR_GET("/for-ever", stream_for_ever);

/* More awaits that end at once than a settled loop takes. */
static gr_reply busy(gr_co co, gr_req *req)
{
    gr_event set = {.is_set = true};
    int rc = 0;
    for (int i = 0; i < 300000 && rc == 0; i++)
        rc = gr_event_wait(co, &set);
    return rc ? gr_failed(req, rc) : gr_text(req, "done");
}
GR_GET("/busy", busy);

static gr_reply block(gr_req *req)
{
    for (;;)
        usleep(1000);
    return gr_empty(req, 204);
}
GR_GET("/block", block);

static int words(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    int rc = gr_write(co, writer, "one ", 4);
    rc = rc ? rc : gr_sleep(co, 1000);
    return rc ? rc : gr_write(co, writer, "two", 3);
}

static gr_reply say_words(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", words, NULL);
}
GR_GET("/words", say_words);

static int fail_midway(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    int rc = gr_write(co, writer, "half", 4);
    return rc ? rc : GR_EIO;
}

static gr_reply say_half(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", fail_midway, NULL);
}
GR_GET("/half", say_half);

static gr_test *begin(gr_app **app, gr_task_fn *task)
{
    *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(*app, &wait_in_vain_route, &doze_route, &nap_route, &stream_for_ever_route, &busy_route,
                                &block_route, &say_words_route, &say_half_route),
                     0);
    if (task)
        ck_assert_int_eq(gr_app_add_task(*app, "ticker", task, NULL), 0);
    never = (gr_event){0};
    return serve(*app);
}

/* With whatever still runs. */
static void finish(gr_test *test, gr_app *app)
{
    gr_test_destroy(test);
    gr_app_destroy(app);
}

/* --- simple calls --- */

START_TEST(an_answer_that_never_comes_is_none_after_a_million_timers)
{
    gr_app *app;
    gr_test *test = begin(&app, tick_for_ever);
    ck_assert_ptr_null(gr_test_get(test, "/in-vain"));
    ck_assert_int_le(gr_test_now_ms(test), 1000000);
    finish(test, app);
}
END_TEST

START_TEST(an_answer_that_never_comes_is_none_after_a_day)
{
    gr_app *app;
    gr_test *test = begin(&app, NULL);
    ck_assert_ptr_null(gr_test_get(test, "/in-vain"));
    finish(test, app);
    test = begin(&app, tick_for_ever);
    ck_assert_int_eq(gr_test_set_patience(test, &(gr_test_patience){sizeof(gr_test_patience), .virtual_ms = 50}), 0);
    ck_assert_ptr_null(gr_test_get(test, "/in-vain"));
    ck_assert_int_eq(gr_test_now_ms(test), 50);
    finish(test, app);
}
END_TEST

START_TEST(patience_can_be_had_for_more_timers)
{
    gr_app *app;
    gr_test *test = begin(&app, tick_for_ever);
    ck_assert_int_eq(gr_test_set_patience(test, &(gr_test_patience){sizeof(gr_test_patience), .timers = 1100000}), 0);
    check_get(test, "/nap", 200, "awake");
    ck_assert_int_eq(gr_test_set_patience(test, NULL), 0);
    ck_assert_ptr_null(gr_test_get(test, "/nap"));
    ck_assert_int_eq(gr_test_set_patience(test, &(gr_test_patience){.timers = 1}), GR_EINVAL);
    finish(test, app);
}
END_TEST

START_TEST(one_that_yields_for_ever_neither_stops_time_nor_keeps_a_call)
{
    gr_app *app;
    gr_test *test = begin(&app, yield_for_ever);
    ck_assert_int_eq(gr_test_set_patience(test, &(gr_test_patience){sizeof(gr_test_patience), .timers = 1000}), 0);
    check_get(test, "/doze", 200, "awake");
    ck_assert_ptr_null(gr_test_get(test, "/in-vain"));
    gr_test_advance(test, 1000);
    finish(test, app);
}
END_TEST

START_TEST(an_unending_stream_is_no_answer)
{
    gr_app *app;
    gr_test *test = begin(&app, NULL);
    ck_assert_int_eq(gr_test_set_patience(test, &(gr_test_patience){sizeof(gr_test_patience), .timers = 20000}), 0);
    ck_assert_ptr_null(gr_test_get(test, "/for-ever"));
    finish(test, app);
}
END_TEST

START_TEST(many_awaits_in_a_row_are_waited_for)
{
    gr_app *app;
    gr_test *test = begin(&app, NULL);
    check_get(test, "/busy", 200, "done");
    finish(test, app);
}
END_TEST

static void get_in_vain(void *arg)
{
    gr_app *app;
    gr_test *test = begin(&app, arg ? tick_for_ever : NULL);
    gr_test_patience patience = {sizeof patience, .timers = 1000};
    if (gr_test_set_patience(test, &patience) == 0)
        gr_answer_free(gr_test_get(test, "/in-vain"));
}

START_TEST(it_says_why_and_what_everything_waits_for)
{
    struct death death = run_apart(get_in_vain, NULL);
    ck_assert_msg(strstr(death.stderr_, "GET /in-vain was not answered: nothing is left that could happen") &&
                      strstr(death.stderr_, "wait_in_vain"),
                  "got: %s", death.stderr_);
    death = run_apart(get_in_vain, death.stderr_);
    ck_assert_msg(strstr(death.stderr_, "GET /in-vain was not answered: gr_test_patience.timers") &&
                      strstr(death.stderr_, "event"),
                  "got: %s", death.stderr_);
}
END_TEST

/* --- calls that cannot fail --- */

START_TEST(time_stands_still_for_less_than_nothing)
{
    gr_app *app;
    gr_test *test = begin(&app, NULL);
    gr_test_advance(test, 1000);
    gr_test_advance(test, -500);
    gr_test_advance(test, INT64_MIN);
    ck_assert_int_eq(gr_test_now_ms(test), 1000);
    finish(test, app);
}
END_TEST

START_TEST(even_the_end_of_time_is_survived)
{
    gr_app *app;
    gr_test *test = begin(&app, NULL);
    gr_test_advance(test, INT64_MAX);
    gr_test_advance(test, INT64_MAX);
    check_get(test, "/busy", 200, "done");
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/in-vain"));
    gr_test_conn_destroy(conn);
    finish(test, app);
}
END_TEST

static void advance_for_ever(void *arg)
{
    gr_app *app;
    gr_test *test = begin(&app, tick_for_ever);
    gr_test_patience patience = {sizeof patience, .timers = 1000};
    (void)arg;
    if (gr_test_set_patience(test, &patience) == 0)
        gr_test_advance(test, INT64_MAX);
}

static void block_for_ever(void *arg)
{
    gr_app *app;
    gr_test *test = begin(&app, NULL);
    gr_test_patience patience = {sizeof patience, .real_ms = 50};
    if (gr_test_set_patience(test, &patience) == 0)
        gr_answer_free(gr_test_get(test, "/block"));
    (void)arg;
}

static int never_ends(gr_co co, void *arg)
{
    int ignored = 0;
    (void)arg;
    while (ignored <= 0)
        ignored = gr_event_wait(co, &never);
    return ignored;
}

static void destroy_in_vain(void *arg)
{
    gr_app *app;
    gr_test_destroy(begin(&app, never_ends));
    (void)arg;
}

START_TEST(what_cannot_go_on_says_so_and_aborts)
{
    assert_aborts_saying(run_apart(advance_for_ever, NULL), "gr_test_advance(): gr_test_patience.timers have fired");
    assert_aborts_saying(run_apart(block_for_ever, NULL), "has not come back in gr_test_patience.real_ms");
    struct death death = run_apart(destroy_in_vain, NULL);
    assert_aborts_saying(death, "gr_test_destroy(): a coroutine does not come to its end");
    ck_assert_ptr_nonnull(strstr(death.stderr_, "ticker"));
}
END_TEST

/* --- an answer up to the end of the connection --- */

START_TEST(a_stream_to_http_1_0_is_complete_at_its_end)
{
    gr_app *app;
    gr_test *test = begin(&app, NULL);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, "GET /words HTTP/1.0\r\nHost: a\r\n\r\n");
    ck_assert_ptr_null(gr_test_next_answer(conn, false));
    gr_test_advance(test, 1000);
    ck_assert(gr_test_closed(conn));
    gr_answer *answer = gr_test_next_answer(conn, false);
    check_answer(answer, 200, "one two");
    gr_answer_free(answer);
    ck_assert_ptr_null(gr_test_next_answer(conn, false));
    gr_test_conn_destroy(conn);
    finish(test, app);
}
END_TEST

START_TEST(an_answer_that_was_cut_is_none)
{
    gr_app *app;
    gr_test *test = begin(&app, NULL);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, "GET /half HTTP/1.0\r\nHost: a\r\n\r\n");
    ck_assert(gr_test_closed(conn));
    ck_assert_ptr_null(gr_test_next_answer(conn, false));
    gr_test_conn_destroy(conn);
    conn = gr_test_connect(test);
    SEND(conn, GET("/words"));
    gr_test_reset(conn);
    ck_assert(gr_test_closed(conn));
    ck_assert_ptr_null(gr_test_next_answer(conn, false));
    gr_test_conn_destroy(conn);
    finish(test, app);
}
END_TEST

int main(void)
{
    const test_list tests = {an_answer_that_never_comes_is_none_after_a_million_timers,
                             an_answer_that_never_comes_is_none_after_a_day,
                             patience_can_be_had_for_more_timers,
                             one_that_yields_for_ever_neither_stops_time_nor_keeps_a_call,
                             an_unending_stream_is_no_answer,
                             many_awaits_in_a_row_are_waited_for,
                             it_says_why_and_what_everything_waits_for,
                             time_stands_still_for_less_than_nothing,
                             even_the_end_of_time_is_survived,
                             what_cannot_go_on_says_so_and_aborts,
                             a_stream_to_http_1_0_is_complete_at_its_end,
                             an_answer_that_was_cut_is_none,
                             NULL};
    return run_tests("app patience", tests, 60);
}
