/* What gr_defer() promises: order, outcome, time, from either kind of function. */
#include <pthread.h>

#include "serve.h"

static char trace[400];
static pthread_t loop_thread;

static void note(const char *name, gr_outcome outcome)
{
    static const char *const outcomes[] = {"answered", "failed", "abandoned"};
    bool on_loop = pthread_equal(pthread_self(), loop_thread);
    sprintf(trace + strlen(trace), "%s-%s-%s ", name, outcomes[outcome], on_loop ? "loop" : "pool");
}

static void blocking_one(gr_req *req, void *arg, gr_outcome outcome)
{
    ck_assert_ptr_nonnull(gr_printf(req, "%s", gr_operation(req)));
    note(arg, outcome);
}

static void async_one(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    ck_assert_ptr_nonnull(gr_alloc(req, 10));
    int rc = gr_sleep(co, 10);
    ck_assert_int_eq(rc, 0);
    note(arg, outcome);
}

static void defer_three(gr_req *req)
{
    int rc = gr_defer(req, async_one, "a");
    ck_assert_int_eq(rc, 0);
    rc = gr_defer(req, blocking_one, "b");
    ck_assert_int_eq(rc, 0);
    rc = gr_defer(req, async_one, "c");
    ck_assert_int_eq(rc, 0);
}

static gr_reply defers(gr_co co, gr_req *req)
{
    (void)co;
    defer_three(req);
    return gr_text(req, "x");
}
GR_GET("/defers", defers);

static gr_reply defers_blocking(gr_req *req)
{
    defer_three(req);
    return gr_text(req, "x");
}
GR_GET("/defers_blocking", defers_blocking);

static gr_reply defers_and_fails(gr_co co, gr_req *req)
{
    (void)co;
    defer_three(req);
    return gr_error(req, 404, "x");
}
GR_GET("/fails", defers_and_fails);

static gr_reply defers_and_waits(gr_co co, gr_req *req)
{
    defer_three(req);
    int rc = gr_sleep(co, 1000);
    return rc ? gr_failed(req, rc) : gr_text(req, "x");
}
GR_GET("/waits", defers_and_waits);

static gr_reply defers_and_gives_up(gr_co co, gr_req *req)
{
    (void)co;
    defer_three(req);
    return gr_failed(req, GR_ECANCELED);
}
GR_GET("/gives_up", defers_and_gives_up);

static gr_reply defers_and_sends_much(gr_co co, gr_req *req)
{
    (void)co;
    defer_three(req);
    char *text = gr_alloc(req, 100001);
    memset(text, 'x', 100000);
    return gr_text(req, text);
}
GR_GET("/much", defers_and_sends_much);

static void serve(void)
{
    loop_thread = pthread_self();
    SERVE(&defers_route, &defers_blocking_route, &defers_and_fails_route, &defers_and_waits_route,
          &defers_and_gives_up_route, &defers_and_sends_much_route);
}

static void get(gr_test_conn *conn, const char *path)
{
    char raw[100];
    int n = snprintf(raw, sizeof raw, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path);
    gr_test_send(conn, raw, (size_t)n);
}

/* Teardowns that wait go on when the client has its answer already. */
static void finish(void)
{
    gr_test_advance(test, 100);
    end();
}

START_TEST(the_last_recorded_runs_first)
{
    serve();
    expect_get("/defers", 200, "x");
    gr_test_advance(test, 100);
    ck_assert_str_eq(trace, "c-answered-loop b-answered-pool a-answered-loop ");
    finish();
}
END_TEST

START_TEST(a_blocking_function_may_record_either_kind)
{
    serve();
    expect_get("/defers_blocking", 200, "x");
    gr_test_advance(test, 100);
    ck_assert_str_eq(trace, "c-answered-loop b-answered-pool a-answered-loop ");
    finish();
}
END_TEST

START_TEST(a_failure_is_told)
{
    serve();
    expect_get("/fails", 404, NULL);
    gr_test_advance(test, 100);
    ck_assert_str_eq(trace, "c-failed-loop b-failed-pool a-failed-loop ");
    finish();
}
END_TEST

static const char *const abandoned = "c-abandoned-loop b-abandoned-pool a-abandoned-loop ";

START_TEST(no_reply_is_told)
{
    serve();
    ck_assert_ptr_null(gr_test_get(test, "/gives_up"));
    gr_test_advance(test, 100);
    ck_assert_str_eq(trace, abandoned);
    finish();
}
END_TEST

START_TEST(a_client_that_left_is_told_and_teardowns_may_still_wait)
{
    serve();
    for (int reset = 0; reset < 2; reset++) {
        gr_test_conn *conn = gr_test_connect(test);
        get(conn, "/waits");
        trace[0] = '\0';
        if (reset)
            gr_test_reset(conn);
        else
            gr_test_send_fin(conn);
        ck_assert_str_eq(trace, "");
        gr_test_advance(test, 20);
        ck_assert_str_eq(trace, abandoned);
        gr_test_conn_destroy(conn);
    }
    finish();
}
END_TEST

START_TEST(teardowns_run_after_the_last_byte_was_sent)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_set_window(conn, 50000);
    get(conn, "/much");
    gr_test_advance(test, 1000);
    ck_assert_str_eq(trace, "");
    gr_test_set_window(conn, SIZE_MAX);
    gr_test_advance(test, 20);
    ck_assert_str_eq(trace, "c-answered-loop b-answered-pool a-answered-loop ");
    gr_test_conn_destroy(conn);
    finish();
}
END_TEST

START_TEST(even_a_little_reply_is_sent_before_its_teardowns)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_set_window(conn, 10);
    get(conn, "/defers");
    gr_test_advance(test, 1000);
    ck_assert_str_eq(trace, "");
    gr_test_set_window(conn, SIZE_MAX);
    gr_test_advance(test, 20);
    ck_assert_str_eq(trace, "c-answered-loop b-answered-pool a-answered-loop ");
    gr_test_conn_destroy(conn);
    finish();
}
END_TEST

START_TEST(a_client_that_leaves_in_the_middle_of_the_reply_is_told)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_set_window(conn, 50000);
    get(conn, "/much");
    gr_test_reset(conn);
    gr_test_advance(test, 100);
    ck_assert_str_eq(trace, abandoned);
    gr_test_conn_destroy(conn);
    finish();
}
END_TEST

START_TEST(the_next_request_does_not_wait_for_teardowns)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    get(conn, "/defers");
    get(conn, "/fails");
    ck_assert_str_eq(trace, "");
    gr_answer_free(gr_test_next_answer(conn, false));
    gr_answer *second = gr_test_next_answer(conn, false);
    ck_assert_int_eq(gr_answer_status(second), 404);
    gr_answer_free(second);
    gr_test_conn_destroy(conn);
    finish();
}
END_TEST

static int64_t began_ms, slept_ms;

static void sleeps_too_long(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg, (void)outcome;
    began_ms = gr_now_ms(co);
    int rc = gr_sleep(co, 3600000);
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    slept_ms = gr_now_ms(co) - began_ms;
}

static gr_reply defers_too_long(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, sleeps_too_long, NULL);
    return rc ? gr_failed(req, rc) : gr_text(req, "x");
}
GR_GET("/too_long", defers_too_long);

START_TEST(an_async_teardown_has_5_s)
{
    SERVE(&defers_too_long_route);
    expect_get("/too_long", 200, "x");
    gr_test_advance(test, 10000);
    ck_assert_int_eq((int)slept_ms, 5000);
    end();
}
END_TEST

static void frees(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)outcome;
    free(arg);
}

static gr_reply defers_many(gr_co co, gr_req *req)
{
    (void)co;
    for (int i = 0; i < 200; i++) {
        int rc = gr_defer(req, frees, malloc(100));
        ck_assert_int_eq(rc, 0);
    }
    return gr_text(req, "x");
}
GR_GET("/many", defers_many);

START_TEST(what_teardowns_own_is_freed)
{
    SERVE(&defers_many_route);
    expect_get("/many", 200, "x");
    end();
}
END_TEST

static void defers_more(gr_req *req, void *arg, gr_outcome outcome)
{
    note(arg, outcome);
    int rc = gr_defer(req, blocking_one, "later");
    ck_assert_int_eq(rc, 0);
}

static gr_reply defers_a_deferrer(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, blocking_one, "first");
    ck_assert_int_eq(rc, 0);
    rc = gr_defer(req, defers_more, "more");
    return rc ? gr_failed(req, rc) : gr_text(req, "x");
}
GR_GET("/more", defers_a_deferrer);

START_TEST(a_teardown_may_record_another)
{
    loop_thread = pthread_self();
    SERVE(&defers_a_deferrer_route);
    expect_get("/more", 200, "x");
    ck_assert_str_eq(trace, "more-answered-pool later-answered-pool first-answered-pool ");
    end();
}
END_TEST

static gr_reply middleware_defers(gr_co co, gr_req *req, gr_next *next)
{
    int rc = gr_defer(req, async_one, "m");
    return rc ? gr_failed(req, rc) : gr_call_next(co, req, next);
}

START_TEST(middleware_may_defer_for_what_is_not_found)
{
    loop_thread = pthread_self();
    begin();
    gr_app_add(app, &defers_route);
    gr_use(app, middleware_defers);
    go();
    expect_get("/nowhere", 404, NULL);
    gr_test_advance(test, 100);
    ck_assert_str_eq(trace, "m-failed-loop ");
    end();
}
END_TEST

int main(void)
{
    test_list tests = {
        the_last_recorded_runs_first,
        a_blocking_function_may_record_either_kind,
        a_failure_is_told,
        no_reply_is_told,
        a_client_that_left_is_told_and_teardowns_may_still_wait,
        teardowns_run_after_the_last_byte_was_sent,
        even_a_little_reply_is_sent_before_its_teardowns,
        a_client_that_leaves_in_the_middle_of_the_reply_is_told,
        the_next_request_does_not_wait_for_teardowns,
        an_async_teardown_has_5_s,
        what_teardowns_own_is_freed,
        a_teardown_may_record_another,
        middleware_may_defer_for_what_is_not_found,
        NULL,
    };
    return run_tests("teardowns", tests, 20);
}
