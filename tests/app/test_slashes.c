/* The redirect to or from a trailing slash: its reference, resolved as RFC 3986 section 5.2 says, leads from where the
 * client is to where the application serves, whatever is in front of it. */
#include "app_test.h"

static gr_reply say(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %s", gr_operation(req), gr_target(req)));
}
#define ROUTE(id, verb, where) GR_ROUTE_AS(id, verb, where, say)
ROUTE(without, "GET", "/without");
ROUTE(with, "GET", "/with/");
ROUTE(deep, "GET", "/a/b/{name}");
ROUTE(deep_with, "GET", "/c/d/{name}/");
ROUTE(posted, "POST", "/posted/");
ROUTE(root, "GET", "/");
ROUTE(ends, "GET", "/{rest:path}/end");
ROUTE(ends_with, "GET", "/{rest:path}/end/");

static gr_test *serve_all(gr_app *app)
{
    gr_app_add(app, &without_route, &with_route, &deep_route, &deep_with_route, &posted_route, &root_route);
    return serve(app);
}

/* --- RFC 3986 --- */

/* Section 3: whether it has a scheme, an authority. */
static bool has_scheme(const char *reference)
{
    return reference[strcspn(reference, ":/?#")] == ':';
}

static void drop_segment(char *path)
{
    char *slash = strrchr(path, '/');
    *(slash ? slash : path) = '\0';
}

/* Section 5.2.4, of a path that begins with '/'. */
static void remove_dot_segments(const char *in, char *out)
{
    *out = '\0';
    while (*in) {
        size_t n = 1 + strcspn(in + 1, "/");
        bool last = in[n] == '\0';
        if (n == 2 && memcmp(in, "/.", 2) == 0)
            strcat(out, last ? "/" : "");
        else if (n == 3 && memcmp(in, "/..", 3) == 0)
            drop_segment(out), strcat(out, last ? "/" : "");
        else
            strncat(out, in, n);
        in += n;
    }
}

/* Section 5.2.2, for a reference that is a relative path. `base`: a path. */
static void resolve(const char *base, const char *reference, char target[500])
{
    char merged[500], path[500];
    ck_assert_msg(!has_scheme(reference) && reference[0] != '/', "\"%s\" is no relative path", reference);
    size_t query = strcspn(reference, "?"), directory = (size_t)(strrchr(base, '/') - base) + 1;
    snprintf(merged, sizeof merged, "%.*s%.*s", (int)directory, base, (int)query, reference);
    remove_dot_segments(merged, path);
    snprintf(target, 500, "%s%s", path, reference + query);
}

static void to_path(const char *target, char path[500])
{
    snprintf(path, 500, "%.*s", (int)strcspn(target, "?"), target);
}

/* The client is at `prefix` and then `target`, a proxy takes the prefix away: it comes to `wanted`, and is served. */
static void expect_redirect(gr_test *test, const char *method, const char *target, const char *location,
                            const char *wanted)
{
    static const char *const prefixes[] = {"", "/prefix", "/a/long:prefix"};
    gr_answer *answer = gr_test_request(test, method, target, NULL, NULL, 0);
    check_answer(answer, 307, "");
    ck_assert_str_eq(gr_answer_header(answer, "Location"), location);
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        char path[500], base[600], resolved[500];
        to_path(target, path);
        snprintf(base, sizeof base, "%s%s", prefixes[i], path);
        resolve(base, gr_answer_header(answer, "Location"), resolved);
        ck_assert_int_eq(strncmp(resolved, prefixes[i], strlen(prefixes[i])), 0);
        ck_assert_str_eq(resolved + strlen(prefixes[i]), wanted);
    }
    gr_answer_free(answer);
    answer = gr_test_request(test, method, wanted, NULL, NULL, 0);
    check_answer(answer, 200, NULL);
    gr_answer_free(answer);
}

START_TEST(the_resolver_is_that_of_the_rfc)
{
    static const char *const examples[][2] = {{"g", "/b/c/g"},      {"./g", "/b/c/g"},     {"g/", "/b/c/g/"},
                                              {"../g", "/b/g"},     {"../..", "/"},        {"../../g", "/g"},
                                              {"../../../g", "/g"}, {"./g/.", "/b/c/g/"},  {"g?y/./x", "/b/c/g?y/./x"},
                                              {"./../g", "/b/g"},   {"g/./h", "/b/c/g/h"}, {"g/../h", "/b/c/h"},
                                              {"..", "/b/"},        {"../", "/b/"},        {"g;x=1/../y", "/b/c/y"}};
    char target[500]; /* section 5.4 */
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        resolve("/b/c/d;p", examples[i][0], target);
        ck_assert_str_eq(target, examples[i][1]);
    }
}
END_TEST

START_TEST(a_slash_too_many_is_taken_away)
{
    gr_app *app = gr_app_create("tests", "1");
    gr_test *test = serve_all(app);
    expect_redirect(test, "GET", "/without/", "../without", "/without");
    expect_redirect(test, "GET", "/without/?a=1&b=%20/?", "../without?a=1&b=%20/?", "/without?a=1&b=%20/?");
    expect_redirect(test, "GET", "/without/?", "../without?", "/without?");
    expect_redirect(test, "HEAD", "/without/", "../without", "/without");
    expect_redirect(test, "GET", "/a/b/c%20d%3f/", "../c%20d%3f", "/a/b/c%20d%3f");
    end(test, app);
}
END_TEST

START_TEST(a_slash_that_is_missing_is_added)
{
    gr_app *app = gr_app_create("tests", "1");
    gr_test *test = serve_all(app);
    expect_redirect(test, "GET", "/with", "./with/", "/with/");
    expect_redirect(test, "GET", "/with?q", "./with/?q", "/with/?q");
    expect_redirect(test, "GET", "/with?", "./with/?", "/with/?");
    expect_redirect(test, "POST", "/posted", "./posted/", "/posted/");
    expect_redirect(test, "GET", "/c/d/e:f", "./e:f/", "/c/d/e:f/");
    expect_redirect(test, "GET", "/c/d/javascript:x", "./javascript:x/", "/c/d/javascript:x/");
    expect_redirect(test, "GET", "/c/d/...", "./.../", "/c/d/.../");
    expect_redirect(test, "GET", "/c/d/%c3%a9%25", "./%c3%a9%25/", "/c/d/%c3%a9%25/");
    end(test, app);
}
END_TEST

static void expect_location(gr_test *test, const char *request, int status, const char *location)
{
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, request);
    gr_answer *answer = gr_test_next_answer(conn, false);
    ck_assert_ptr_nonnull(answer);
    ck_assert_int_eq(gr_answer_status(answer), status);
    ck_assert_str_eq(gr_answer_header(answer, "Location"), location);
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
}

START_TEST(neither_host_nor_scheme_are_repeated)
{
    gr_app *app = gr_app_create("tests", "1");
    gr_test *test = serve_all(app);
    expect_location(test, "GET /with?q=1 HTTP/1.0\r\n\r\n", 307, "./with/?q=1");
    expect_location(test, "GET /with HTTP/1.1\r\nHost: evil\r\n\r\n", 307, "./with/");
    expect_location(test, "GET http://a/without/?q HTTP/1.1\r\nHost: b\r\n\r\n", 307, "../without?q");
    end(test, app);
}
END_TEST

START_TEST(what_might_lead_to_another_host_is_404)
{
    static const char *const targets[] = {"//evil.example/end/", "//evil.example/end", "/x//end/",  "/x//end",
                                          "/%2Fevil/end/",       "/%2F%2Fevil/end",    "/x/%2fend", "/x/end//",
                                          "/x/end%2F/",          "/x/end%2F%2F",       "//end/",    "///"};
    MAKE_APP(one, &ends_route);
    gr_test *test = serve(one);
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        gr_answer *answer = gr_test_get(test, targets[i]);
        ck_assert_msg(gr_answer_status(answer) != 307, "%s: redirected to %s", targets[i],
                      gr_answer_header(answer, "Location"));
        gr_answer_free(answer);
    }
    check_get(test, "/x/end%2F", 404, NULL); /* an encoded slash cannot be taken away */
    check_get(test, "/x/y/end/", 307, "");
    check_get(test, "/x\\y/end/", 400, NULL);
    check_get(test, "/x%5Cy/end/", 400, NULL);
    check_get(test, "/%5C%5Cevil/end/", 400, NULL);
    end(test, one);
    MAKE_APP(other, &ends_with_route);
    test = serve(other);
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        gr_answer *answer = gr_test_get(test, targets[i]);
        ck_assert_msg(gr_answer_status(answer) != 307, "%s: redirected to %s", targets[i],
                      gr_answer_header(answer, "Location"));
        gr_answer_free(answer);
    }
    end(test, other);
}
END_TEST

START_TEST(the_root_is_never_redirected)
{
    gr_app *app = gr_app_create("tests", "1");
    gr_test *test = serve_all(app);
    check_get(test, "/", 200, "root /");
    check_get(test, "/?q", 200, "root /?q");
    end(test, app);
}
END_TEST

START_TEST(redirects_can_be_turned_off)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_set_redirect_slashes(app, false), 0);
    gr_test *test = serve_all(app);
    check_get(test, "/without/", 404, "{\"detail\":\"Not Found\"}");
    check_get(test, "/with", 404, "{\"detail\":\"Not Found\"}");
    check_get(test, "/with/", 200, "with /with/");
    end(test, app);
    ck_assert_int_eq(gr_app_set_redirect_slashes(NULL, false), GR_ENOMEM);
}
END_TEST

int main(void)
{
    test_list tests = {
        the_resolver_is_that_of_the_rfc,
        a_slash_too_many_is_taken_away,
        a_slash_that_is_missing_is_added,
        neither_host_nor_scheme_are_repeated,
        what_might_lead_to_another_host_is_404,
        the_root_is_never_redirected,
        redirects_can_be_turned_off,
        NULL,
    };
    return run_tests("slashes", tests, 20);
}
