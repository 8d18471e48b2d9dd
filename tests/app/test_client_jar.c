/* Cookies, as a test's client keeps them: RFC 6265bis. */
#include <time.h>

#include "app_test.h"

#include "server/jar.h"

/* Answers with each "set" of its query as a Set-Cookie, and says what came as Cookie. */
static gr_reply cookies(gr_co co, gr_req *req)
{
    (void)co;
    const char *sent = gr_header(req, "Cookie"), *set = gr_query(req, "set"), *more = gr_query(req, "more");
    gr_reply reply = gr_text(req, sent ? sent : "none");
    if (set)
        reply = gr_with_header(reply, "Set-Cookie", set);
    return more ? gr_with_header(reply, "Set-Cookie", more) : reply;
}
GR_GET("/{path:path}", cookies);

static void set_by(gr_test *test, const char *target, const char *line)
{
    gr_answer *answer = gr_test_call(test, "GET", target, .query = GR_NAMES("set", line));
    ck_assert_int_eq(gr_answer_status(answer), 200);
    gr_answer_free(answer);
}

static gr_test *begin(gr_app **app)
{
    *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(*app, &cookies_route), 0);
    return serve(*app);
}

START_TEST(a_cookie_is_sent_from_then_on)
{
    gr_app *app;
    gr_test *test = begin(&app);
    check_get(test, "/", 200, "none");
    set_by(test, "/", "a=1; HttpOnly; SameSite=Lax");
    check_get(test, "/x/y", 200, "a=1");
    ck_assert_pstr_eq(gr_test_cookie(test, "a"), "1");
    ck_assert_ptr_null(gr_test_cookie(test, "b"));
    set_by(test, "/", "a=2");
    set_by(test, "/", "b=\"x y\"");
    check_get(test, "/", 200, "a=2; b=\"x y\"");
    gr_test_clear_cookies(test);
    check_get(test, "/", 200, "none");
    end(test, app);
}
END_TEST

START_TEST(each_line_of_an_answer_is_one)
{
    gr_app *app;
    gr_test *test = begin(&app);
    gr_answer *answer = gr_test_call(test, "GET", "/", .query = GR_NAMES("set", "a=1", "more", "b=2"));
    gr_answer_free(answer);
    check_get(test, "/", 200, "a=1; b=2");
    end(test, app);
}
END_TEST

START_TEST(paths_are_matched_by_their_segments_and_the_longest_comes_first)
{
    gr_app *app;
    gr_test *test = begin(&app);
    set_by(test, "/", "all=1; Path=/");
    set_by(test, "/", "papers=1; Path=/papers");
    set_by(test, "/papers/web/page", "own=1");
    set_by(test, "/", "odd=1; Path=elsewhere");
    check_get(test, "/", 200, "all=1; odd=1");
    check_get(test, "/papers", 200, "papers=1; all=1; odd=1");
    check_get(test, "/papers/web/other?q=/x", 200, "own=1; papers=1; all=1; odd=1");
    check_get(test, "/papersets", 200, "all=1; odd=1");
    check_get(test, "/papers/website", 200, "papers=1; all=1; odd=1");
    end(test, app);
}
END_TEST

START_TEST(a_cookie_goes_when_its_time_is_over)
{
    gr_app *app;
    gr_test *test = begin(&app);
    set_by(test, "/", "a=1; Max-Age=60");
    set_by(test, "/", "b=1; Expires=Wed, 09 Jun 1999 10:18:14 GMT");
    set_by(test, "/", "c=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT");
    set_by(test, "/", "d=1; Max-Age=60; Expires=Wed, 09 Jun 1999 10:18:14 GMT");
    set_by(test, "/", "e=1; Max-Age=never");
    check_get(test, "/", 200, "a=1; c=1; d=1; e=1");
    gr_test_advance(test, 59999);
    check_get(test, "/", 200, "a=1; c=1; d=1; e=1");
    gr_test_advance(test, 1);
    check_get(test, "/", 200, "c=1; e=1");
    ck_assert_ptr_null(gr_test_cookie(test, "a"));
    end(test, app);
}
END_TEST

static gr_reply soon(gr_co co, gr_req *req)
{
    (void)co;
    char date[64];
    time_t then = time(NULL) + 3600;
    struct tm tm;
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&then, &tm));
    return gr_with_header(gr_text(req, "set"), "Set-Cookie", gr_printf(req, "a=1; Expires=%s", date));
}
GR_GET("/soon", soon);

START_TEST(expires_is_measured_on_the_clock_of_the_test)
{
    MAKE_APP(app, &soon_route, &cookies_route);
    gr_test *test = serve(app);
    check_get(test, "/soon", 200, "set");
    gr_test_advance(test, 3590 * 1000);
    check_get(test, "/", 200, "a=1");
    gr_test_advance(test, 20 * 1000);
    check_get(test, "/", 200, "none");
    end(test, app);
}
END_TEST

START_TEST(a_cookie_is_deleted_by_one_that_is_over)
{
    gr_app *app;
    gr_test *test = begin(&app);
    set_by(test, "/", "a=1; Path=/papers");
    set_by(test, "/", "a=2");
    set_by(test, "/", "a=; Max-Age=0");
    check_get(test, "/papers", 200, "a=1");
    set_by(test, "/", "a=; Path=/papers; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    check_get(test, "/papers", 200, "none");
    set_by(test, "/", "a=1");
    set_by(test, "/", "a=; Max-Age=-5");
    check_get(test, "/", 200, "none");
    end(test, app);
}
END_TEST

START_TEST(secure_cookies_need_https)
{
    gr_app *app;
    gr_test *test = begin(&app);
    set_by(test, "/", "a=1; Secure");
    check_get(test, "/", 200, "none");
    ck_assert_int_eq(gr_test_set_base_url(test, "https://testserver"), 0);
    set_by(test, "/", "a=1; Secure");
    set_by(test, "/", "b=1");
    check_get(test, "/", 200, "a=1; b=1");
    ck_assert_int_eq(gr_test_set_base_url(test, "http://testserver"), 0);
    check_get(test, "/", 200, "b=1");
    end(test, app);
}
END_TEST

START_TEST(names_that_promise_something_keep_it)
{
    gr_app *app;
    gr_test *test = begin(&app);
    ck_assert_int_eq(gr_test_set_base_url(test, "https://shop.example"), 0);
    set_by(test, "/", "__Secure-a=1");
    set_by(test, "/", "__Host-b=1; Secure");
    set_by(test, "/", "__Host-c=1; Secure; Path=/; Domain=shop.example");
    check_get(test, "/", 200, "none");
    set_by(test, "/", "__Secure-a=1; Secure");
    set_by(test, "/", "__Host-b=1; Secure; Path=/");
    check_get(test, "/", 200, "__Secure-a=1; __Host-b=1");
    end(test, app);
}
END_TEST

START_TEST(a_domain_is_the_hosts_own_or_one_above)
{
    gr_app *app;
    gr_test *test = begin(&app);
    ck_assert_int_eq(gr_test_set_base_url(test, "http://www.shop.example:8000"), 0);
    set_by(test, "/", "own=1");
    set_by(test, "/", "up=1; Domain=.shop.example");
    set_by(test, "/", "no=1; Domain=other.example");
    set_by(test, "/", "tld=1; Domain=example");
    set_by(test, "/", "part=1; Domain=op.example");
    check_get(test, "/", 200, "own=1; up=1");
    ck_assert_int_eq(gr_test_set_base_url(test, "http://SHOP.example"), 0);
    check_get(test, "/", 200, "up=1");
    ck_assert_int_eq(gr_test_set_base_url(test, "http://api.shop.example"), 0);
    check_get(test, "/", 200, "up=1");
    ck_assert_int_eq(gr_test_set_base_url(test, "http://theshop.example"), 0);
    check_get(test, "/", 200, "none");
    end(test, app);
}
END_TEST

START_TEST(ones_own_cookies_are_sent_to_every_path)
{
    gr_app *app;
    gr_test *test = begin(&app);
    ck_assert_int_eq(gr_test_set_cookie(test, "session", "abc"), 0);
    check_get(test, "/x", 200, "session=abc");
    gr_answer *answer = gr_test_call(test, "GET", "/", .headers = GR_NAMES("cookie", "mine=1"));
    check_answer(answer, 200, "mine=1");
    gr_answer_free(answer);
    set_by(test, "/", "session=def; Path=/");
    check_get(test, "/x", 200, "session=def");
    end(test, app);
}
END_TEST

START_TEST(what_is_no_cookie_is_not_kept)
{
    struct gri_jar jar = {{0}};
    const struct gri_origin from = {false, GRI_STR("h"), GRI_STR("/")};
    static const char *const lines[] = {"", ";", "=", "; Path=/", "a=\x01", "a\x7f=1", " = ; x"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert(gri_jar_set(&jar, &from, gri_str_from(lines[i]), 0, 0));
    ck_assert_uint_eq(jar.cookies.n, 0);
    char *large = malloc(5000);
    memset(large, 'x', 5000);
    ck_assert(gri_jar_set(&jar, &from, (struct gri_str){large, 4097}, 0, 0));
    ck_assert_uint_eq(jar.cookies.n, 0);
    ck_assert(gri_jar_set(&jar, &from, (struct gri_str){large, 4096}, 0, 0));
    ck_assert_uint_eq(jar.cookies.n, 1);
    gri_jar_empty(&jar);
    free(large);
    struct gri_buf out;
    gri_buf_init(&out, NULL);
    ck_assert(gri_jar_set(&jar, &from, GRI_STR(" a = 1 ;path"), 0, 0));
    ck_assert(gri_jar_set(&jar, &from, GRI_STR("nameless"), 0, 0));
    gri_jar_write(&jar, &from, 0, &out);
    gri_buf_putc(&out, '\0');
    ck_assert_str_eq(out.data, "a=1; nameless");
    gri_buf_finish(&out);
    gri_jar_empty(&jar);
}
END_TEST

static const struct {
    const char *text;
    int64_t seconds; /* below 0: no date */
} dates[] = {
    {"Wed, 09 Jun 2021 10:18:14 GMT", 1623233894},
    {"Wednesday, 09-Jun-21 10:18:14 GMT", 1623233894},
    {"Wed Jun  9 10:18:14 2021", 1623233894},
    {"9 june 2021 10:18:14", 1623233894},
    {"10:18:14 2021 9 jun", 1623233894},
    {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
    {"Thu, 01 Jan 70 00:00:00 GMT", 0},
    {"Fri, 01 Jan 69 00:00:00 GMT", 3124224000},
    {"Sat, 29 Feb 2020 1:2:3 GMT", 1582938123},
    {"Fri, 29 Feb 2019 01:02:03 GMT", -1},
    {"Wed, 09 Jun 2021 24:00:00 GMT", -1},
    {"Wed, 09 Jun 2021 10:60:00 GMT", -1},
    {"Wed, 09 Jun 1600 10:00:00 GMT", -1},
    {"Wed, 09 Jun 2021", -1},
    {"10:18:14 GMT", -1},
    {"", -1},
};

START_TEST(dates_are_read_as_servers_have_ever_written_them)
{
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        int64_t seconds = -1;
        bool is_date = gri_cookie_date(gri_str_from(dates[i].text), &seconds);
        ck_assert_msg(is_date == (dates[i].seconds >= 0), "%s", dates[i].text);
        ck_assert_msg(!is_date || seconds == dates[i].seconds, "%s: %lld", dates[i].text, (long long)seconds);
    }
}
END_TEST

int main(void)
{
    return run_tests("app client jar",
                     (test_list){a_cookie_is_sent_from_then_on, each_line_of_an_answer_is_one,
                                 paths_are_matched_by_their_segments_and_the_longest_comes_first,
                                 a_cookie_goes_when_its_time_is_over, expires_is_measured_on_the_clock_of_the_test,
                                 a_cookie_is_deleted_by_one_that_is_over, secure_cookies_need_https,
                                 names_that_promise_something_keep_it, a_domain_is_the_hosts_own_or_one_above,
                                 ones_own_cookies_are_sent_to_every_path, what_is_no_cookie_is_not_kept,
                                 dates_are_read_as_servers_have_ever_written_them, NULL},
                     10);
}
