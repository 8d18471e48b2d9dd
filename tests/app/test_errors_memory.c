/* Memory that runs out where an error is answered, a hook awaits, a test's client keeps something. */
#include "app_test.h"

#include <griddle/error.h>
#include <griddle/json.h>

#include "scarce.h"

static gr_reply refuses(gr_req *req)
{
    gr_fail_json(req, 401, json_pack("{s:s}", "title", "who?"));
    return gr_failed(req, gr_fail_header(req, "WWW-Authenticate", "Bearer"));
}
GR_GET("/refuses", refuses);

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

static gr_reply around(gr_co co, gr_req *req, gr_next *next, const void *with)
{
    return gr_with_header(gr_call_next(co, req, next), "X-With", with);
}

static gr_reply answer_it(gr_req *req, const gr_error_info *error)
{
    return gr_pack(req, "{s:s}", "cause", error->cause);
}

static int begins(gr_co co, gr_app *app, void *state)
{
    (void)app, (void)state;
    return gr_sleep(co, 10);
}

static void ends(gr_co co, gr_app *app, void *state)
{
    (void)app, (void)state;
    (void)!gr_sleep(co, 10);
}

static gr_app *make_app(bool problems)
{
    gr_app *app = gr_app_create("Memory", "1");
    int rc = gr_app_add(app, &refuses_route, &counted_route);
    rc |= gr_use(app, around, .with = "it");
    rc |= gr_app_on_error(app, 401, answer_it);
    rc |= gr_app_set_problem_details(app, problems);
    rc |= gr_app_on_start(app, begins);
    rc |= gr_app_on_stop(app, ends);
    if (rc == 0)
        return app;
    gr_app_destroy(app);
    return NULL;
}

/* With the first, the second, ... allocation failing, until none does. */
#define TORTURE(what, is_well) \
    do { \
        json_set_alloc_funcs(__wrap_malloc, free); \
        dup2(open("/dev/null", O_WRONLY), 2); \
        long at_ = 0; \
        for (bool failed_ = true; failed_; at_++) { \
            ck_assert_int_lt((int)at_, 5000); \
            __atomic_store_n(&left, at_, __ATOMIC_RELAXED); \
            what; \
            failed_ = has_failed(); \
            plenty(); \
            ck_assert_msg(is_well, "allocation %ld", at_); \
        } \
        ck_assert_int_gt((int)at_, 3); \
    } while (0)

/* Its status; 0: none came. Check allocates too, so nothing is asserted meanwhile. */
static int one_error(gr_test *test, const char *raw)
{
    gr_test_conn *conn = gr_test_connect(test);
    if (!conn)
        return 0;
    gr_test_send(conn, raw, strlen(raw));
    gr_answer *answer = gr_test_next_answer(conn, false);
    int status = answer ? gr_answer_status(answer) : 0;
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    return status;
}

static void torture_error(const char *raw, int status, bool only_one)
{
    for (int problems = 0; problems < 2; problems++) {
        gr_app *app = make_app(problems);
        gr_test *test = serve(app);
        once = only_one;
        int got;
        TORTURE(got = one_error(test, raw), got == 0 || got == status || got == 500 || got == 503);
        ck_assert_int_eq(one_error(test, raw), status);
        end(test, app);
    }
}

START_TEST(an_error_is_answered_or_is_the_plain_500)
{
    for (int only_one = 0; only_one < 2; only_one++) {
        torture_error(GET("/refuses"), 401, only_one);
        torture_error(GET("/counted?n=x"), 422, only_one);
        torture_error(GET("/nowhere"), 404, only_one);
    }
}
END_TEST

static void one_life(void)
{
    gr_app *app = make_app(false);
    gr_test *test = app ? gr_test_create(app) : NULL;
    gr_test_destroy(test);
    gr_app_destroy(app);
}

START_TEST(an_application_starts_with_its_hooks_or_not_at_all)
{
    once = true;
    TORTURE(one_life(), true);
    once = false;
    TORTURE(one_life(), true);
}
END_TEST

static gr_reply hops(gr_co co, gr_req *req)
{
    (void)co;
    return gr_with_header(gr_with_status(gr_redirect(req, "../seen?x"), 303), "Set-Cookie", "a=1; Max-Age=9; Path=/");
}
GR_POST("/hops/on", hops);

static gr_reply seen(gr_co co, gr_req *req)
{
    (void)co;
    const char *cookie = gr_header(req, "Cookie");
    return gr_text(req, cookie ? cookie : "none");
}
GR_GET("/seen", seen);

/* Whether the answer is whole, or there is none. */
static bool one_visit(gr_test *test, bool must)
{
    (void)gr_test_set_header(test, "X", "1");
    (void)gr_test_set_base_url(test, "http://h/");
    (void)gr_test_set_cookie(test, "b", "2");
    gr_answer *answer = gr_test_call(test, "POST", "/hops/on", .form = GR_NAMES("a", "b c"),
                                     .query = GR_NAMES("q", "1"), .follow_redirects = 2);
    bool whole = answer && strcmp(gr_answer_body(answer, NULL), "b=2; a=1") == 0;
    bool is_well =
        must ? whole : !answer || gr_answer_status(answer) == 500 || strstr(gr_answer_body(answer, NULL), "a=1");
    gr_answer_free(answer);
    gr_test_clear_cookies(test);
    (void)gr_test_set_header(test, "X", NULL);
    return is_well;
}

START_TEST(the_client_of_a_test_gets_its_answer_or_none)
{
    MAKE_APP(app, &hops_route, &seen_route);
    gr_test *test = serve(app);
    bool is_well;
    once = true;
    TORTURE(is_well = one_visit(test, false), is_well);
    once = false;
    TORTURE(is_well = one_visit(test, false), is_well);
    ck_assert(one_visit(test, true));
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests("app errors memory",
                     (test_list){an_error_is_answered_or_is_the_plain_500,
                                 an_application_starts_with_its_hooks_or_not_at_all,
                                 the_client_of_a_test_gets_its_answer_or_none, NULL},
                     60);
}
