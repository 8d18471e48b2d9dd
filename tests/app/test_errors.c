/* What is answered where something failed: what gr_fail() and its like record, and gr_app_on_error(). */
#include "app_test.h"

#include <griddle/background.h>
#include <griddle/error.h>
#include <griddle/invalid.h>
#include <griddle/json.h>

#include "co/owner.h"
#include "rig.h"

static char seen[4096];

static void note(const char *fmt, ...) GR_PRINTF(1, 2);
static void note(const char *fmt, ...)
{
    size_t len = strlen(seen);
    va_list args;
    va_start(args, fmt);
    vsnprintf(seen + len, sizeof seen - len, fmt, args);
    va_end(args);
}

/* --- what is recorded --- */

static gr_reply with_json(gr_co co, gr_req *req)
{
    (void)co;
    return gr_failed(req, gr_fail_json(req, 409, json_pack("{s:s,s:[ii]}", "why", "taken", "by", 1, 2)));
}
GR_GET("/json", with_json);

static gr_reply with_list(gr_req *req)
{
    return gr_failed(req, gr_fail_json(req, 400, json_pack("[s,n]", "a")));
}
GR_GET("/list", with_list);

static gr_reply with_nothing(gr_req *req)
{
    return gr_failed(req, gr_fail_json(req, 400, NULL));
}
GR_GET("/null", with_nothing);

static gr_reply with_number(gr_req *req)
{
    json_t *value = json_real(0.5);
    json_real_set(value, 0.25);
    return gr_failed(req, gr_fail_json(req, 200, value));
}
GR_GET("/ok", with_number);

START_TEST(any_json_can_be_the_detail)
{
    MAKE_APP(app, &with_json_route, &with_list_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/json");
    check_answer(answer, 409, "{\"detail\":{\"why\":\"taken\",\"by\":[1,2]}}");
    ck_assert_pstr_eq(gr_answer_header(answer, "Content-Type"), "application/json");
    gr_answer_free(answer);
    check_get(test, "/list", 400, "{\"detail\":[\"a\",null]}");
    end(test, app);
}
END_TEST

static void check_500(gr_test *test, const char *target, const char *log)
{
    begin_capture();
    gr_answer *answer = gr_test_get(test, target);
    char *text = end_capture();
    check_answer(answer, 500, "Internal Server Error");
    HAS(text, log);
    free(text);
    gr_answer_free(answer);
}

START_TEST(a_detail_that_is_none_is_500)
{
    MAKE_APP(app, &with_nothing_route, &with_number_route);
    gr_test *test = serve(app);
    check_500(test, "/null", "operation \"with_nothing\": gr_fail_json(NULL): ");
    check_500(test, "/ok", "operation \"with_number\": 200 is no error status: use 400 to 599");
    end(test, app);
}
END_TEST

static gr_reply first_of(gr_req *req)
{
    int rc = gr_fail(req, 403, "first");
    ck_assert_int_eq(gr_fail_header(req, "X-First", "1"), 403);
    ck_assert_int_eq(gr_fail_json(req, 409, json_string("second")), 403);
    ck_assert_int_eq(gr_fail_header(req, "X-Second", "2"), 403); /* of what is not answered */
    return gr_failed(req, rc);
}
GR_GET("/first", first_of);

START_TEST(the_first_failure_wins_with_the_headers_that_are_its_own)
{
    MAKE_APP(app, &first_of_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/first");
    check_answer(answer, 403, "{\"detail\":\"first\"}");
    ck_assert_pstr_eq(gr_answer_header(answer, "X-First"), "1");
    ck_assert_ptr_null(gr_answer_header(answer, "X-Second"));
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

static gr_reply challenge(gr_co co, gr_req *req)
{
    (void)co;
    ck_assert_int_eq(gr_fail_header(req, "X-Early", "1"), GR_EINVAL);
    gr_fail(req, 401, "who are you?");
    gr_fail_header(req, "WWW-Authenticate", "Bearer");
    return gr_failed(req, gr_fail_header(req, "WWW-Authenticate", "Basic realm=\"a\""));
}
GR_GET("/challenge", challenge);

static gr_reply injected(gr_co co, gr_req *req)
{
    (void)co;
    gr_fail(req, 401, "who are you?");
    int rc = gr_fail_header(req, "WWW-Authenticate", "Bearer\r\nX: y");
    ck_assert_int_eq(rc, 500);
    return gr_failed(req, gr_fail_header(req, "X-Late", "1"));
}
GR_GET("/injected", injected);

START_TEST(a_failure_has_several_headers_of_one_name)
{
    MAKE_APP(app, &challenge_route, &injected_route);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/challenge"));
    HAS(gr_test_received(conn, NULL), "401 Unauthorized");
    HAS(gr_test_received(conn, NULL), "WWW-Authenticate: Bearer\r\n");
    HAS(gr_test_received(conn, NULL), "WWW-Authenticate: Basic realm=\"a\"\r\n");
    gr_test_conn_destroy(conn);
    check_500(test, "/injected", "has bytes that a header may not carry");
    end(test, app);
}
END_TEST

/* --- on_error --- */

static gr_reply ours(gr_req *req, const gr_error_info *error)
{
    ck_assert_uint_eq(error->size, sizeof *error);
    ck_assert_int_eq(gr_reply_status(error->reply), error->status);
    note("[%d %d %s]", error->status, error->code, error->cause);
    return gr_pack(req, "{s:i,s:s}", "error", error->status, "at", gr_path(req));
}

static gr_reply refuses(gr_req *req)
{
    return gr_failed(req, gr_fail(req, 418, "no %s", "coffee"));
}
GR_GET("/teapot", refuses);

static gr_reply refuses_async(gr_co co, gr_req *req)
{
    (void)co;
    return gr_failed(req, gr_fail_json(req, 409, json_true()));
}
GR_GET("/conflict", refuses_async);

static gr_reply breaks(gr_co co, gr_req *req)
{
    (void)co;
    return gr_failed(req, GR_EPIPE);
}
GR_GET("/breaks", breaks);

static gr_reply late(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 5000);
    return rc ? gr_failed(req, rc) : gr_text(req, "late");
}
GR_GET("/late", late, .deadline_ms = 10);

static gr_reply crowded(gr_co co, gr_req *req)
{
    (void)co;
    return gr_failed(req, GR_EBUSY);
}
GR_GET("/crowded", crowded);

static gr_reply forgets(gr_co co, gr_req *req)
{
    (void)co, (void)req;
    return (gr_reply){NULL};
}
GR_GET("/forgets", forgets);

struct counted {
    int64_t n;
};
static GR_INPUT(counted, GR_QUERY(n));
static gr_reply counted(gr_co co, gr_req *req, const struct counted *in)
{
    (void)co;
    return gr_pack(req, "i", (int)in->n);
}
GR_GET("/counted", counted);

static gr_reply takes_little(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "took it");
}
GR_POST("/little", takes_little, .max_body_bytes = 2);

static gr_reply returns_404(gr_co co, gr_req *req)
{
    (void)co;
    return gr_error(req, 404, "mine");
}
GR_GET("/returned", returns_404);

static gr_reply returns_500(gr_req *req)
{
    return gr_with_status(gr_text(req, "mine too"), 500);
}
GR_GET("/returned/500", returns_500);

static gr_app *app_with_all(void)
{
    MAKE_APP(app, &refuses_route, &refuses_async_route, &breaks_route, &late_route, &crowded_route, &forgets_route,
             &counted_route, &takes_little_route);
    ck_assert_int_eq(gr_app_add(app, &returns_404_route, &returns_500_route), 0);
    seen[0] = '\0';
    return app;
}

static void check_ours(gr_test *test, const char *method, const char *target, int status, const char *cause)
{
    char body[200];
    const char *headers[] = {NULL, NULL, NULL};
    const char *content = strcmp(method, "POST") == 0 ? "12345" : "";
    snprintf(body, sizeof body, "{\"error\":%d,\"at\":\"%.*s\"}", status, (int)strcspn(target, "?"), target);
    seen[0] = '\0';
    begin_capture();
    gr_answer *answer = gr_test_request(test, method, target, headers, content, strlen(content));
    free(end_capture());
    check_answer(answer, status, body);
    ck_assert_str_eq(seen, cause);
    gr_answer_free(answer);
}

START_TEST(one_function_answers_every_error)
{
    gr_app *app = app_with_all();
    ck_assert_int_eq(gr_app_on_error(app, 0, ours), 0);
    gr_test *test = serve(app);
    check_ours(test, "GET", "/nowhere", 404, "[404 0 Not Found]");
    check_ours(test, "PUT", "/teapot", 405, "[405 0 Method Not Allowed]");
    check_ours(test, "GET", "/teapot", 418, "[418 0 no coffee]");
    check_ours(test, "GET", "/conflict", 409, "[409 0 Conflict]");
    check_ours(test, "GET", "/counted?n=x", 422, "[422 0 Validation Error]");
    check_ours(test, "POST", "/little", 413, "[413 0 Content Too Large]");
    check_ours(test, "GET", "/late", 504, "[504 -110 the deadline passed]");
    check_ours(test, "GET", "/crowded", 503, "[503 -16 the thread pool is full]");
    check_ours(test, "GET", "/breaks", 500, "[500 -32 failed with -32 (the other side is gone)]");
    check_ours(test, "GET", "/forgets", 500, "[500 0 returned no reply: end with `return gr_json(...)` or its like]");
    end(test, app);
}
END_TEST

START_TEST(a_target_that_is_none_is_an_error_too)
{
    gr_app *app = app_with_all();
    ck_assert_int_eq(gr_app_on_error(app, 400, ours), 0);
    gr_test *test = serve(app);
    check_get(test, "/%zz", 400, NULL);
    HAS(seen, "[400 0 Bad Request]");
    end(test, app);
}
END_TEST

START_TEST(what_is_returned_is_no_error)
{
    gr_app *app = app_with_all();
    ck_assert_int_eq(gr_app_on_error(app, 0, ours), 0);
    gr_test *test = serve(app);
    check_get(test, "/returned", 404, "{\"detail\":\"mine\"}");
    check_get(test, "/returned/500", 500, "mine too");
    check_get(test, "/teapot/", 307, "");
    ck_assert_str_eq(seen, "");
    end(test, app);
}
END_TEST

static gr_reply by_status(gr_req *req, const gr_error_info *error)
{
    return gr_text(req, error->status == 404 ? "the 404" : "wrong");
}

static gr_reply by_class(gr_req *req, const gr_error_info *error)
{
    return gr_text(req, error->status / 100 == 4 ? "of 4XX" : "wrong");
}

static gr_reply by_any(gr_req *req, const gr_error_info *error)
{
    (void)error;
    return gr_with_status(gr_text(req, "any"), 200);
}

START_TEST(the_most_specific_one_is_asked)
{
    gr_app *app = app_with_all();
    ck_assert_int_eq(gr_app_on_error(app, 0, by_any), 0);
    ck_assert_int_eq(gr_app_on_error(app, 4, by_class), 0);
    ck_assert_int_eq(gr_app_on_error(app, 404, by_status), 0);
    gr_test *test = serve(app);
    check_get(test, "/nowhere", 404, "the 404");
    check_get(test, "/teapot", 418, "of 4XX");
    check_get(test, "/crowded", 200, "any"); /* it says its status itself */
    end(test, app);
}
END_TEST

START_TEST(where_none_is_meant_the_reply_stays)
{
    gr_app *app = app_with_all();
    ck_assert_int_eq(gr_app_on_error(app, 5, ours), 0);
    gr_test *test = serve(app);
    check_get(test, "/nowhere", 404, "{\"detail\":\"Not Found\"}");
    check_get(test, "/teapot", 418, "{\"detail\":\"no coffee\"}");
    end(test, app);
}
END_TEST

static gr_reply same_reply(gr_req *req, const gr_error_info *error)
{
    (void)req;
    return gr_with_header(error->reply, "X-Seen", "yes");
}

START_TEST(the_reply_can_be_kept_and_changed)
{
    gr_app *app = app_with_all();
    ck_assert_int_eq(gr_app_on_error(app, 0, same_reply), 0);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/nowhere");
    check_answer(answer, 404, "{\"detail\":\"Not Found\"}");
    ck_assert_pstr_eq(gr_answer_header(answer, "X-Seen"), "yes");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

static gr_reply with_own_retry(gr_req *req, const gr_error_info *error)
{
    (void)error;
    return gr_with_header(gr_text(req, "later"), "Retry-After", "60");
}

START_TEST(headers_that_belong_to_the_status_stay)
{
    MAKE_APP(app, &challenge_route, &crowded_route);
    ck_assert_int_eq(gr_app_on_error(app, 4, ours), 0);
    ck_assert_int_eq(gr_app_on_error(app, 503, with_own_retry), 0);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/challenge"));
    HAS(gr_test_take(conn, NULL), "WWW-Authenticate: Bearer\r\nWWW-Authenticate: Basic realm=\"a\"\r\n");
    SEND(conn, "PUT /challenge HTTP/1.1\r\nHost: h\r\n\r\n");
    HAS(gr_test_take(conn, NULL), "allow: GET, HEAD, OPTIONS\r\n");
    SEND(conn, GET("/crowded"));
    const char *text = gr_test_take(conn, NULL);
    HAS(text, "Retry-After: 60\r\n");
    LACKS(text, "retry-after: 1\r\n");
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

/* --- the deadline --- */

static gr_reply large_answer(gr_req *req, const gr_error_info *error)
{
    char *text = gr_alloc(req, 100001);
    (void)error;
    memset(text, 'x', 100000);
    return gr_json(req, json_string(text));
}

static gr_reply fails_at_504(gr_req *req, const gr_error_info *error)
{
    (void)req, (void)error;
    return (gr_reply){NULL};
}

static void check_late(gr_error_fn *fn, int status, size_t len)
{
    MAKE_APP(app, &late_route);
    ck_assert_int_eq(gr_app_on_error(app, 0, fn), 0);
    gr_test *test = serve(app);
    begin_capture();
    gr_answer *answer = gr_test_get(test, "/late");
    free(end_capture());
    size_t got;
    ck_assert_int_eq(gr_answer_status(answer), status);
    gr_answer_body(answer, &got);
    ck_assert_uint_eq(got, len);
    gr_answer_free(answer);
    end(test, app);
}

START_TEST(the_504_of_a_deadline_may_be_large_or_fail)
{
    check_late(large_answer, 504, 100002);
    check_late(fails_at_504, 500, strlen("Internal Server Error"));
}
END_TEST

static gr_reply holds_a_thread(gr_req *req)
{
    while (!gr_is_cancelled(req))
        continue;
    return gr_text(req, "late");
}
GR_GET("/held", holds_a_thread, .deadline_ms = 10);

START_TEST(while_a_thread_has_the_request_the_504_is_the_plain_one)
{
    MAKE_APP(app, &holds_a_thread_route);
    ck_assert_int_eq(gr_app_on_error(app, 0, ours), 0);
    struct rig *rig = rig_begin(app, 1, 1);
    struct gri_memory *client = rig_connect(rig);
    seen[0] = '\0';
    begin_capture();
    rig_get(rig, client, "/held");
    gri_sched_advance(&rig->engine.sched, 10);
    free(end_capture());
    rig_expect(client, "504 Gateway Timeout");
    rig_expect(client, "{\"detail\":\"Gateway Timeout\"}");
    ck_assert_str_eq(seen, "");
    rig_wait(rig);
    gri_memory_destroy(client);
    rig_end(rig);
}
END_TEST

/* --- where it stands among middleware --- */

static gr_reply watch(gr_co co, gr_req *req, gr_next *next)
{
    gr_reply reply = gr_call_next(co, req, next);
    note("{%d}", gr_reply_status(reply));
    return reply;
}

static gr_reply gate(gr_co co, gr_req *req, gr_next *next)
{
    if (gr_header(req, "X-Key"))
        return gr_call_next(co, req, next);
    return gr_failed(req, gr_fail(req, 401, "no key"));
}

static gr_reply as_ok(gr_req *req, const gr_error_info *error)
{
    note("[%d %s]", error->status, error->cause);
    return gr_with_status(gr_text(req, "all is well"), 201);
}

START_TEST(middleware_sees_the_reply_that_took_the_errors_place)
{
    gr_app *app = app_with_all();
    ck_assert_int_eq(gr_use(app, watch), 0);
    ck_assert_int_eq(gr_app_on_error(app, 0, as_ok), 0);
    gr_test *test = serve(app);
    check_get(test, "/nowhere", 201, "all is well");
    check_get(test, "/teapot", 201, "all is well");
    begin_capture();
    check_get(test, "/breaks", 201, "all is well");
    free(end_capture());
    ck_assert_str_eq(seen,
                     "[404 Not Found]{201}[418 no coffee]{201}[500 failed with -32 (the other side is gone)]{201}");
    end(test, app);
}
END_TEST

START_TEST(what_a_middleware_raises_is_answered_outside_it)
{
    gr_app *app = app_with_all();
    ck_assert_int_eq(gr_use(app, watch), 0);
    ck_assert_int_eq(gr_use(app, gate), 0);
    ck_assert_int_eq(gr_app_on_error(app, 401, as_ok), 0);
    gr_test *test = serve(app);
    check_get(test, "/teapot", 201, "all is well");
    ck_assert_str_eq(seen, "[401 no key]{201}");
    end(test, app);
}
END_TEST

static const void *error_thread;

static gr_reply on_thread(gr_req *req, const gr_error_info *error)
{
    (void)error;
    error_thread = gri_this_thread();
    return gr_text(req, "here");
}

static gr_reply watch_blocking(gr_req *req, gr_next *next)
{
    gr_reply reply = gr_call_next_blocking(req, next);
    note("{%d %s}", gr_reply_status(reply), gr_reply_header(reply, "Content-Type"));
    ck_assert_ptr_eq(error_thread, gri_this_thread());
    return reply;
}

START_TEST(inside_blocking_middleware_it_runs_on_the_same_thread)
{
    MAKE_APP(app, &refuses_route);
    seen[0] = '\0';
    ck_assert_int_eq(gr_use(app, watch_blocking), 0);
    ck_assert_int_eq(gr_app_on_error(app, 418, on_thread), 0);
    gr_test *test = serve(app);
    check_get(test, "/teapot", 418, "here");
    ck_assert_str_eq(seen, "{418 text/plain; charset=utf-8}");
    end(test, app);
}
END_TEST

/* --- one that fails itself --- */

static gr_reply no_reply(gr_req *req, const gr_error_info *error)
{
    (void)req, (void)error;
    return (gr_reply){NULL};
}

static gr_reply fails_itself(gr_req *req, const gr_error_info *error)
{
    (void)error;
    return gr_failed(req, GR_EIO);
}

static gr_reply fails_again(gr_req *req, const gr_error_info *error)
{
    return gr_failed(req, gr_fail(req, error->status, "again"));
}

static gr_reply unsendable(gr_req *req, const gr_error_info *error)
{
    (void)req;
    return gr_with_header(error->reply, "X", "a\nb");
}

static void check_failing(gr_error_fn *fn, const char *log)
{
    MAKE_APP(app, &refuses_route);
    seen[0] = '\0';
    ck_assert_int_eq(gr_use(app, watch), 0);
    ck_assert_int_eq(gr_app_on_error(app, 418, fn), 0);
    ck_assert_int_eq(gr_app_on_error(app, 500, ours), 0); /* not asked about that */
    gr_test *test = serve(app);
    check_500(test, "/teapot", log);
    ck_assert_str_eq(seen, "{500}");
    end(test, app);
}

START_TEST(one_that_fails_is_logged_and_answered_by_the_plain_500)
{
    check_failing(no_reply, "the function of gr_app_on_error() for 418 returned no reply of this request");
    check_failing(fails_itself, "the function of gr_app_on_error() for 418 failed");
    check_failing(fails_again, "the function of gr_app_on_error() for 418 failed");
    check_failing(unsendable, "the function of gr_app_on_error() for 418 failed");
}
END_TEST

static int ended_as;

static void end_of_it(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg;
    ended_as = (int)outcome;
}

static int afterwards(gr_req *req, void *arg)
{
    (void)req, (void)arg;
    note("afterwards");
    return 0;
}

static gr_reply defers(gr_req *req)
{
    int rc = gr_defer(req, end_of_it, NULL);
    rc = rc ? rc : gr_after(req, afterwards, NULL);
    return gr_failed(req, rc ? rc : gr_fail(req, 400, "no"));
}
GR_GET("/defers", defers);

START_TEST(teardowns_are_told_what_was_sent_and_background_tasks_do_not_run)
{
    MAKE_APP(app, &defers_route);
    seen[0] = '\0';
    ck_assert_int_eq(gr_app_on_error(app, 400, as_ok), 0);
    gr_test *test = serve(app);
    check_get(test, "/defers", 201, NULL);
    ck_assert_int_eq(ended_as, GR_ANSWERED);
    LACKS(seen, "afterwards");
    end(test, app);
}
END_TEST

/* --- mistakes --- */

START_TEST(a_status_that_is_no_error_is_refused)
{
    const int wrong[] = {1, 2, 3, 6, 200, 399, 600, -1};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        MAKE_APP(app, &refuses_route);
        ck_assert_int_eq(gr_app_on_error(app, wrong[i], ours), GR_EINVAL);
        free(refusal(app));
        gr_app_destroy(app);
    }
    MAKE_APP(app, &refuses_route);
    ck_assert_int_eq(gr_app_on_error(app, 404, NULL), GR_EINVAL);
    gr_app_destroy(app);
    ck_assert_int_eq(gr_app_on_error(NULL, 404, ours), GR_ENOMEM);
    ck_assert_int_eq(gr_app_set_problem_details(NULL, true), GR_ENOMEM);
}
END_TEST

START_TEST(two_functions_for_one_status_are_refused)
{
    MAKE_APP(app, &refuses_route);
    ck_assert_int_eq(gr_app_on_error(app, 404, ours), 0);
    ck_assert_int_eq(gr_app_on_error(app, 404, as_ok), GR_EEXIST);
    ck_assert_int_eq(gr_app_set_docs_url(app, "docs"), GR_EINVAL);
    char *text = refusal(app);
    HAS(text, "the application could not be built: gr_app_on_error() was given two functions for one status");
    free(text);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests("app errors",
                     (test_list){any_json_can_be_the_detail,
                                 a_detail_that_is_none_is_500,
                                 the_first_failure_wins_with_the_headers_that_are_its_own,
                                 a_failure_has_several_headers_of_one_name,
                                 one_function_answers_every_error,
                                 a_target_that_is_none_is_an_error_too,
                                 what_is_returned_is_no_error,
                                 the_most_specific_one_is_asked,
                                 where_none_is_meant_the_reply_stays,
                                 the_reply_can_be_kept_and_changed,
                                 headers_that_belong_to_the_status_stay,
                                 the_504_of_a_deadline_may_be_large_or_fail,
                                 while_a_thread_has_the_request_the_504_is_the_plain_one,
                                 middleware_sees_the_reply_that_took_the_errors_place,
                                 what_a_middleware_raises_is_answered_outside_it,
                                 inside_blocking_middleware_it_runs_on_the_same_thread,
                                 one_that_fails_is_logged_and_answered_by_the_plain_500,
                                 teardowns_are_told_what_was_sent_and_background_tasks_do_not_run,
                                 a_status_that_is_no_error_is_refused,
                                 two_functions_for_one_status_are_refused,
                                 NULL},
                     10);
}
