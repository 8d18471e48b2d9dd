#include <griddle/background.h>
#include <griddle/thread.h>

#include "app_test.h"

static gr_reply doze(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, atoi(gr_query(req, "ms")));
    return rc ? gr_failed(req, rc) : gr_text(req, "awake");
}
GR_GET("/doze", doze, .deadline_ms = -1);

static gr_reply big(gr_co co, gr_req *req)
{
    (void)co;
    char *text = gr_alloc(req, 100001);
    return text ? gr_text(req, memset(text, 'x', 100000)) : gr_failed(req, GR_ENOMEM);
}
GR_GET("/big", big);

static gr_reply echo(gr_req *req)
{
    size_t len;
    const char *body = gr_body(req, &len), *type = gr_header(req, "Content-Type");
    return gr_content(req, type ? type : "x/none", body, len);
}
GR_POST("/echo", echo);

static int64_t blocked_at_ms, ended_at_ms;

static int block(void *arg)
{
    (void)arg;
    usleep(20000);
    return 0;
}

static gr_reply doze_block_doze(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 10);
    rc = rc ? rc : gr_offload(co, block, NULL);
    blocked_at_ms = gr_now_ms(co);
    rc = rc ? rc : gr_sleep(co, 10);
    ended_at_ms = gr_now_ms(co);
    return rc ? gr_failed(req, rc) : gr_text(req, "awake");
}
GR_GET("/doze-block-doze", doze_block_doze);

static gr_test *begin(gr_app **app)
{
    *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(*app, &doze_route, &doze_block_doze_route, &big_route, &echo_route), 0);
    return serve(*app);
}

START_TEST(time_stops_on_its_way_for_a_blocking_function)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/doze-block-doze"));
    int64_t begin_ms = gr_test_now_ms(test);
    gr_test_advance(test, 100);
    ck_assert_int_eq(blocked_at_ms - begin_ms, 10);
    ck_assert_int_eq(ended_at_ms - begin_ms, 20);
    ck_assert_int_eq(gr_test_now_ms(test) - begin_ms, 100);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(a_simple_call_lets_time_jump)
{
    gr_app *app;
    gr_test *test = begin(&app);
    int64_t begin_ms = gr_test_now_ms(test);
    check_get(test, "/doze?ms=3600000", 200, "awake");
    ck_assert_int_eq(gr_test_now_ms(test) - begin_ms, 3600000);
    end(test, app);
}
END_TEST

START_TEST(time_stands_still_on_a_connection)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/doze?ms=1000"));
    gr_test_advance(test, 999);
    ck_assert_ptr_null(gr_test_next_answer(conn, false));
    ck_assert_uint_eq(gr_test_coroutines(test), 1);
    gr_test_advance(test, 1);
    gr_answer *answer = gr_test_next_answer(conn, false);
    check_answer(answer, 200, "awake");
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(the_window_holds_bytes_back)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_conn *conn = gr_test_connect(test);
    size_t len;
    gr_test_set_window(conn, 10);
    SEND(conn, GET("/big"));
    ck_assert_str_eq(gr_test_received(conn, &len), "HTTP/1.1 2");
    gr_test_set_window(conn, 6);
    ck_assert_str_eq(gr_test_received(conn, &len), "HTTP/1.1 200 OK\r");
    gr_test_set_window(conn, SIZE_MAX);
    gr_answer *answer = gr_test_next_answer(conn, false);
    check_answer(answer, 200, NULL);
    gr_answer_body(answer, &len);
    ck_assert_uint_eq(len, 100000);
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(answers_are_taken_one_by_one)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, "HEAD /big HTTP/1.1\r\nHost: h\r\n\r\n" GET("/nothing") GET("/big"));
    static const int statuses[] = {200, 404, 200};
    for (int i = 0; i < 3; i++) {
        gr_answer *answer = gr_test_next_answer(conn, i == 0);
        check_answer(answer, statuses[i], NULL);
        gr_answer_free(answer);
    }
    ck_assert_ptr_null(gr_test_next_answer(conn, false));
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(a_request_may_come_byte_by_byte)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_conn *conn = gr_test_connect(test);
    for (const char *p = GET("/big"); *p; p++) {
        ck_assert_ptr_null(gr_test_next_answer(conn, false));
        gr_test_send(conn, p, 1);
    }
    gr_answer *answer = gr_test_next_answer(conn, false);
    check_answer(answer, 200, NULL);
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(a_half_closed_connection_is_answered_and_closed)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/big"));
    ck_assert(!gr_test_closed(conn));
    gr_test_send_fin(conn);
    gr_answer *answer = gr_test_next_answer(conn, false);
    check_answer(answer, 200, NULL);
    gr_answer_free(answer);
    ck_assert(gr_test_closed(conn));
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(a_reset_cancels_the_handler)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/doze?ms=1000"));
    ck_assert_uint_eq(gr_test_coroutines(test), 1);
    gr_test_reset(conn);
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
    ck_assert(gr_test_closed(conn));
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(what_is_no_http_is_400_and_closed)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, "no http at all\r\n\r\n");
    gr_answer *answer = gr_test_next_answer(conn, false);
    check_answer(answer, 400, NULL);
    gr_answer_free(answer);
    gr_test_send_fin(conn);
    ck_assert(gr_test_closed(conn));
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(post_json_sends_its_type_and_length)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_answer *answer = gr_test_post_json(test, "/echo", "{\"a\":[1]}");
    check_answer(answer, 200, "{\"a\":[1]}");
    ck_assert_str_eq(gr_answer_header(answer, "content-TYPE"), "application/json");
    ck_assert_int_eq(json_integer_value(json_array_get(json_object_get(gr_answer_json(answer), "a"), 0)), 1);
    ck_assert_ptr_null(gr_answer_header(answer, "X-None"));
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(a_body_that_is_no_json_has_no_value)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_answer *answer = gr_test_request(test, "POST", "/echo", NULL, "{", 1);
    check_answer(answer, 200, "{");
    ck_assert_ptr_null(gr_answer_json(answer));
    gr_answer_free(answer);
    gr_answer_free(NULL);
    end(test, app);
}
END_TEST

START_TEST(headers_of_the_test_replace_those_that_are_added)
{
    static const char *const headers[] = {"host", "other", "transfer-encoding", "chunked", NULL};
    gr_app *app;
    gr_test *test = begin(&app);
    gr_answer *answer = gr_test_request(test, "POST", "/echo", headers, "2\r\nab\r\n0\r\n\r\n", 12);
    check_answer(answer, 200, "ab");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(a_test_ends_while_requests_run)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/doze?ms=1000"));
    gr_test_conn_destroy(conn);
    gr_test_destroy(test);
    gr_test_destroy(NULL);
    gr_test_conn_destroy(NULL);
    gr_app_destroy(app);
}
END_TEST

static int keep_portal(gr_co co, void *arg)
{
    gr_portal *portal;
    (void)arg;
    int rc = gr_portal_open(co, &portal);
    if (rc < 0)
        return rc;
    rc = gr_sleep(co, INT64_MAX);
    gr_portal_close(co, portal);
    return rc;
}

START_TEST(a_test_ends_while_the_application_keeps_a_portal)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add_task(app, "portal", keep_portal, NULL), 0);
    gr_test_destroy(serve(app));
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests(
        "app client",
        (test_list){a_simple_call_lets_time_jump, time_stops_on_its_way_for_a_blocking_function,
                    time_stands_still_on_a_connection, the_window_holds_bytes_back, answers_are_taken_one_by_one,
                    a_request_may_come_byte_by_byte, a_half_closed_connection_is_answered_and_closed,
                    a_reset_cancels_the_handler, what_is_no_http_is_400_and_closed, post_json_sends_its_type_and_length,
                    a_body_that_is_no_json_has_no_value, headers_of_the_test_replace_those_that_are_added,
                    a_test_ends_while_requests_run, a_test_ends_while_the_application_keeps_a_portal, NULL},
        10);
}
