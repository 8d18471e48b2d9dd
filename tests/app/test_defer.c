#include <pthread.h>
#include <stdatomic.h>

#include "app_test.h"
#include "rig.h"

static char trace[256]; /* one thread at a time has the request, and with it this */
static pthread_t loop_thread;

static void note(const char *what, gr_outcome outcome)
{
    static const char *const names[] = {"answered", "failed", "abandoned"};
    size_t len = strlen(trace);
    snprintf(trace + len, sizeof trace - len, "%s:%s:%s ", what, names[outcome],
             pthread_equal(pthread_self(), loop_thread) ? "loop" : "pool");
}

static void blocking_end(gr_req *req, void *arg, gr_outcome outcome)
{
    ck_assert_ptr_nonnull(gr_path(req));
    note(arg, outcome);
}

static void async_end(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    ck_assert_ptr_nonnull(gr_path(req));
    if (gr_yield(co) == 0)
        note(arg, outcome);
}

static gr_reply from_async(gr_co co, gr_req *req)
{
    if (gr_defer(req, blocking_end, "first") || gr_defer(req, async_end, "second") ||
        gr_defer(req, blocking_end, "third"))
        return gr_failed(req, GR_ENOMEM);
    const char *ms = gr_query(req, "ms"), *status = gr_query(req, "status");
    int rc = ms ? gr_sleep(co, atoi(ms)) : 0;
    if (rc)
        return gr_failed(req, rc);
    return status ? gr_error(req, atoi(status), "x") : gr_text(req, "0123456789");
}
GR_GET("/async", from_async);

static gr_reply from_blocking(gr_req *req)
{
    if (gr_defer(req, async_end, "first") || gr_defer(req, blocking_end, "second"))
        return gr_failed(req, GR_ENOMEM);
    return gr_text(req, "done");
}
GR_GET("/blocking", from_blocking);

static gr_test *begin(gr_app **app)
{
    *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(*app, &from_async_route, &from_blocking_route), 0);
    loop_thread = pthread_self();
    trace[0] = '\0';
    return serve(*app);
}

#define ALL(outcome) "third:" outcome ":pool second:" outcome ":loop first:" outcome ":pool "

START_TEST(teardowns_run_last_recorded_first_each_on_its_thread)
{
    gr_app *app;
    gr_test *test = begin(&app);
    check_get(test, "/async", 200, "0123456789");
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, ALL("answered"));
    end(test, app);
}
END_TEST

START_TEST(a_blocking_handler_may_record_both_kinds)
{
    gr_app *app;
    gr_test *test = begin(&app);
    check_get(test, "/blocking", 200, "done");
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "second:answered:pool first:answered:loop ");
    end(test, app);
}
END_TEST

START_TEST(an_error_reply_is_told_as_a_failure)
{
    gr_app *app;
    gr_test *test = begin(&app);
    check_get(test, "/async?status=400", 400, NULL);
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, ALL("failed"));
    end(test, app);
}
END_TEST

START_TEST(teardowns_run_after_the_last_byte_of_the_reply)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_set_window(conn, 20);
    SEND(conn, GET("/async"));
    gr_test_advance(test, 100);
    ck_assert_str_eq(trace, "");
    gr_test_set_window(conn, SIZE_MAX);
    HAS(gr_test_received(conn, NULL), "0123456789");
    ck_assert_str_eq(trace, ALL("answered"));
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(a_client_that_leaves_while_the_handler_runs_is_told_as_abandoned)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/async?ms=1000"));
    ck_assert_str_eq(trace, "");
    gr_test_reset(conn);
    ck_assert_str_eq(trace, ALL("abandoned"));
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(a_client_that_leaves_while_it_is_written_to_is_told_as_abandoned)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_set_window(conn, 20);
    SEND(conn, GET("/async"));
    gr_test_reset(conn);
    ck_assert_str_eq(trace, ALL("abandoned"));
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

static int end_of_sleep;

static gr_reply stubborn(gr_co co, gr_req *req)
{
    if (gr_defer(req, async_end, "end"))
        return gr_failed(req, GR_ENOMEM);
    end_of_sleep = gr_sleep(co, INT64_C(100000000));
    return end_of_sleep ? gr_failed(req, end_of_sleep) : gr_text(req, "slept");
}
GR_GET("/stubborn", stubborn, .deadline_ms = -1);

START_TEST(what_runs_too_long_at_the_stop_is_cancelled_and_runs_its_teardowns)
{
    MAKE_APP(app, &stubborn_route);
    loop_thread = pthread_self();
    gr_test *test = serve(app);
    static gr_test_conn *volatile kept; /* cannot be destroyed behind its test; what a static points to is no leak */
    kept = gr_test_connect(test);
    SEND(kept, GET("/stubborn"));
    ck_assert_uint_eq(gr_test_coroutines(test), 1);
    begin_capture();
    gr_test_destroy(test);
    char *text = end_capture();
    HAS(text, "cancelled at the stop's deadline: \"stubborn\"");
    free(text);
    ck_assert_int_eq(end_of_sleep, GR_ECANCELED);
    ck_assert_str_eq(trace, "end:abandoned:loop ");
    gr_app_destroy(app);
}
END_TEST

/* --- async teardowns wait --- */

static int slept = 1;
static int64_t slept_ms;

static void sleep_at_end(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)outcome;
    int64_t begin_ms = gr_now_ms(co);
    slept = gr_sleep(co, *(const int64_t *)arg);
    slept_ms = gr_now_ms(co) - begin_ms;
}

static int64_t sleep_ms;

static gr_reply sleepy(gr_co co, gr_req *req)
{
    if (gr_defer(req, sleep_at_end, &sleep_ms))
        return gr_failed(req, GR_ENOMEM);
    int rc = gr_sleep(co, 1000);
    return rc ? gr_failed(req, rc) : gr_text(req, "x");
}
GR_GET("/sleepy", sleepy, .deadline_ms = 2000);

START_TEST(an_async_teardown_is_shielded_from_the_client_leaving)
{
    MAKE_APP(app, &sleepy_route);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    sleep_ms = 3000;
    SEND(conn, GET("/sleepy"));
    gr_test_reset(conn);
    gr_test_advance(test, 2999);
    ck_assert_int_eq(slept, 1);
    gr_test_advance(test, 1);
    ck_assert_int_eq(slept, 0);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(an_async_teardown_has_a_deadline_of_five_seconds)
{
    MAKE_APP(app, &sleepy_route);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    sleep_ms = 60000;
    SEND(conn, GET("/sleepy"));
    gr_test_advance(test, 1000);
    gr_test_advance(test, 5000);
    ck_assert_int_eq(slept, GR_ETIMEDOUT);
    ck_assert_int_eq(slept_ms, 5000);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(the_deadline_of_the_operation_is_not_that_of_its_teardowns)
{
    MAKE_APP(app, &sleepy_route);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    sleep_ms = 4000;
    SEND(conn, GET("/sleepy"));
    gr_test_advance(test, 1000);
    HAS(gr_test_received(conn, NULL), "200 OK");
    gr_test_advance(test, 4000);
    ck_assert_int_eq(slept, 0);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

static void recorded_late(gr_req *req, void *arg, gr_outcome outcome)
{
    note("outer", outcome);
    ck_assert_int_eq(gr_defer(req, blocking_end, arg), 0);
}

static gr_reply nest(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, blocking_end, "last");
    rc = rc ? rc : gr_defer(req, recorded_late, "inner");
    return rc ? gr_failed(req, rc) : gr_text(req, "x");
}
GR_GET("/nest", nest);

START_TEST(a_teardown_may_record_another)
{
    MAKE_APP(app, &nest_route);
    loop_thread = pthread_self();
    gr_test *test = serve(app);
    check_get(test, "/nest", 200, "x");
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "outer:answered:pool inner:answered:pool last:answered:pool ");
    end(test, app);
}
END_TEST

static gr_reply recording(gr_co co, gr_req *req, gr_next *next)
{
    int rc = gr_defer(req, blocking_end, "middleware");
    return rc ? gr_failed(req, rc) : gr_call_next(co, req, next);
}

START_TEST(middleware_may_record_a_teardown_for_a_404)
{
    MAKE_APP(app, &nest_route);
    ck_assert_int_eq(gr_use(app, recording), 0);
    loop_thread = pthread_self();
    gr_test *test = serve(app);
    check_get(test, "/nothing", 404, NULL);
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "middleware:failed:pool ");
    end(test, app);
}
END_TEST

static atomic_int n_ended;

static void count_end(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg;
    n_ended += outcome == GR_ANSWERED;
}

static gr_reply counted(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, count_end, NULL);
    return rc ? gr_failed(req, rc) : gr_text(req, gr_query(req, "n"));
}
GR_GET("/counted", counted);

START_TEST(pipelined_requests_with_teardowns_are_answered_in_order)
{
    MAKE_APP(app, &counted_route);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/counted?n=1") GET("/counted?n=2") GET("/counted?n=3"));
    gr_test_advance(test, 0);
    static const char *const bodies[] = {"1", "2", "3"};
    for (int i = 0; i < 3; i++) {
        gr_answer *answer = gr_test_next_answer(conn, false);
        check_answer(answer, 200, bodies[i]);
        gr_answer_free(answer);
    }
    ck_assert_int_eq(n_ended, 3);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

static int commit(gr_co co, void *arg)
{
    return *(int *)arg = gr_sleep(co, 2000);
}

static int committed[2];

static void commits(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg, (void)outcome;
    int rc = gr_gather(co, {commit, &committed[0]}, {commit, &committed[1]});
    (void)rc;
}

static gr_reply ends_in_two(gr_co co, gr_req *req)
{
    (void)co;
    return gr_defer(req, commits, NULL) ? gr_failed(req, GR_ENOMEM) : gr_text(req, "ok");
}
GR_GET("/two", ends_in_two);

START_TEST(the_tasks_of_a_teardown_are_shielded_as_it_is)
{
    MAKE_APP(app, &ends_in_two_route);
    committed[0] = committed[1] = 1;
    struct rig *rig = rig_begin(app, 1, 1);
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/two");
    gri_memory_destroy(client);
    gri_engine_stop(&rig->engine);
    begin_capture();
    gri_engine_cancel(&rig->engine);
    free(end_capture());
    gri_sched_advance(&rig->engine.sched, 2000);
    ck_assert_int_eq(committed[0], 0);
    ck_assert_int_eq(committed[1], 0);
    rig_end(rig);
}
END_TEST

static void takes_long(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req;
    *(gr_outcome *)arg = gr_sleep(co, 500) ? GR_FAILED : outcome;
}

static gr_outcome outcome_of_nap;

static gr_reply naps(gr_co co, gr_req *req)
{
    int rc = gr_defer(req, takes_long, &outcome_of_nap) ? GR_ENOMEM : gr_sleep(co, 100);
    return rc ? gr_failed(req, rc) : gr_text(req, "awake");
}
GR_GET("/naps", naps, .deadline_ms = 50);

START_TEST(a_request_that_was_given_up_holds_no_connection_while_it_is_torn_down)
{
    MAKE_APP(app, &naps_route);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/naps"));
    gr_test_send_fin(conn);
    ck_assert(gr_test_closed(conn));
    gr_test_advance(test, 1000);
    ck_assert_str_eq(gr_test_received(conn, NULL), "");
    ck_assert_int_eq(outcome_of_nap, GR_ABANDONED);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests(
        "app defer",
        (test_list){teardowns_run_last_recorded_first_each_on_its_thread, a_blocking_handler_may_record_both_kinds,
                    an_error_reply_is_told_as_a_failure, teardowns_run_after_the_last_byte_of_the_reply,
                    a_client_that_leaves_while_the_handler_runs_is_told_as_abandoned,
                    a_client_that_leaves_while_it_is_written_to_is_told_as_abandoned,
                    what_runs_too_long_at_the_stop_is_cancelled_and_runs_its_teardowns,
                    an_async_teardown_is_shielded_from_the_client_leaving,
                    an_async_teardown_has_a_deadline_of_five_seconds,
                    the_deadline_of_the_operation_is_not_that_of_its_teardowns, a_teardown_may_record_another,
                    middleware_may_record_a_teardown_for_a_404, pipelined_requests_with_teardowns_are_answered_in_order,
                    the_tasks_of_a_teardown_are_shielded_as_it_is,
                    a_request_that_was_given_up_holds_no_connection_while_it_is_torn_down, NULL},
        10);
}
