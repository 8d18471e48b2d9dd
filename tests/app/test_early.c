/* gr_defer_early(): what runs between the reply and its first byte, and may replace it. */
#include <griddle/background.h>
#include <griddle/middleware.h>
#include <griddle/openapi.h>
#include <griddle/stream.h>
#include <pthread.h>

#include "need.h"

static pthread_t loop_thread;

static void note_end(const char *what, gr_outcome outcome)
{
    static const char *const names[] = {"answered", "failed", "abandoned"};
    char text[80];
    snprintf(text, sizeof text, "%s:%s:%s", what, names[outcome],
             pthread_equal(pthread_self(), loop_thread) ? "loop" : "pool");
    note(text);
}

static int commit_blocking(gr_req *req, void *arg, gr_outcome outcome)
{
    note_end(arg, outcome);
    return gr_query(req, arg) ? gr_fail(req, 409, "%s", (const char *)arg) : 0;
}

static int commit_async(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    int rc = gr_sleep(co, 10);
    note_end(arg, outcome);
    return rc ? rc : gr_query(req, arg) ? GR_EINVAL : 0;
}

static void give_back(GR_UNUSED gr_req *req, void *arg, gr_outcome outcome)
{
    note_end(arg, outcome);
}

static int record_all(gr_req *req)
{
    int rc = gr_defer(req, give_back, "end");
    rc = rc ? rc : gr_defer_early(req, commit_blocking, "one");
    rc = rc ? rc : gr_defer_early(req, commit_async, "two");
    return rc ? rc : gr_defer_early(req, commit_blocking, "three");
}

static gr_reply after_all(gr_req *req)
{
    note("reply");
    const char *status = gr_query(req, "status");
    return status ? gr_error(req, atoi(status), "x") : gr_text(req, "done");
}

static gr_reply from_async(GR_UNUSED gr_co co, gr_req *req)
{
    int rc = record_all(req);
    return rc ? gr_failed(req, rc) : after_all(req);
}
GR_GET("/async", from_async);

static gr_reply from_blocking(gr_req *req)
{
    int rc = record_all(req);
    return rc ? gr_failed(req, rc) : after_all(req);
}
GR_GET("/blocking", from_blocking);

static void run(const gr_route *route, const char *target, int status, const char *body)
{
    loop_thread = pthread_self();
    run_once(route, target, status, body);
}

START_TEST(they_run_when_the_reply_is_made_last_recorded_first_each_on_its_thread)
{
    run(&from_async_route, "/async", 200, "done");
    ck_assert_str_eq(trace, "reply three:answered:pool two:answered:loop one:answered:pool end:answered:pool ");
    run(&from_blocking_route, "/blocking", 200, "done");
    ck_assert_str_eq(trace, "reply three:answered:pool two:answered:loop one:answered:pool end:answered:pool ");
}
END_TEST

START_TEST(one_that_fails_replaces_the_reply_and_those_behind_it_are_told)
{
    run(&from_async_route, "/async?three=1", 409, "{\"detail\":\"three\"}");
    ck_assert_str_eq(trace, "reply three:answered:pool two:failed:loop one:failed:pool end:failed:pool ");
    run(&from_blocking_route, "/blocking?two=1", 500, "Internal Server Error");
    ck_assert_str_eq(trace, "reply three:answered:pool two:answered:loop one:failed:pool end:failed:pool ");
}
END_TEST

START_TEST(an_error_reply_is_told_as_a_failure)
{
    run(&from_async_route, "/async?status=404", 404, NULL);
    ck_assert_str_eq(trace, "reply three:failed:pool two:failed:loop one:failed:pool end:failed:pool ");
}
END_TEST

/* --- with dependencies --- */

static int transaction(GR_UNUSED gr_co co, gr_req *req, int *value)
{
    *value = 1;
    int rc = gr_defer(req, give_back, "end");
    return rc ? rc : gr_defer_early(req, commit_blocking, "commit");
}
GR_DEPENDENCY(transaction, int);

struct transfer {
    int transaction;
};
static GR_INPUT(transfer, GR_NEEDS(transaction, transaction));
static gr_reply transfer(GR_UNUSED gr_co co, gr_req *req, GR_UNUSED const struct transfer *in)
{
    return after_all(req);
}
GR_GET("/transfer", transfer);

static int refuses(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_fail(req, 403, "no");
}
GR_GUARD(refuses);
static gr_reply refused(GR_UNUSED gr_req *req)
{
    return gr_text(req, "");
}
GR_GET("/refused", refused, .needs = GR_DEPENDENCIES(&transaction_dependency, &refuses_dependency));

START_TEST(a_commit_that_fails_is_not_answered_as_one_that_did_not)
{
    run(&transfer_route, "/transfer", 200, "done");
    ck_assert_str_eq(trace, "reply commit:answered:pool end:answered:pool ");
    run(&transfer_route, "/transfer?commit=1", 409, "{\"detail\":\"commit\"}");
    ck_assert_str_eq(trace, "reply commit:answered:pool end:failed:pool ");
}
END_TEST

START_TEST(what_one_dependency_recorded_runs_where_another_refuses)
{
    run(&refused_route, "/refused", 403, "{\"detail\":\"no\"}");
    ck_assert_str_eq(trace, "commit:failed:pool end:failed:pool ");
}
END_TEST

/* --- inside the middleware --- */

static gr_reply around(gr_co co, gr_req *req, gr_next *next)
{
    note("around(");
    gr_reply reply = gr_with_header(gr_call_next(co, req, next), "X-Around", "1");
    int rc = gr_defer_early(req, commit_async, "late");
    note(")around");
    return rc ? gr_failed(req, rc) : reply;
}

static gr_reply around_blocking(gr_req *req, gr_next *next)
{
    note("blocking(");
    gr_reply reply = gr_call_next_blocking(req, next);
    note(")blocking");
    return reply;
}

static gr_reply makes_good(gr_co co, gr_req *req, gr_next *next)
{
    gr_reply reply = gr_call_next(co, req, next);
    return gr_with_status(reply, 200);
}

START_TEST(they_run_inside_the_middleware_and_what_that_records_before_the_reply_is_sent)
{
    MAKE_APP(app, &transfer_route);
    loop_thread = pthread_self();
    ck_assert_int_eq(gr_use(app, around), 0);
    gr_test *test = serve(app);
    trace[0] = '\0';
    gr_answer *answer = gr_test_get(test, "/transfer?commit=1");
    check_answer(answer, 409, NULL);
    ck_assert_str_eq(gr_answer_header(answer, "x-around"), "1");
    gr_answer_free(answer);
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "around( reply commit:answered:pool )around late:failed:loop end:failed:pool ");
    trace[0] = '\0';
    answer = gr_test_get(test, "/none?late=1");
    check_answer(answer, 500, NULL);
    gr_answer_free(answer);
    ck_assert_str_eq(trace, "around( )around late:failed:loop ");
    end(test, app);
}
END_TEST

START_TEST(inside_blocking_middleware_too)
{
    MAKE_APP(app, &from_blocking_route);
    loop_thread = pthread_self();
    ck_assert_int_eq(gr_app_set_openapi_url(app, NULL), 0);
    ck_assert_int_eq(gr_use(app, around_blocking), 0);
    gr_test *test = serve(app);
    trace[0] = '\0';
    check_get(test, "/blocking", 200, "done");
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "blocking( reply three:answered:pool two:answered:loop one:answered:pool )blocking "
                            "end:answered:pool ");
    end(test, app);
}
END_TEST

START_TEST(what_failed_stays_failed_whatever_middleware_makes_of_the_reply)
{
    MAKE_APP(app, &transfer_route);
    loop_thread = pthread_self();
    ck_assert_int_eq(gr_use(app, makes_good), 0);
    gr_test *test = serve(app);
    trace[0] = '\0';
    check_get(test, "/transfer?commit=1", 200, NULL);
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "reply commit:answered:pool end:failed:pool ");
    end(test, app);
}
END_TEST

/* --- streams --- */

static int writes(gr_co co, gr_writer *writer, GR_UNUSED void *arg)
{
    note("writes");
    return gr_write(co, writer, "piece", 5);
}

static gr_reply streams(GR_UNUSED gr_co co, gr_req *req)
{
    int rc = gr_defer_early(req, commit_async, "commit");
    return rc ? gr_failed(req, rc) : gr_stream(req, "text/plain", writes, NULL);
}
GR_GET("/stream", streams);

START_TEST(they_run_before_a_stream_begins)
{
    run(&streams_route, "/stream", 200, "piece");
    ck_assert_str_eq(trace, "commit:answered:loop writes ");
    run(&streams_route, "/stream?commit=1", 500, NULL);
    ck_assert_str_eq(trace, "commit:answered:loop ");
}
END_TEST

/* --- too late, too long, left --- */

static int too_late_rc;

static void records_early(gr_req *req, GR_UNUSED void *arg, GR_UNUSED gr_outcome outcome)
{
    too_late_rc = gr_defer_early(req, commit_blocking, "too_late");
}

static gr_reply late(GR_UNUSED gr_co co, gr_req *req)
{
    int rc = gr_defer(req, records_early, NULL);
    return rc ? gr_failed(req, rc) : gr_text(req, "done");
}
GR_GET("/late", late);

START_TEST(once_the_reply_was_sent_it_is_too_late_and_it_runs_at_once)
{
    run(&late_route, "/late", 200, "done");
    ck_assert_int_eq(too_late_rc, GR_EINVAL);
    ck_assert_str_eq(trace, "too_late:abandoned:pool ");
}
END_TEST

static int sleeps_long(gr_co co, GR_UNUSED gr_req *req, void *arg, gr_outcome outcome)
{
    int rc = gr_sleep(co, 60000);
    note_end(arg, outcome);
    return rc;
}

static gr_reply slow(gr_co co, gr_req *req)
{
    int rc = gr_defer_early(req, sleeps_long, "slow");
    rc = rc ? rc : gr_sleep(co, 100);
    return rc ? gr_failed(req, rc) : gr_text(req, "done");
}
GR_GET("/slow", slow);

START_TEST(an_async_one_has_a_deadline_of_five_seconds)
{
    MAKE_APP(app, &slow_route);
    loop_thread = pthread_self();
    gr_test *test = serve(app);
    trace[0] = '\0';
    int64_t before_ms = gr_test_now_ms(test);
    check_get(test, "/slow", 504, NULL);
    ck_assert_int_eq(gr_test_now_ms(test) - before_ms, 5100);
    ck_assert_str_eq(trace, "slow:answered:loop ");
    end(test, app);
}
END_TEST

START_TEST(they_are_shielded_from_a_client_that_left_and_told)
{
    MAKE_APP(app, &slow_route);
    loop_thread = pthread_self();
    gr_test *test = serve(app);
    trace[0] = '\0';
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/slow"));
    gr_test_advance(test, 50);
    gr_test_reset(conn);
    ck_assert_str_eq(trace, "");
    gr_test_advance(test, 5000);
    ck_assert_str_eq(trace, "slow:abandoned:loop ");
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

static int records_another(gr_req *req, void *arg, gr_outcome outcome)
{
    note_end(arg, outcome);
    return gr_defer_early(req, commit_blocking, "inner");
}

static gr_reply nested(GR_UNUSED gr_co co, gr_req *req)
{
    int rc = gr_defer_early(req, commit_blocking, "last");
    rc = rc ? rc : gr_defer_early(req, records_another, "outer");
    return rc ? gr_failed(req, rc) : gr_text(req, "done");
}
GR_GET("/nested", nested);

START_TEST(one_may_record_another_which_runs_next)
{
    run(&nested_route, "/nested", 200, "done");
    ck_assert_str_eq(trace, "outer:answered:pool inner:answered:pool last:answered:pool ");
}
END_TEST

int main(void)
{
    return run_tests(
        "app early",
        (test_list){they_run_when_the_reply_is_made_last_recorded_first_each_on_its_thread,
                    one_that_fails_replaces_the_reply_and_those_behind_it_are_told, an_error_reply_is_told_as_a_failure,
                    a_commit_that_fails_is_not_answered_as_one_that_did_not,
                    what_one_dependency_recorded_runs_where_another_refuses,
                    they_run_inside_the_middleware_and_what_that_records_before_the_reply_is_sent,
                    inside_blocking_middleware_too, what_failed_stays_failed_whatever_middleware_makes_of_the_reply,
                    they_run_before_a_stream_begins, once_the_reply_was_sent_it_is_too_late_and_it_runs_at_once,
                    an_async_one_has_a_deadline_of_five_seconds, they_are_shielded_from_a_client_that_left_and_told,
                    one_may_record_another_which_runs_next, NULL},
        20);
}
