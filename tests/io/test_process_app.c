/* Child processes in operations, tested in process: their time is real, that of the test is virtual. */
#include <griddle.h>
#include <griddle/testing.h>

#include "io/process_calls.h"

static gr_reply upper(gr_co co, gr_req *req)
{
    gr_process_result result;
    int rc = gr_process_run(co, GR_PROCESS(.argv = GR_ARGV("tr", "a-z", "A-Z")), "burger", 6, &result);
    gr_reply reply = rc ? gr_failed(req, rc) : gr_text(req, result.out);
    gr_process_result_finish(&result);
    return reply;
}
GR_GET("/upper", upper, .deadline_ms = 1000);

static gr_reply never(gr_co co, gr_req *req)
{
    gr_process *process;
    int rc = gr_process_start(co, &process, GR_PROCESS(.argv = GR_ARGV("sleep", "1000")));
    if (rc)
        return gr_failed(req, rc);
    rc = gr_process_wait(co, process, NULL);
    gr_process_close(co, process);
    return rc ? gr_failed(req, rc) : gr_text(req, "ended");
}
GR_GET("/never", never, .deadline_ms = 1000);

static gr_test *begin(gr_app *app)
{
    ck_assert_int_eq(gr_app_add(app, &upper_route, &never_route), 0);
    gr_test *test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    return test;
}

static void end(gr_test *test, gr_app *app)
{
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
    gr_test_destroy(test);
    gr_app_destroy(app);
    assert_no_child();
}

START_TEST(a_run_is_waited_for_while_time_stands_still)
{
    gr_app *app = gr_app_create("Children", "1.0");
    gr_test *test = begin(app);
    gr_answer *answer = gr_test_get(test, "/upper");
    ck_assert_int_eq(gr_answer_status(answer), 200);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "BURGER");
    ck_assert_int_eq(gr_test_now_ms(test), 0);
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(a_deadline_comes_at_once_and_the_child_is_gone)
{
    gr_app *app = gr_app_create("Children", "1.0");
    gr_test *test = begin(app);
    gr_answer *answer = gr_test_get(test, "/never");
    ck_assert_int_eq(gr_answer_status(answer), 504);
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(a_client_that_leaves_takes_the_child_along)
{
    static const char request[] = "GET /never HTTP/1.1\r\nHost: x\r\n\r\n";
    gr_app *app = gr_app_create("Children", "1.0");
    gr_test *test = begin(app);
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_send(conn, request, sizeof request - 1);
    ck_assert_uint_eq(gr_test_coroutines(test), 1);
    gr_test_reset(conn);
    gr_test_conn_destroy(conn);
    gr_test_advance(test, 0);
    end(test, app);
}
END_TEST

START_TEST(a_stop_takes_the_child_along)
{
    static const char request[] = "GET /never HTTP/1.1\r\nHost: x\r\n\r\n";
    gr_app *app = gr_app_create("Children", "1.0");
    gr_test *test = begin(app);
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_send(conn, request, sizeof request - 1);
    gr_test_conn_destroy(conn);
    gr_test_destroy(test);
    gr_app_destroy(app);
    assert_no_child();
}
END_TEST

int main(void)
{
    const test_list tests = {a_run_is_waited_for_while_time_stands_still,
                             a_deadline_comes_at_once_and_the_child_is_gone, a_client_that_leaves_takes_the_child_along,
                             a_stop_takes_the_child_along, NULL};
    return run_tests("process app", tests, 30);
}
