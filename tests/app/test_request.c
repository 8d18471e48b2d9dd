#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "app_test.h"

/* What a test looks at, inside the handler. */
static gr_reply (*look)(gr_req *req);

static gr_reply look_async(gr_co co, gr_req *req)
{
    (void)co;
    return look(req);
}
GR_ROUTE_AS(look_get, "GET", "/x/{a}/{b:path}", look_async);
GR_ROUTE_AS(look_post, "POST", "/x", look_async);

static gr_reply look_blocking(gr_req *req)
{
    return look(req);
}
GR_ROUTE_AS(block_get, "GET", "/block/{a}", look_blocking);
GR_ROUTE_AS(block_post, "POST", "/block", look_blocking);

static void check_look_at(gr_reply (*with)(gr_req *req), const char *target, const char *body)
{
    MAKE_APP(app, &look_get_route, &block_get_route);
    gr_test *test = serve(app);
    look = with;
    check_get(test, target, 200, body);
    end(test, app);
}

static const char *or_none(const char *text)
{
    return text ? text : "(none)";
}

static gr_reply accessors(gr_req *req)
{
    return gr_text(req,
                   gr_printf(req, "%s %s ? %s, a=%s, b=%s, c=%s, %s", gr_method(req), gr_path(req),
                             gr_query_string(req), or_none(gr_path_param(req, "a")), or_none(gr_path_param(req, "b")),
                             or_none(gr_path_param(req, "c")), gr_operation(req)));
}

START_TEST(method_path_query_and_parameters_are_told)
{
    check_look_at(accessors, "/x/4%202/y%2Fz?q=%20&r", "GET /x/4 2/y/z ? q=%20&r, a=4 2, b=y/z, c=(none), look_get");
    check_look_at(accessors, "/block/1?", "GET /block/1 ? , a=1, b=(none), c=(none), block_get");
}
END_TEST

START_TEST(a_path_is_decoded_once)
{
    check_look_at(accessors, "/block/a%2525+b", "GET /block/a%25+b ? , a=a%25+b, b=(none), c=(none), block_get");
}
END_TEST

static gr_reply twice(gr_req *req)
{
    for (int i = 0; i < 2; i++) {
        ck_assert_str_eq(gr_query_string(req), "q=1&q=2");
        ck_assert_str_eq(gr_query(req, "q"), "2");
        ck_assert_str_eq(gr_method(req), "GET");
        ck_assert_str_eq(gr_path(req), "/block/1");
        ck_assert_str_eq(gr_header(req, "host"), "testserver");
    }
    return gr_text(req, "same");
}

START_TEST(accessors_say_the_same_when_asked_again)
{
    check_look_at(twice, "/block/1?q=1&q=2", "same");
}
END_TEST

static gr_reply queries(gr_req *req)
{
    static const char *const names[] = {"a", "b", "c d", "e", "\xc3\xa9", "bad", "", "none", "amp"};
    char *text = gr_printf(req, "%s", "");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        text = gr_printf(req, "%s[%s]", text, or_none(gr_query(req, names[i])));
    return gr_text(req, text);
}

START_TEST(the_last_of_several_query_parameters_counts)
{
    check_look_at(queries,
                  "/block/1?a=1&a=2&b=&b=x&a=", "[][x][(none)][(none)][(none)][(none)][(none)][(none)][(none)]");
}
END_TEST

START_TEST(query_parameters_are_decoded)
{
    check_look_at(queries, "/block/1?a=x+y%2B%3d&c+d=1&c%20d=2&%C3%A9=%c3%a9&e&bad=%zz&amp=a%26b",
                  "[x y+=][(none)][2][][\xc3\xa9][%zz][(none)][(none)][a&b]");
}
END_TEST

static gr_reply headers(gr_req *req)
{
    char *text = gr_printf(req, "%s|%s|%s|", or_none(gr_header(req, "x-a")), or_none(gr_header(req, "X-EMPTY")),
                           or_none(gr_header(req, "X-None")));
    const char *name, *value;
    for (size_t i = 0; gr_header_at(req, i, &name, &value); i++)
        text = gr_printf(req, "%s%s=%s,", text, name, value);
    return gr_text(req, text);
}

START_TEST(of_repeated_headers_the_first_counts_and_all_are_listed)
{
    static const char *const sent[] = {"X-A", "1", "x-a", " 2 ", "X-Empty", "", NULL};
    MAKE_APP(app, &block_get_route);
    gr_test *test = serve(app);
    look = headers;
    gr_answer *answer = gr_test_request(test, "GET", "/block/1", sent, NULL, 0);
    check_answer(answer, 200, "1||(none)|Host=testserver,X-A=1,x-a=2,X-Empty=,");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

static gr_reply negotiation(gr_req *req)
{
    return gr_text(req, gr_printf(req, "%d%d%d %d%d%d", gr_accepts_encoding(req, "gzip"),
                                  gr_accepts_encoding(req, "br"), gr_accepts_encoding(req, "zstd"),
                                  gr_has_etag(req, "\"a\""), gr_has_etag(req, "\"b,c\""), gr_has_etag(req, "\"c\"")));
}

/* RFC 9110 sections 5.5 and 5.6.1: tabs are white space, members may be empty. */
START_TEST(lists_are_read_with_tabs_empty_members_and_quotes)
{
    static const char *const sent[][5] = {
        {"Accept-Encoding", "gzip\t,\tbr\t;\tq=0\t,,", "If-None-Match", ",\t\"a\"\t,W/\"b,c\"\t", NULL},
        {"Accept-Encoding", ",, br", "Accept-Encoding", "\tzstd ,", NULL},
        {"If-None-Match", "\"b,c\"", "If-None-Match", "\t,", NULL},
        {"If-None-Match", "\t*\t", "Accept-Encoding", "", NULL},
        {"If-None-Match", "\"x,\"a\",y\"", "Accept-Encoding", "\t", NULL},
    };
    static const char *const wanted[] = {"100 110", "011 000", "000 010", "000 111", "000 000"};
    MAKE_APP(app, &block_get_route);
    gr_test *test = serve(app);
    look = negotiation;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        gr_answer *answer = gr_test_request(test, "GET", "/block/1", sent[i], NULL, 0);
        check_answer(answer, 200, wanted[i]);
        gr_answer_free(answer);
    }
    end(test, app);
}
END_TEST

static gr_reply encodes(gr_req *req)
{
    return gr_text(req, gr_url_encode(req, gr_path_param(req, "a")));
}

START_TEST(a_text_is_encoded_for_a_url)
{
    MAKE_APP(app, &block_get_route);
    gr_test *test = serve(app);
    look = encodes;
    check_get(test, "/block/aZ09-._~", 200, "aZ09-._~");
    check_get(test, "/block/%20%25%2b+&=%3f%23;:@!$'()*,", 200,
              "%20%25%2B%2B%26%3D%3F%23%3B%3A%40%21%24%27%28%29%2A%2C");
    check_get(test, "/block/%c3%a9%01%7f", 200, "%C3%A9%01%7F");
    end(test, app);
}
END_TEST

static gr_reply client(gr_req *req)
{
    const char *host = gr_client_host(req);
    int port = gr_client_port(req);
    ck_assert(*host ? port > 0 && port < 65536 : port == 0);
    return gr_text(req, host);
}

START_TEST(the_client_has_an_address_and_a_port_or_neither)
{
    check_look_at(client, "/block/1", NULL);
    check_look_at(client, "/x/1/2", NULL);
}
END_TEST

static gr_reply state(gr_req *req)
{
    return gr_text(req, gr_state(req));
}

START_TEST(the_state_of_the_application_is_there)
{
    MAKE_APP(app, &look_get_route);
    char text[] = "state";
    ck_assert_int_eq(gr_app_set_state(app, text), 0);
    gr_test *test = serve(app);
    look = state;
    check_get(test, "/x/1/2", 200, "state");
    end(test, app);
}
END_TEST

/* --- the body --- */

static gr_reply body(gr_req *req)
{
    size_t len;
    const char *data = gr_body(req, &len);
    ck_assert_ptr_nonnull(data);
    ck_assert_int_eq(data[len], '\0');
    ck_assert_ptr_eq(gr_body(req, NULL), data);
    return gr_content(req, "x/y", data, len);
}

static gr_test *serve_posts(gr_app **app, gr_reply (*with)(gr_req *req))
{
    *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(*app, &look_post_route, &block_post_route), 0);
    look = with;
    return serve(*app);
}

START_TEST(a_body_is_given_as_it_came)
{
    gr_app *app;
    gr_test *test = serve_posts(&app, body);
    static const char *const targets[] = {"/x", "/block"};
    for (int i = 0; i < 2; i++) {
        gr_answer *answer = gr_test_request(test, "POST", targets[i], NULL, "a\0b\xff", 4);
        check_answer(answer, 200, NULL);
        size_t len;
        ck_assert_mem_eq(gr_answer_body(answer, &len), "a\0b\xff", 4);
        ck_assert_uint_eq(len, 4);
        gr_answer_free(answer);
        check_request(test, "POST", targets[i], 200, "");
    }
    end(test, app);
}
END_TEST

START_TEST(a_chunked_body_is_joined)
{
    gr_app *app;
    gr_test *test = serve_posts(&app, body);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab");
    SEND(conn, "c\r\n2;x=y\r\nde\r\n0\r\nX-T: 1\r\n\r\n");
    gr_answer *answer = gr_test_next_answer(conn, false);
    check_answer(answer, 200, "abcde");
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

static gr_reply json(gr_req *req)
{
    json_t *value, *again;
    int rc = gr_body_json(req, &value);
    int second = gr_body_json(req, &again);
    ck_assert_int_eq(rc, second);
    if (rc)
        return gr_failed(req, rc);
    ck_assert_ptr_eq(value, again);
    return gr_json(req, json_incref(value));
}

static void check_json(const char *sent, int status, const char *wanted)
{
    gr_app *app;
    gr_test *test = serve_posts(&app, json);
    static const char *const targets[] = {"/x", "/block"};
    for (int i = 0; i < 2; i++) {
        gr_answer *answer = gr_test_post_json(test, targets[i], sent);
        check_answer(answer, status, wanted);
        gr_answer_free(answer);
    }
    end(test, app);
}

START_TEST(a_json_body_is_parsed_once)
{
    check_json("{\"a\": [1, 2.5, null, \"x\"]}", 200, "{\"a\":[1,2.5,null,\"x\"]}");
    check_json(" 1 ", 200, "1");
    check_json("\xef\xbb\xbf{\"a\":1}", 200, "{\"a\":1}"); /* a byte order mark, as Python's json has it */
    check_json("\xef\xbb\xbf\xef\xbb\xbf{}", 422, NULL);
}
END_TEST

START_TEST(a_missing_json_body_is_reported_as_missing)
{
    check_json("", 422,
               "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"Field required\",\"input\":null}]}");
}
END_TEST

START_TEST(a_json_mistake_is_reported_with_its_position)
{
    check_json(
        "{\"a\": }", 422,
        "{\"detail\":[{\"type\":\"json_invalid\",\"loc\":[\"body\",6],\"msg\":\"JSON decode error\",\"input\":{},"
        "\"ctx\":{\"error\":\"Expecting value\"}}]}");
}
END_TEST

START_TEST(json_that_is_not_strict_is_refused)
{
    static const char *const bad[] = {"{\"a\":1,}", "[1,]", "{'a':1}",  "NaN",  "[01]",    "{\"a\":1,\"a\":2}",
                                      "[1] [2]",    "[",    "// x\n1",  "[1.]", "\"\t\"",  "\"\\ud800\"",
                                      "{\"a\" 1}",  "+1",   "Infinity", "tru",  "\"\\x\"", " "};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check_json(bad[i], 422, NULL);
}
END_TEST

START_TEST(a_json_body_of_more_than_64_levels_is_refused)
{
    char text[200] = "";
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    check_json(text, 422, NULL);
    memset(text, 0, sizeof text);
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    check_json(text, 200, text);
}
END_TEST

START_TEST(a_json_body_that_is_not_utf_8_is_400)
{
    check_json("\"\xff\"", 400, "{\"detail\":\"There was an error parsing the body\"}");
}
END_TEST

static char *large_json(void)
{
    json_t *list = json_array();
    for (int i = 0; i < 20000; i++)
        json_array_append_new(list, json_integer(i));
    char *text = json_dumps(list, JSON_COMPACT);
    json_decref(list);
    return text;
}

/* With this, parsing on this thread shows: it would take time of it. */
static int64_t loop_thread_us(void)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return (int64_t)usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec;
}

START_TEST(a_large_json_body_is_the_same_value)
{
    char *text = large_json();
    ck_assert_uint_gt(strlen(text), 65536);
    check_json(text, 200, text);
    free(text);
}
END_TEST

static int64_t took_us;

static gr_reply time_json(gr_req *req)
{
    json_t *value;
    int64_t begin_us = loop_thread_us();
    int rc = gr_body_json(req, &value);
    took_us = loop_thread_us() - begin_us;
    return rc ? gr_failed(req, rc) : gr_text(req, "parsed");
}

START_TEST(a_large_json_body_was_parsed_before_an_async_handler_asks)
{
    gr_app *app;
    gr_test *test = serve_posts(&app, time_json);
    enum { N = 20000, EACH = 12 };
    char *text = malloc(N * EACH + 2);
    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < N; i++)
        memcpy(text + EACH * i, i ? ",12345678901" : "[12345678901", EACH);
    memcpy(text + EACH * N, "]", 2);
    gr_answer *answer = gr_test_post_json(test, "/x", text);
    ck_assert_ptr_nonnull(answer);
    ck_assert_int_eq(gr_answer_status(answer), 200);
    ck_assert_int_lt(took_us, 2000);
    gr_answer_free(answer);
    free(text);
    end(test, app);
}
END_TEST

START_TEST(a_large_body_with_a_mistake_is_reported_as_a_small_one)
{
    char *text = large_json();
    text[strlen(text) - 1] = ',';
    check_json(text, 422, NULL);
    free(text);
}
END_TEST

/* --- memory --- */

static gr_reply memory(gr_req *req)
{
    static const size_t sizes[] = {1, 7, 64, 5000, 300000};
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            unsigned char *block = gr_alloc(req, sizes[i]);
            ck_assert_ptr_nonnull(block);
            ck_assert_uint_eq((uintptr_t)block % 16, 0);
            size_t zeros = 0;
            while (zeros < sizes[i] && block[zeros] == 0)
                zeros++;
            ck_assert_uint_eq(zeros, sizes[i]);
            memset(block, 0xaa, sizes[i]);
        }
    return gr_text(req, "zeroed");
}

START_TEST(memory_is_zeroed_and_aligned)
{
    check_look_at(memory, "/x/1/2", "zeroed");
    check_look_at(memory, "/block/1", "zeroed");
}
END_TEST

static gr_reply too_much(gr_req *req)
{
    return gr_text(req, gr_alloc(req, SIZE_MAX) || gr_alloc(req, SIZE_MAX - 15) || gr_alloc(req, SIZE_MAX / 2)
                            ? "given"
                            : "refused");
}

START_TEST(memory_that_cannot_be_had_is_null)
{
    check_look_at(too_much, "/x/1/2", "refused");
}
END_TEST

static gr_reply print(gr_req *req)
{
    char *text = gr_printf(req, "%s-%d-%5000s|", "a", 42, "x");
    ck_assert_uint_eq(strlen(text), 5006);
    ck_assert_str_eq(text + 5003, " x|");
    return gr_text(req, gr_printf(req, "%.5s", text));
}

START_TEST(printf_makes_text_of_any_length)
{
    check_look_at(print, "/x/1/2", "a-42-");
}
END_TEST

/* --- the wrong thread --- */

static int misuse(void *arg)
{
    return gr_method(arg)[0];
}

static gr_reply misuse_in_job(gr_co co, gr_req *req)
{
    int rc = gr_offload(co, misuse, req);
    return gr_text(req, rc ? "?" : "!");
}
GR_GET("/misuse", misuse_in_job);

START_TEST(a_request_used_on_another_thread_aborts_naming_the_operation)
{
    begin_capture();
    pid_t child = fork();
    if (child == 0) {
        struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGABRT, SIG_DFL);
        MAKE_APP(app, &misuse_in_job_route);
        gr_answer_free(gr_test_get(serve(app), "/misuse"));
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    char *text = end_capture();
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    HAS(text, "the request of \"misuse_in_job\" was used on a thread that does not have it");
    free(text);
}
END_TEST

int main(void)
{
    return run_tests("app request",
                     (test_list){method_path_query_and_parameters_are_told,
                                 a_path_is_decoded_once,
                                 accessors_say_the_same_when_asked_again,
                                 the_last_of_several_query_parameters_counts,
                                 query_parameters_are_decoded,
                                 lists_are_read_with_tabs_empty_members_and_quotes,
                                 a_text_is_encoded_for_a_url,
                                 of_repeated_headers_the_first_counts_and_all_are_listed,
                                 the_client_has_an_address_and_a_port_or_neither,
                                 the_state_of_the_application_is_there,
                                 a_body_is_given_as_it_came,
                                 a_chunked_body_is_joined,
                                 a_json_body_is_parsed_once,
                                 a_missing_json_body_is_reported_as_missing,
                                 a_json_mistake_is_reported_with_its_position,
                                 json_that_is_not_strict_is_refused,
                                 a_json_body_of_more_than_64_levels_is_refused,
                                 a_json_body_that_is_not_utf_8_is_400,
                                 a_large_json_body_is_the_same_value,
                                 a_large_json_body_was_parsed_before_an_async_handler_asks,
                                 a_large_body_with_a_mistake_is_reported_as_a_small_one,
                                 memory_is_zeroed_and_aligned,
                                 memory_that_cannot_be_had_is_null,
                                 printf_makes_text_of_any_length,
                                 a_request_used_on_another_thread_aborts_naming_the_operation,
                                 NULL},
                     10);
}
