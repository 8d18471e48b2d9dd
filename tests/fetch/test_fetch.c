/* Requests and their answers: methods, headers, bodies, redirects, JSON, and what is refused. */
#include "world.h"

static gr_reply hello(gr_co co, gr_req *req)
{
    (void)co;
    return gr_with_header(gr_with_header(gr_text(req, "hello"), "Set-Cookie", "a=1"), "Set-Cookie", "b=2");
}
GR_GET("/hello", hello);
GR_ROUTE_AS(head_hello, "HEAD", "/hello", hello);

/* What came, in the words of the request. */
static gr_reply echo(gr_co co, gr_req *req)
{
    const char *names[] = {"content-type", "content-length", "transfer-encoding", "user-agent", "expect", "x-a"};
    (void)co;
    json_t *fields = json_object();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (gr_header(req, names[i]))
            json_object_set_new(fields, names[i], json_string(gr_header(req, names[i])));
    return gr_json(
        req, json_pack("{s:s, s:s, s:o}", "method", gr_method(req), "body", gr_body(req, NULL), "fields", fields));
}
GR_GET("/echo", echo);
GR_ROUTE_AS(post_echo, "POST", "/echo", echo);
GR_ROUTE_AS(put_echo, "PUT", "/echo", echo);
GR_ROUTE_AS(patch_echo, "PATCH", "/echo", echo);
GR_ROUTE_AS(delete_echo, "DELETE", "/echo", echo);

static gr_reply redirect(gr_co co, gr_req *req)
{
    (void)co;
    int status = atoi(gr_query(req, "status"));
    return gr_with_header(gr_with_status(gr_text(req, "over there"), status), "Location", gr_query(req, "to"));
}
GR_GET("/redirect", redirect);
GR_ROUTE_AS(post_redirect, "POST", "/redirect", redirect);
GR_ROUTE_AS(put_redirect, "PUT", "/redirect", redirect);
GR_ROUTE_AS(delete_redirect, "DELETE", "/redirect", redirect);

static int write_pieces(gr_co co, gr_writer *writer, void *arg)
{
    int rc = 0;
    (void)arg;
    for (int i = 0; rc == 0 && i < 100; i++)
        rc = gr_write(co, writer, "0123456789", 10);
    return rc;
}

static gr_reply chunked(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", write_pieces, NULL);
}
GR_GET("/chunked", chunked);

static gr_reply deep(gr_co co, gr_req *req)
{
    char text[6001];
    (void)co;
    memset(text, '[', sizeof text);
    text[sizeof text - 1] = '\0';
    return gr_content(req, "application/json", text, sizeof text - 1);
}
GR_GET("/deep", deep);

static gr_reply nothing(gr_co co, gr_req *req)
{
    (void)co;
    return gr_empty(req, 204);
}
GR_GET("/nothing", nothing);

static void open_world(void)
{
    site.app = gr_app_create("fetch", "1");
    gr_app_add(site.app, &hello_route, &head_hello_route, &echo_route, &post_echo_route, &put_echo_route,
               &patch_echo_route, &delete_echo_route, &redirect_route, &post_redirect_route, &put_redirect_route,
               &delete_redirect_route, &chunked_route, &deep_route, &nothing_route);
}

/* --- answers --- */

CLIENT_TEST(an_answer_has_status_headers_body_and_url)
{
    const char *name, *value;
    size_t cookies = 0;
    gr_response response = expect(co, client, GR_FETCH(.url = url("/hello")), 200, "hello");
    ck_assert_uint_eq(response.body_len, 5);
    ck_assert_str_eq(response.url, url("/hello"));
    ck_assert_str_eq(gr_response_header(&response, "content-LENGTH"), "5");
    ck_assert_ptr_null(gr_response_header(&response, "X-None"));
    for (size_t i = 0; gr_response_header_at(&response, i, &name, &value); i++)
        cookies += strcmp(name, "Set-Cookie") == 0;
    ck_assert_uint_eq(cookies, 2);
    ck_assert_str_eq(gr_response_header(&response, "Set-Cookie"), "a=1");
    gr_response_finish(&response);
    ck_assert_ptr_null(response.body);
    gr_response_finish(&response);
}

CLIENT_TEST(every_status_is_an_answer)
{
    expect_get(co, client, "/missing", 404, "{\"detail\":\"Not Found\"}");
    expect_get(co, client, "/nothing", 204, "");
}

CLIENT_TEST(a_head_has_no_body)
{
    gr_response response = expect(co, client, GR_FETCH(.url = url("/hello"), .method = "HEAD"), 200, "");
    ck_assert_str_eq(gr_response_header(&response, "Content-Length"), "5");
    gr_response_finish(&response);
}

CLIENT_TEST(a_body_in_chunks_is_joined)
{
    gr_response response = expect(co, client, GR_FETCH(.url = url("/chunked")), 200, NULL);
    ck_assert_uint_eq(response.body_len, 1000);
    ck_assert_uint_eq(strspn(response.body, "0123456789"), 1000);
    gr_response_finish(&response);
}

CLIENT_TEST(a_body_above_the_limit_is_refused)
{
    expect_failure(co, client, GR_FETCH(.url = url("/chunked"), .max_body_bytes = 999), GR_EMSGSIZE,
                   "larger than its limit");
    expect_answer(co, client, GR_FETCH(.url = url("/chunked"), .max_body_bytes = 1000), 200, NULL);
    expect_failure(co, client, GR_FETCH(.url = url("/hello"), .max_body_bytes = 4), GR_EMSGSIZE,
                   "larger than its limit");
}

CLIENT_TEST(a_client_may_be_that_of_the_call_alone)
{
    (void)client;
    expect_get(co, NULL, "/hello", 200, "hello");
    expect_failure(co, NULL, GR_FETCH(.url = "http://"), GR_EINVAL, "");
}

/* --- requests --- */

CLIENT_TEST(each_method_goes_as_it_is)
{
    expect_answer(co, client, GR_FETCH(.url = url("/echo")), 200,
                  "{\"method\":\"GET\",\"body\":\"\",\"fields\":{\"user-agent\":\"griddle/" GR_VERSION "\"}}");
    expect_answer(co, client, GR_FETCH(.url = url("/echo"), .body = "a=b", .body_len = 3), 200,
                  "{\"method\":\"POST\",\"body\":\"a=b\",\"fields\":{\"content-length\":\"3\",\"user-agent\":"
                  "\"griddle/" GR_VERSION "\"}}");
    const char *methods[] = {"PUT", "PATCH", "DELETE"};
    for (size_t i = 0; i < 3; i++) {
        char wanted[200];
        snprintf(wanted, sizeof wanted, "{\"method\":\"%s\",\"body\":\"x\",\"fields\":{\"content-length\":\"1\"",
                 methods[i]);
        gr_response response = expect(
            co, client, GR_FETCH(.url = url("/echo"), .method = methods[i], .body = "x", .body_len = 1), 200, NULL);
        HAS(response.body, wanted);
        gr_response_finish(&response);
    }
}

CLIENT_TEST(a_post_without_a_body_says_so)
{
    gr_response response = expect(co, client, GR_FETCH(.url = url("/echo"), .method = "POST"), 200, NULL);
    HAS(response.body, "\"content-length\":\"0\"");
    gr_response_finish(&response);
}

CLIENT_TEST(headers_are_sent_and_may_replace_the_clients_own)
{
    const char *const headers[] = {"X-A", "one, two", "User-Agent", "me", "Content-Type", "text/x", NULL};
    expect_answer(co, client,
                  GR_FETCH(.url = url("/echo"), .headers = headers, .method = "PUT", .body = "1", .body_len = 1), 200,
                  "{\"method\":\"PUT\",\"body\":\"1\",\"fields\":{\"content-type\":\"text/x\",\"content-length\":\"1\","
                  "\"user-agent\":\"me\",\"x-a\":\"one, two\"}}");
    const char *const empty[] = {"X-A", "  ", NULL};
    gr_response response = expect(co, client, GR_FETCH(.url = url("/echo"), .headers = empty), 200, NULL);
    HAS(response.body, "\"x-a\":\"\"");
    gr_response_finish(&response);
}

CLIENT_TEST(what_would_be_another_request_is_refused)
{
    const char *const bad[][3] = {{"X-A", "1\r\nX-B: 2"},
                                  {"X-A", "1\nX-B: 2"},
                                  {"X-A", "\x01"},
                                  {"X-A", "1\x7f"},
                                  {"X-A: 1\r\nX-B", "2"},
                                  {"X A", "1"},
                                  {"", "1"},
                                  {"X-A:", "1"},
                                  {"Content-Length", "7"},
                                  {"TRANSFER-ENCODING", "chunked"},
                                  {"X-A", NULL},
                                  {"transfer-encoding", "chunked"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect_failure(co, client, GR_FETCH(.url = url("/echo"), .headers = bad[i]), GR_EINVAL, "");
    const char *const methods[] = {"", "GET /x HTTP/1.1\r\nX: ", "G T", "CONNECT"};
    for (size_t i = 0; i < 4; i++)
        expect_failure(co, client, GR_FETCH(.url = url("/echo"), .method = methods[i]), GR_EINVAL, "method");
    expect_failure(co, client, GR_FETCH(.url = url("/hello"), .method = "HEAD", .body = "x", .body_len = 1), GR_EINVAL,
                   "HEAD");
}

CLIENT_TEST(only_http_is_spoken)
{
    const char *const urls[] = {
        "file:///etc/passwd",    "ftp://127.0.0.1/", "gopher://127.0.0.1/", "127.0.0.1/", "/hello", "",
        "nonsense://127.0.0.1/", "scp://127.0.0.1/"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        expect_failure(co, client, GR_FETCH(.url = urls[i]), GR_EINVAL, "");
    const char *const targets[] = {"/a\r\nX-B: 1", "/a\nb", "/a b", "/\x01"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        expect_failure(co, client, GR_FETCH(.url = url(targets[i])), GR_EINVAL, "");
}

CLIENT_TEST(a_request_without_its_size_is_refused)
{
    expect_failure(co, client, &(gr_fetch_request){.url = url("/hello")}, GR_EINVAL, "GR_FETCH");
    expect_failure(co, client, GR_FETCH(.url = NULL), GR_EINVAL, "url");
    gr_client *none;
    ck_assert_int_eq(gr_client_create(&none, &(gr_client_options){.size = 1}), GR_EINVAL);
    ck_assert_ptr_null(none);
}

/* --- bodies that are pulled --- */

struct source {
    const char *pieces[4];
    int i, rc;
};

static int pull(gr_co co, void *arg, const char **data, size_t *len)
{
    struct source *source = arg;
    int rc = gr_sleep(co, 1);
    *data = source->pieces[source->i] ? source->pieces[source->i++] : "";
    *len = strlen(*data);
    return rc ? rc : *len ? 0 : source->rc;
}

CLIENT_TEST(a_body_is_pulled_piece_by_piece)
{
    struct source unknown = {.pieces = {"one ", "two ", "three"}}, known = unknown;
    gr_response response = expect(
        co, client, GR_FETCH(.url = url("/echo"), .method = "PUT", .pull = pull, .pull_arg = &unknown), 200, NULL);
    HAS(response.body, "\"body\":\"one two three\",\"fields\":{\"transfer-encoding\":\"chunked\"");
    gr_response_finish(&response);
    response =
        expect(co, client, GR_FETCH(.url = url("/echo"), .pull = pull, .pull_arg = &known, .body_len = 13), 200, NULL);
    HAS(response.body, "\"body\":\"one two three\",\"fields\":{\"content-length\":\"13\"");
    gr_response_finish(&response);
}

CLIENT_TEST(a_pulled_body_that_fails_ends_the_request)
{
    struct source failing = {.pieces = {"one"}, .rc = -EXDEV}, short_one = {.pieces = {"one"}}, long_one = short_one,
                  status = {.pieces = {"one"}, .rc = 413};
    expect_failure(co, client, GR_FETCH(.url = url("/echo"), .pull = pull, .pull_arg = &failing), -EXDEV, "pulled");
    expect_failure(co, client, GR_FETCH(.url = url("/echo"), .pull = pull, .pull_arg = &short_one, .body_len = 4),
                   GR_EINVAL, "body_len");
    expect_failure(co, client, GR_FETCH(.url = url("/echo"), .pull = pull, .pull_arg = &long_one, .body_len = 2),
                   GR_EINVAL, "body_len");
    expect_failure(co, client, GR_FETCH(.url = url("/echo"), .pull = pull, .pull_arg = &status), 413, "pulled");
}

/* --- redirects --- */

/* What arrives at /echo when `method` meets a redirect of that status. */
static void expect_redirected(gr_co co, gr_client *client, const char *method, const char *status, const char *wanted)
{
    char target[100];
    bool has_body = strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0;
    snprintf(target, sizeof target, "/redirect?status=%s&to=/echo", status);
    gr_response response = expect(
        co, client,
        GR_FETCH(.url = url(target), .method = method, .max_redirects = 2, .body = "b", .body_len = has_body ? 1 : 0),
        200, NULL);
    ck_assert_msg(strstr(response.body, wanted) != NULL, "%s %s: %s", method, status, response.body);
    ck_assert_str_eq(response.url, url("/echo"));
    gr_response_finish(&response);
}

CLIENT_TEST(redirects_change_the_method_as_rfc_9110_says)
{
    const char *const cases[][3] = {
        {"GET", "301", "\"GET\",\"body\":\"\""},    {"GET", "303", "\"GET\",\"body\":\"\""},
        {"POST", "301", "\"GET\",\"body\":\"\""},   {"POST", "302", "\"GET\",\"body\":\"\""},
        {"POST", "303", "\"GET\",\"body\":\"\""},   {"POST", "307", "\"POST\",\"body\":\"b\""},
        {"POST", "308", "\"POST\",\"body\":\"b\""}, {"PUT", "301", "\"PUT\",\"body\":\"b\""},
        {"PUT", "302", "\"PUT\",\"body\":\"b\""},   {"PUT", "303", "\"GET\",\"body\":\"\""},
        {"PUT", "308", "\"PUT\",\"body\":\"b\""},   {"DELETE", "302", "\"DELETE\",\"body\":\"\""},
        {"DELETE", "303", "\"GET\",\"body\":\"\""}, {"DELETE", "307", "\"DELETE\",\"body\":\"\""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_redirected(co, client, cases[i][0], cases[i][1], cases[i][2]);
}

CLIENT_TEST(redirects_are_followed_only_so_far)
{
    const char *once = "/redirect?status=302&to=/hello",
               *twice = "/redirect?status=302&to=/redirect%3Fstatus=302%26to=/hello",
               *file = "/redirect?status=302&to=file:///etc/passwd";
    gr_response response = expect(co, client, GR_FETCH(.url = url(once)), 302, "over there");
    ck_assert_str_eq(gr_response_header(&response, "Location"), "/hello");
    gr_response_finish(&response);
    expect_answer(co, client, GR_FETCH(.url = url(twice), .max_redirects = 2), 200, "hello");
    expect_failure(co, client, GR_FETCH(.url = url(twice), .max_redirects = 1), -ELOOP, "redirects");
    expect_failure(co, client, GR_FETCH(.url = url(file), .max_redirects = 1), -EPROTO, "file");
}

CLIENT_TEST(a_pulled_body_is_not_sent_twice)
{
    struct source source = {.pieces = {"one"}};
    expect_failure(
        co, client,
        GR_FETCH(.url = url("/redirect?status=307&to=/echo"), .pull = pull, .pull_arg = &source, .max_redirects = 1),
        GR_EPIPE, "rewind");
}

/* --- JSON --- */

CLIENT_TEST(json_goes_and_comes)
{
    json_t *answer;
    int rc = gr_fetch_json(co, client, "PUT", url("/echo"), json_pack("{s:i}", "a", 1), &answer);
    ck_assert_int_eq(rc, 0);
    ck_assert_str_eq(json_string_value(json_object_get(answer, "body")), "{\"a\":1}");
    ck_assert_str_eq(json_string_value(json_object_get(json_object_get(answer, "fields"), "content-type")),
                     "application/json");
    json_decref(answer);
    ck_assert_int_eq(gr_fetch_json(co, client, NULL, url("/nothing"), NULL, &answer), 0);
    ck_assert_ptr_null(answer);
}

CLIENT_TEST(another_status_than_2xx_is_the_result_and_its_json_the_answer)
{
    json_t *answer;
    ck_assert_int_eq(gr_fetch_json(co, client, "GET", url("/missing"), NULL, &answer), 404);
    ck_assert_str_eq(json_string_value(json_object_get(answer, "detail")), "Not Found");
    json_decref(answer);
    ck_assert_int_eq(gr_fetch_json(co, client, "GET", url("/redirect?status=302&to=/"), NULL, &answer), 302);
    ck_assert_ptr_null(answer);
}

CLIENT_TEST(what_is_no_json_is_told_apart)
{
    json_t *answer, *ring = json_array(), *deep_one = json_array();
    ck_assert_int_eq(gr_fetch_json(co, client, "GET", url("/hello"), NULL, &answer), -EPROTO);
    ck_assert_int_eq(gr_fetch_json(co, client, "GET", url("/deep"), NULL, &answer), -EPROTO);
    ck_assert_ptr_null(answer);
    ck_assert_int_eq(gr_fetch_json(co, client, "POST", url("/echo"), NULL, &answer), GR_EINVAL);
    ck_assert_int_eq(gr_fetch_json(co, client, "GET", "nowhere", NULL, &answer), GR_EINVAL);
    for (int i = 0; i < 100; i++) {
        json_t *outer = json_array();
        json_array_append_new(outer, deep_one);
        deep_one = outer;
    }
    ck_assert_int_eq(gr_fetch_json(co, client, "POST", url("/echo"), deep_one, &answer), GR_EINVAL);
    ck_assert_int_eq(gr_fetch_json(co, client, "POST", url("/echo"), ring, &answer), 0);
    json_decref(answer);
}

int main(void)
{
    const test_list tests = {an_answer_has_status_headers_body_and_url,
                             every_status_is_an_answer,
                             a_head_has_no_body,
                             a_body_in_chunks_is_joined,
                             a_body_above_the_limit_is_refused,
                             a_client_may_be_that_of_the_call_alone,
                             each_method_goes_as_it_is,
                             a_post_without_a_body_says_so,
                             headers_are_sent_and_may_replace_the_clients_own,
                             what_would_be_another_request_is_refused,
                             only_http_is_spoken,
                             a_request_without_its_size_is_refused,
                             a_body_is_pulled_piece_by_piece,
                             a_pulled_body_that_fails_ends_the_request,
                             redirects_change_the_method_as_rfc_9110_says,
                             redirects_are_followed_only_so_far,
                             a_pulled_body_is_not_sent_twice,
                             json_goes_and_comes,
                             another_status_than_2xx_is_the_result_and_its_json_the_answer,
                             what_is_no_json_is_told_apart,
                             NULL};
    return run_tests("fetch", tests, 30);
}
