/* Dependencies where they meet what else an application has: routers, mounted applications, answers to errors, early
 * teardowns, deadlines, clients that leave. */
#include <griddle/error.h>
#include <griddle/router.h>

#include "need.h"

static void note_outcome(const char *what, gr_outcome outcome)
{
    static const char *const names[] = {"answered", "failed", "abandoned"};
    char text[80];
    snprintf(text, sizeof text, "%s:%s", what, names[outcome]);
    note(text);
}

static int commit(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    int rc = gr_yield(co);
    note_outcome(arg, outcome);
    return rc ? rc : gr_query(req, arg) ? GR_EINVAL : 0;
}

static int commit_blocking(gr_req *req, void *arg, gr_outcome outcome)
{
    note_outcome(arg, outcome);
    return gr_query(req, arg) ? GR_EINVAL : 0;
}

static void give_back(GR_UNUSED gr_req *req, void *arg, gr_outcome outcome)
{
    note_outcome(arg, outcome);
}

static int transaction(GR_UNUSED gr_co co, gr_req *req, int *value)
{
    *value = 1;
    int rc = gr_defer(req, give_back, "end");
    return rc ? rc : gr_defer_early(req, commit, "commit");
}
GR_DEPENDENCY(transaction, int, .concurrent = true);

static int beside(gr_co co, gr_req *req, int *value)
{
    *value = 1;
    int rc = gr_sleep(co, 10);
    if (rc || !gr_query(req, "beside"))
        return rc;
    (void)gr_fail(req, 401, "who are you?");
    return gr_fail_header(req, "www-authenticate", "Bearer");
}
GR_DEPENDENCY(beside, int, .concurrent = true);

struct pay {
    int transaction, beside;
};
static GR_INPUT(pay, GR_NEEDS(transaction, transaction), GR_NEEDS(beside, beside));
HANDLES(pay)
GR_GET("/pay", pay);

/* --- errors of a mounted application --- */

static gr_reply around(gr_co co, gr_req *req, gr_next *next)
{
    gr_reply reply = gr_call_next(co, req, next);
    int rc = gr_defer_early(req, commit, "late");
    return rc ? gr_failed(req, rc) : reply;
}

static gr_reply says_whose(gr_req *req, const gr_error_info *error)
{
    note(gr_printf(req, "%s-%d", (const char *)gr_state(req), error->status));
    return gr_text(req, gr_printf(req, "%s: %d %s", (const char *)gr_state(req), error->status, error->cause));
}

static GR_ROUTER(shop, "/shop", .routes = GR_ROUTES(&pay_route), .middleware = GR_MIDDLEWARES(GR_MIDDLEWARE(around)));

struct two {
    gr_app *outer, *inner;
    gr_test *test;
};

static struct two mounted(void)
{
    struct two two = {gr_app_create("outer", "1"), gr_app_create("inner", "1"), NULL};
    ck_assert_int_eq(gr_app_set_state(two.outer, "outer"), 0);
    ck_assert_int_eq(gr_app_set_state(two.inner, "inner"), 0);
    ck_assert_int_eq(gr_app_include(two.inner, &shop_router), 0);
    ck_assert_int_eq(gr_app_mount(two.outer, "/in", two.inner), 0);
    ck_assert_int_eq(gr_app_on_error(two.outer, 0, says_whose), 0);
    ck_assert_int_eq(gr_app_on_error(two.inner, 0, says_whose), 0);
    trace[0] = '\0';
    return two;
}

START_TEST(an_early_teardown_fails_in_the_application_that_recorded_it)
{
    struct two two = mounted();
    two.test = serve(two.outer);
    check_get(two.test, "/in/shop/pay?commit=1", 500, NULL);
    gr_test_advance(two.test, 0);
    ck_assert_str_eq(trace, "handler commit:answered inner-500 late:failed end:failed ");
    trace[0] = '\0';
    check_get(two.test, "/in/shop/pay?late=1", 500, NULL);
    gr_test_advance(two.test, 0);
    ck_assert_str_eq(trace, "handler commit:answered late:answered inner-500 end:failed ");
    end(two.test, two.outer);
}
END_TEST

static bool records_once;
static gr_reply records_early(gr_req *req, const gr_error_info *error)
{
    if (records_once && gr_defer_early(req, commit_blocking, "of_error"))
        note("too_late");
    records_once = false;
    return error->reply;
}

START_TEST(what_the_answer_to_an_error_records_runs_too)
{
    MAKE_APP(app, &pay_route);
    ck_assert_int_eq(gr_use(app, around), 0);
    ck_assert_int_eq(gr_app_on_error(app, 0, records_early), 0);
    gr_test *test = serve(app);
    trace[0] = '\0';
    records_once = true;
    check_get(test, "/pay?late=1", 500, NULL);
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "handler commit:answered late:answered of_error:failed end:failed ");
    end(test, app);
}
END_TEST

START_TEST(a_refusal_beside_a_transaction_has_its_header_and_shape)
{
    MAKE_APP(app, &pay_route);
    ck_assert_int_eq(gr_app_set_problem_details(app, true), 0);
    gr_test *test = serve(app);
    trace[0] = '\0';
    gr_answer *answer = gr_test_get(test, "/pay?beside=1");
    check_answer(answer, 401, NULL);
    ck_assert_str_eq(gr_answer_header(answer, "www-authenticate"), "Bearer");
    ck_assert_str_eq(gr_answer_header(answer, "content-type"), "application/problem+json");
    HAS(gr_answer_body(answer, NULL), "who are you?");
    gr_answer_free(answer);
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "commit:failed end:failed ");
    end(test, app);
}
END_TEST

/* --- nobody waits for the reply --- */

static int shielded(gr_co co, GR_UNUSED void *arg)
{
    return gr_sleep(co, 50);
}

struct stubborn {
    int transaction, beside;
};
static GR_INPUT(stubborn, GR_NEEDS(transaction, transaction), GR_NEEDS(beside, beside));
static gr_reply stubborn(gr_co co, gr_req *req, GR_UNUSED const struct stubborn *in)
{
    int rc = gr_shield(co, shielded, NULL);
    return rc ? gr_failed(req, rc) : gr_text(req, "done");
}
GR_ROUTE_AS(hasty, "GET", "/hasty", stubborn, .deadline_ms = 30);
GR_ROUTE_AS(patient, "GET", "/patient", stubborn);
GR_ROUTE_AS(finishes, "GET", "/finishes", stubborn, .finish_if_abandoned = true);

static void leave_midway(const gr_route *route, const char *request, const char *wanted)
{
    MAKE_APP(app, route);
    gr_test *test = serve(app);
    trace[0] = '\0';
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, request);
    gr_test_advance(test, 20);
    gr_test_reset(conn);
    gr_test_advance(test, 100);
    ck_assert_str_eq(trace, wanted);
    gr_test_conn_destroy(conn);
    end(test, app);
}

START_TEST(where_nobody_waits_any_more_an_early_teardown_is_told)
{
    MAKE_APP(app, &hasty_route);
    gr_test *test = serve(app);
    trace[0] = '\0';
    check_get(test, "/hasty", 504, NULL);
    gr_test_advance(test, 100);
    ck_assert_str_eq(trace, "commit:abandoned end:abandoned ");
    end(test, app);
    leave_midway(&patient_route, GET("/patient"), "commit:abandoned end:abandoned ");
    leave_midway(&finishes_route, GET("/finishes"), "commit:answered end:abandoned ");
}
END_TEST

/* --- before the body, behind a mount --- */

static int authorizes(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_header(req, "x-token") ? 0 : gr_fail(req, 401, "no token");
}
GR_GUARD(authorizes, .before_body = true);
struct upload {
    const char *text;
};
static GR_INPUT(upload, GR_FIELD(text, .source = GR_IN_BODY));
HANDLES(upload)
GR_POST("/upload", upload);
static GR_ROUTER(uploads, "/uploads", .routes = GR_ROUTES(&upload_route),
                 .needs = GR_DEPENDENCIES(&authorizes_dependency));

static void upload_gets(gr_test *test, const char *head, const char *first, const char *lacks)
{
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, head);
    gr_test_advance(test, 0);
    const char *text = gr_test_received(conn, NULL);
    HAS(text, first);
    LACKS(text, lacks);
    gr_test_conn_destroy(conn);
}

#define UPLOAD(n, more) \
    "POST /in/uploads/upload HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: " n "\r\n" \
    "Expect: 100-continue\r\n" more "\r\n"

START_TEST(who_is_refused_before_the_body_is_refused_so_behind_a_mount_with_limits_of_its_own)
{
    gr_app *app = gr_app_create("outer", "1"), *inner = gr_app_create("inner", "1");
    gr_limits limits;
    gr_limits_init(&limits);
    limits.body_bytes = 1000;
    ck_assert_int_eq(gr_app_set_limits(inner, &limits), 0);
    ck_assert_int_eq(gr_app_include(inner, &uploads_router), 0);
    ck_assert_int_eq(gr_app_mount(app, "/in", inner), 0);
    gr_test *test = serve(app);
    upload_gets(test, UPLOAD("100", ""), "401", "100 Continue");
    upload_gets(test, UPLOAD("2000", ""), "401", "100 Continue");
    upload_gets(test, UPLOAD("100", "X-Token: a\r\n"), "100 Continue", "401");
    upload_gets(test, UPLOAD("2000", "X-Token: a\r\n"), "413", "100 Continue");
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests("app dependencies meetings",
                     (test_list){an_early_teardown_fails_in_the_application_that_recorded_it,
                                 what_the_answer_to_an_error_records_runs_too,
                                 a_refusal_beside_a_transaction_has_its_header_and_shape,
                                 where_nobody_waits_any_more_an_early_teardown_is_told,
                                 who_is_refused_before_the_body_is_refused_so_behind_a_mount_with_limits_of_its_own,
                                 NULL},
                     20);
}
