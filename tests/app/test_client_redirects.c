/* What a test's client does beside cookies: redirects, headers for all requests, forms, JSON, a base URL. */
#include "app_test.h"

#include <griddle/json.h>

#include "server/place.h"

static gr_reply go(gr_req *req)
{
    const char *to = gr_query(req, "to"), *status = gr_query(req, "status");
    return gr_with_status(gr_redirect(req, to), status ? atoi(status) : 307);
}
GR_ANY("/go", go);

static gr_reply loop_on(gr_req *req)
{
    return gr_redirect(req, "/loop");
}
GR_GET("/loop", loop_on);

static gr_reply nowhere(gr_req *req)
{
    return gr_empty(req, 302);
}
GR_GET("/nowhere", nowhere);

static gr_reply sets(gr_req *req)
{
    return gr_with_status(gr_with_header(gr_redirect(req, "/here"), "Set-Cookie", "seen=1"), 303);
}
GR_POST("/sets", sets);

static const char *or_none(const char *text)
{
    return text ? text : "-";
}

static gr_reply here(gr_req *req)
{
    size_t len;
    const char *body = gr_body(req, &len);
    return gr_text(req, gr_printf(req, "%s %s host=%s type=%s auth=%s cookie=%s x=%s body=%.*s", gr_method(req),
                                  gr_target(req), or_none(gr_header(req, "Host")),
                                  or_none(gr_header(req, "Content-Type")), or_none(gr_header(req, "Authorization")),
                                  or_none(gr_header(req, "Cookie")), or_none(gr_header(req, "X-All")), (int)len, body));
}
GR_ANY("/{path:path}", here);

static gr_test *begin(gr_app **app)
{
    *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(*app, &go_route, &loop_on_route, &nowhere_route, &sets_route, &here_route), 0);
    return serve(*app);
}

#define CHECK(answer_of, text) \
    do { \
        gr_answer *answer_ = (answer_of); \
        check_answer(answer_, 200, (text)); \
        gr_answer_free(answer_); \
    } while (0)

/* --- redirects --- */

START_TEST(without_being_asked_no_redirect_is_followed)
{
    gr_app *app;
    gr_test *test = begin(&app);
    check_get(test, "/go?to=/here", 307, NULL);
    gr_answer *answer = gr_test_call(test, "GET", "/go?to=/here");
    check_answer(answer, 307, NULL);
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

static void check_hop(gr_test *test, const char *method, int status, const char *seen)
{
    char target[100];
    snprintf(target, sizeof target, "/go?to=/here&status=%d", status);
    gr_answer *answer = gr_test_call(test, method, target, .json = "{}", .follow_redirects = 1);
    char expected[200];
    snprintf(expected, sizeof expected, "%s", seen);
    check_answer(answer, 200, strcmp(method, "HEAD") == 0 ? "" : expected);
    ck_assert_str_eq(gr_answer_target(answer), "/here");
    gr_answer_free(answer);
}

#define KEPT(method) method " /here host=testserver type=application/json auth=- cookie=- x=- body={}"
#define BECAME_GET   "GET /here host=testserver type=- auth=- cookie=- x=- body="

START_TEST(method_and_body_are_kept_or_not_as_browsers_do)
{
    gr_app *app;
    gr_test *test = begin(&app);
    check_hop(test, "POST", 301, BECAME_GET);
    check_hop(test, "POST", 302, BECAME_GET);
    check_hop(test, "POST", 303, BECAME_GET);
    check_hop(test, "POST", 307, KEPT("POST"));
    check_hop(test, "POST", 308, KEPT("POST"));
    check_hop(test, "PUT", 301, KEPT("PUT"));
    check_hop(test, "PUT", 302, KEPT("PUT"));
    check_hop(test, "PUT", 303, BECAME_GET);
    check_hop(test, "GET", 303, KEPT("GET"));
    end(test, app);
}
END_TEST

START_TEST(a_cookie_that_a_redirect_sets_goes_with_it)
{
    gr_app *app;
    gr_test *test = begin(&app);
    CHECK(gr_test_call(test, "POST", "/sets", .form = GR_NAMES("a", "1"), .follow_redirects = 3,
                       .headers = GR_NAMES("Cookie", "old=1")),
          "GET /here host=testserver type=- auth=- cookie=seen=1 x=- body=");
    end(test, app);
}
END_TEST

START_TEST(beyond_the_limit_there_is_no_answer_and_a_sentence)
{
    gr_app *app;
    gr_test *test = begin(&app);
    begin_capture();
    ck_assert_ptr_null(gr_test_call(test, "GET", "/loop", .follow_redirects = 3));
    char *text = end_capture();
    HAS(text, "griddle: GET /loop is redirected, after 3 redirects and no more were to be followed: to /loop\n");
    free(text);
    end(test, app);
}
END_TEST

START_TEST(a_redirect_to_no_http_is_a_sentence_and_one_without_a_location_an_answer)
{
    gr_app *app;
    gr_test *test = begin(&app);
    begin_capture();
    ck_assert_ptr_null(gr_test_call(test, "GET", "/go?to=ftp://h/x", .follow_redirects = 3));
    char *text = end_capture();
    HAS(text, "is redirected to what no http: or https: URL is: ftp://h/x\n");
    free(text);
    gr_answer *answer = gr_test_call(test, "GET", "/nowhere", .follow_redirects = 3);
    check_answer(answer, 302, NULL);
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(another_host_is_the_same_application_without_the_authorization)
{
    gr_app *app;
    gr_test *test = begin(&app);
    CHECK(gr_test_call(test, "GET", "/go?to=http://other.example:81/here", .follow_redirects = 1,
                       .headers = GR_NAMES("Authorization", "Bearer x", "Host", "first.example")),
          "GET /here host=other.example:81 type=- auth=- cookie=- x=- body=");
    CHECK(gr_test_call(test, "GET", "/go?to=/here", .follow_redirects = 1,
                       .headers = GR_NAMES("Authorization", "Bearer x", "Host", "first.example")),
          "GET /here host=first.example type=- auth=Bearer x cookie=- x=- body=");
    end(test, app);
}
END_TEST

START_TEST(the_slash_redirect_of_an_application_is_followed)
{
    MAKE_APP(app, &nowhere_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_call(test, "GET", "/nowhere/?q=1", .follow_redirects = 1);
    check_answer(answer, 302, NULL);
    ck_assert_str_eq(gr_answer_target(answer), "/nowhere?q=1");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

/* RFC 3986 section 5.4, and what is special about our targets. */
static const char *const references[][2] = {
    {"g", "/b/c/g"},
    {"./g", "/b/c/g"},
    {"g/", "/b/c/g/"},
    {"/g", "/g"},
    {"?y", "/b/c/d;p?y"},
    {"g?y", "/b/c/g?y"},
    {"#s", "/b/c/d;p?q"},
    {"g#s", "/b/c/g"},
    {";x", "/b/c/;x"},
    {"", "/b/c/d;p?q"},
    {".", "/b/c/"},
    {"./", "/b/c/"},
    {"..", "/b/"},
    {"../", "/b/"},
    {"../g", "/b/g"},
    {"../..", "/"},
    {"../../", "/"},
    {"../../g", "/g"},
    {"../../../g", "/g"},
    {"/./g", "/g"},
    {"/../g", "/g"},
    {"g.", "/b/c/g."},
    {"..g", "/b/c/..g"},
    {"./../g", "/b/g"},
    {"./g/.", "/b/c/g/"},
    {"g/./h", "/b/c/g/h"},
    {"g/../h", "/b/c/h"},
    {"g?y/./x", "/b/c/g?y/./x"},
    {"g?y/../x", "/b/c/g?y/../x"},
    {"g;x=1/../y", "/b/c/y"},
    {"//h", "/"},
    {"//h?q", "/?q"},
    {"http://h/x/../y", "/y"},
    {"HTTPS://u@h/z", "/z"},
    {"./a:b", "/b/c/a:b"},
};

START_TEST(references_are_resolved_as_the_standard_has_it)
{
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        struct gri_url_place place;
        ck_assert_int_eq(gri_url_place_init(&place, "http://a/b/c/d;p?q"), 0);
        ck_assert_int_eq(gri_url_place_go(&place, references[i][0]), 0);
        ck_assert_msg(strcmp(place.target, references[i][1]) == 0, "%s: %s, not %s", references[i][0], place.target,
                      references[i][1]);
        gri_url_place_finish(&place);
    }
}
END_TEST

START_TEST(what_is_no_url_is_refused)
{
    static const char *const wrong[] = {"mailto:a", "http:", "http:/x", "http://", "https://@", "x:y"};
    struct gri_url_place place;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_int_eq(gri_url_place_init(&place, "http://a/b"), 0);
        ck_assert_msg(gri_url_place_go(&place, wrong[i]) == GR_EINVAL, "%s", wrong[i]);
        ck_assert_str_eq(place.target, "/b");
        gri_url_place_finish(&place);
    }
    ck_assert_int_eq(gri_url_place_init(&place, "/b"), GR_EINVAL);
    gri_url_place_finish(&place);
}
END_TEST

/* --- what else a request has --- */

START_TEST(a_header_for_all_requests_is_one_until_it_is_taken_away)
{
    gr_app *app;
    gr_test *test = begin(&app);
    ck_assert_int_eq(gr_test_set_header(test, "X-All", "1"), 0);
    ck_assert_int_eq(gr_test_set_header(test, "x-all", "2"), 0);
    CHECK(gr_test_get(test, "/a"), "GET /a host=testserver type=- auth=- cookie=- x=2 body=");
    CHECK(gr_test_call(test, "GET", "/a", .headers = GR_NAMES("X-ALL", "3")),
          "GET /a host=testserver type=- auth=- cookie=- x=3 body=");
    ck_assert_int_eq(gr_test_set_header(test, "X-All", NULL), 0);
    CHECK(gr_test_get(test, "/a"), "GET /a host=testserver type=- auth=- cookie=- x=- body=");
    end(test, app);
}
END_TEST

START_TEST(forms_queries_and_json_are_written_as_their_types_say)
{
    gr_app *app;
    gr_test *test = begin(&app);
    CHECK(gr_test_call(test, "POST", "/f?a=1", .form = GR_NAMES("n m", "1&2", "u", "\xc3\xbc-._*"),
                       .query = GR_NAMES("q", "x y/z")),
          "POST /f?a=1&q=x+y%2Fz host=testserver type=application/x-www-form-urlencoded auth=- cookie=- x=- "
          "body=n+m=1%262&u=%C3%BC-._*");
    CHECK(gr_test_call(test, "PUT", "/j", .json = "[1]", .query = GR_NAMES("q", "")),
          "PUT /j?q= host=testserver type=application/json auth=- cookie=- x=- body=[1]");
    CHECK(gr_test_call(test, "PUT", "/j", .json = "[1]", .headers = GR_NAMES("content-type", "a/b+json")),
          "PUT /j host=testserver type=a/b+json auth=- cookie=- x=- body=[1]");
    CHECK(gr_test_call(test, "PUT", "/b", .body = "raw", .len = 3),
          "PUT /b host=testserver type=- auth=- cookie=- x=- body=raw");
    end(test, app);
}
END_TEST

START_TEST(a_base_url_says_host_and_the_path_before_all)
{
    gr_app *app;
    gr_test *test = begin(&app);
    ck_assert_int_eq(gr_test_set_base_url(test, "https://shop.example:8443/api/v1/?x#y"), 0);
    CHECK(gr_test_get(test, "/a"), "GET /api/v1/a host=shop.example:8443 type=- auth=- cookie=- x=- body=");
    ck_assert_int_eq(gr_test_set_base_url(test, "shop.example"), GR_EINVAL);
    CHECK(gr_test_get(test, "/a"), "GET /api/v1/a host=shop.example:8443 type=- auth=- cookie=- x=- body=");
    ck_assert_int_eq(gr_test_set_base_url(test, "http://h"), 0);
    CHECK(gr_test_get(test, "/a"), "GET /a host=h type=- auth=- cookie=- x=- body=");
    end(test, app);
}
END_TEST

START_TEST(options_of_another_size_are_refused)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_test_options options = {.size = 3};
    ck_assert_ptr_null(gr_test_call_with(test, "GET", "/a", &options));
    options.size = sizeof options + sizeof(size_t);
    ck_assert_ptr_null(gr_test_call_with(test, "GET", "/a", &options));
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests(
        "app client redirects",
        (test_list){without_being_asked_no_redirect_is_followed, method_and_body_are_kept_or_not_as_browsers_do,
                    a_cookie_that_a_redirect_sets_goes_with_it, beyond_the_limit_there_is_no_answer_and_a_sentence,
                    a_redirect_to_no_http_is_a_sentence_and_one_without_a_location_an_answer,
                    another_host_is_the_same_application_without_the_authorization,
                    the_slash_redirect_of_an_application_is_followed, references_are_resolved_as_the_standard_has_it,
                    what_is_no_url_is_refused, a_header_for_all_requests_is_one_until_it_is_taken_away,
                    forms_queries_and_json_are_written_as_their_types_say, a_base_url_says_host_and_the_path_before_all,
                    options_of_another_size_are_refused, NULL},
        10);
}
