/* The test client itself: its clock, its window, its answers. */
#include "serve.h"

static gr_reply sleeps(gr_co co, gr_req *req)
{
    int64_t began = gr_now_ms(co);
    int rc = gr_sleep(co, atoi(gr_path_param(req, "ms")));
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%d", (int)(gr_now_ms(co) - began)));
}
GR_GET("/sleep/{ms:int}", sleeps);

static gr_reply blocks(gr_req *req)
{
    usleep(20000);
    return gr_text(req, "blocked");
}
GR_GET("/block", blocks);

static gr_reply waits_for_ever(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, INT64_MAX);
    return rc ? gr_failed(req, rc) : gr_text(req, "?");
}
GR_GET("/ever", waits_for_ever);

static gr_reply shows(gr_co co, gr_req *req)
{
    (void)co;
    const char *name, *value, *text = gr_method(req);
    for (size_t i = 0; gr_header_at(req, i, &name, &value); i++)
        text = gr_printf(req, "%s|%s=%s", text, name, value);
    return gr_text(req, gr_printf(req, "%s|%s", text, gr_body(req, NULL)));
}
GR_POST("/shows", shows);

static void serve(void)
{
    SERVE(&sleeps_route, &blocks_route, &waits_for_ever_route, &shows_route);
}

START_TEST(an_hour_of_sleep_takes_no_time)
{
    serve();
    expect_get("/sleep/3600000", 200, "3600000");
    ck_assert_int_eq((int)gr_test_now_ms(test), 3600000);
    end();
}
END_TEST

START_TEST(time_stands_still_by_itself)
{
    serve();
    int64_t now = gr_test_now_ms(test);
    expect_get("/block", 200, "blocked");
    ck_assert_int_eq((int)(gr_test_now_ms(test) - now), 0);
    end();
}
END_TEST

START_TEST(time_moves_as_far_as_it_is_told)
{
    serve();
    gr_test_advance(test, 12345);
    ck_assert_int_eq((int)gr_test_now_ms(test), 12345);
    gr_test_advance(test, 0);
    ck_assert_int_eq((int)gr_test_now_ms(test), 12345);
    end();
}
END_TEST

START_TEST(coroutines_are_counted)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    static const char raw[] = "GET /sleep/10 HTTP/1.1\r\nHost: a\r\n\r\n";
    gr_test_send(conn, raw, sizeof raw - 1);
    ck_assert_uint_eq(gr_test_coroutines(test), 1);
    gr_test_advance(test, 10);
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(a_window_lets_just_so_many_bytes_through)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    static const char raw[] = "GET /block HTTP/1.1\r\nHost: a\r\n\r\n";
    gr_test_set_window(conn, 7);
    gr_test_send(conn, raw, sizeof raw - 1);
    size_t len;
    ck_assert_str_eq(gr_test_received(conn, &len), "HTTP/1.");
    ck_assert_uint_eq(len, 7);
    gr_test_set_window(conn, 2);
    ck_assert_str_eq(gr_test_received(conn, NULL), "HTTP/1.1 ");
    ck_assert_ptr_null(gr_test_next_answer(conn, false));
    gr_test_set_window(conn, SIZE_MAX);
    gr_answer *answer = gr_test_next_answer(conn, false);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "blocked");
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(host_and_length_are_added)
{
    serve();
    gr_answer *answer = ask("POST", "/shows", NULL, "hi");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "POST|Host=testserver|Content-Length=2|hi");
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(host_and_length_are_not_added_where_given)
{
    serve();
    static const char *const headers[] = {"host", "h", "CONTENT-LENGTH", "2", "X", "y", NULL};
    gr_answer *answer = ask("POST", "/shows", headers, "hi");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "POST|host=h|CONTENT-LENGTH=2|X=y|hi");
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(json_is_posted_as_such)
{
    serve();
    gr_answer *answer = gr_test_post_json(test, "/shows", "{}");
    ck_assert_str_eq(gr_answer_body(answer, NULL),
                     "POST|Host=testserver|Content-Length=2|Content-Type=application/json|{}");
    ck_assert_ptr_null(gr_answer_json(answer));
    gr_answer_free(answer);
    answer = ask("GET", "/nowhere", NULL, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(gr_answer_json(answer), "detail")), "Not Found");
    gr_answer_free(answer);
    gr_answer_free(NULL);
    end();
}
END_TEST

START_TEST(a_request_that_is_not_answered_is_null)
{
    serve();
    ck_assert_ptr_null(gr_test_request(test, "GET", "/ever", NULL, NULL, 0));
    gr_test_destroy(test);
    gr_app_destroy(app);
}
END_TEST

START_TEST(destroying_it_ends_what_sleeps)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    static const char raw[] = "GET /ever HTTP/1.1\r\nHost: a\r\n\r\n";
    gr_test_send(conn, raw, sizeof raw - 1);
    gr_test_send_fin(conn);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(a_connection_may_be_destroyed_at_any_byte)
{
    serve();
    for (int i = 0; i < 100; i++) {
        gr_test_conn *conn = gr_test_connect(test);
        static const char raw[] = "GET /sleep/10 HTTP/1.1\r\nHost: a\r\n\r\n";
        gr_test_send(conn, raw, (size_t)i % sizeof raw);
        gr_test_conn_destroy(conn);
    }
    gr_test_conn_destroy(NULL);
    gr_test_destroy(NULL);
    end();
}
END_TEST

static gr_reply yields_for_ever(gr_co co, gr_req *req)
{
    int rc;
    while ((rc = gr_yield(co)) == 0)
        continue;
    return gr_failed(req, rc);
}
GR_GET("/yields", yields_for_ever);

START_TEST(a_coroutine_that_yields_for_ever_does_not_stop_the_clock)
{
    SERVE(&yields_for_ever_route, &sleeps_route);
    gr_test_conn *conn = gr_test_connect(test);
    static const char raw[] = "GET /yields HTTP/1.1\r\nHost: a\r\n\r\n";
    gr_test_send(conn, raw, sizeof raw - 1);
    expect_get("/sleep/5", 200, "5");
    gr_test_reset(conn);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

int main(void)
{
    test_list tests = {
        an_hour_of_sleep_takes_no_time,
        time_stands_still_by_itself,
        time_moves_as_far_as_it_is_told,
        coroutines_are_counted,
        a_window_lets_just_so_many_bytes_through,
        host_and_length_are_added,
        host_and_length_are_not_added_where_given,
        json_is_posted_as_such,
        a_request_that_is_not_answered_is_null,
        destroying_it_ends_what_sleeps,
        a_connection_may_be_destroyed_at_any_byte,
        a_coroutine_that_yields_for_ever_does_not_stop_the_clock,
        NULL,
    };
    return run_tests("test client", tests, 20);
}
