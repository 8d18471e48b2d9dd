/* What a handler can reply with, and how errors become replies. */
#include "serve.h"

/* Each test sets what the one operation does. */
static gr_reply (*act)(gr_req *req);

static gr_reply acts(gr_co co, gr_req *req)
{
    (void)co;
    return act(req);
}
GR_GET("/acts", acts);

static gr_reply acts_blocking(gr_req *req)
{
    return act(req);
}
GR_GET("/acts_blocking", acts_blocking);

static char error_log[65536];

/* The same from a coroutine and from a thread. */
static void expect_reply(gr_reply (*fn)(gr_req *), int status, const char *type, const char *body)
{
    act = fn;
    if (!test)
        SERVE(&acts_route, &acts_blocking_route);
    listen_to_log();
    for (int i = 0; i < 2; i++) {
        gr_answer *answer = ask("GET", i ? "/acts_blocking" : "/acts", NULL, NULL);
        size_t len;
        const char *got = gr_answer_body(answer, &len);
        ck_assert_int_eq(gr_answer_status(answer), status);
        expect_header(answer, "Content-Type", type);
        if (body)
            ck_assert_str_eq(got, body);
        gr_answer_free(answer);
    }
    strcpy(error_log, logged());
}

static void expect_error(gr_reply (*fn)(gr_req *), const char *log)
{
    expect_reply(fn, 500, "text/plain; charset=utf-8", "Internal Server Error");
    expect_logged(error_log, "operation \"acts\": ");
    expect_logged(error_log, "operation \"acts_blocking\": ");
    expect_logged(error_log, log);
}

static gr_answer *answer_of(gr_reply (*fn)(gr_req *))
{
    act = fn;
    if (!test)
        SERVE(&acts_route, &acts_blocking_route);
    return ask("GET", "/acts", NULL, NULL);
}

static gr_reply text(gr_req *req)
{
    char local[] = "t\xc3\xa4xt";
    gr_reply reply = gr_text(req, local);
    memset(local, 'x', sizeof local - 1);
    return reply;
}

START_TEST(text_is_copied)
{
    expect_reply(text, 200, "text/plain; charset=utf-8", "t\xc3\xa4xt");
    end();
}
END_TEST

static gr_reply html(gr_req *req)
{
    return gr_html(req, "<p>");
}

START_TEST(html_says_so)
{
    expect_reply(html, 200, "text/html; charset=utf-8", "<p>");
    end();
}
END_TEST

static gr_reply bytes(gr_req *req)
{
    return gr_bytes(req, "image/x", "a\0b", 3);
}

static gr_reply no_bytes(gr_req *req)
{
    return gr_bytes(req, NULL, NULL, 0);
}

START_TEST(bytes_may_be_any_or_none)
{
    gr_answer *answer = answer_of(bytes);
    size_t len;
    ck_assert_int_eq(memcmp(gr_answer_body(answer, &len), "a\0b", 3), 0);
    ck_assert_uint_eq(len, 3);
    expect_header(answer, "Content-Type", "image/x");
    gr_answer_free(answer);
    expect_reply(no_bytes, 200, NULL, "");
    end();
}
END_TEST

static gr_reply bad_type(gr_req *req)
{
    return gr_bytes(req, "text/x\r\nX: y", "a", 1);
}

static gr_reply no_text(gr_req *req)
{
    return gr_text(req, NULL);
}

static gr_reply no_html(gr_req *req)
{
    return gr_html(req, NULL);
}

START_TEST(what_cannot_be_sent_is_a_500)
{
    expect_error(bad_type, "bytes that a header may not carry");
    expect_error(no_text, "gr_text(NULL)");
    expect_error(no_html, "gr_html(NULL)");
    end();
}
END_TEST

static gr_reply json(gr_req *req)
{
    return gr_json(req, json_pack("{s:i,s:[b,n,f],s:s}", "a", 1, "b", 1, 0.5, "c", "\xc3\xa4\n\"\x01"));
}

START_TEST(json_is_compact_and_unescaped)
{
    expect_reply(json, 200, "application/json", "{\"a\":1,\"b\":[true,null,0.5],\"c\":\"\xc3\xa4\\n\\\"\\u0001\"}");
    end();
}
END_TEST

static gr_reply no_json(gr_req *req)
{
    return gr_json(req, NULL);
}

START_TEST(no_json_is_a_500)
{
    expect_error(no_json, "gr_json(NULL)");
    end();
}
END_TEST

static json_t *nested(int depth)
{
    json_t *value = json_integer(1);
    for (int i = 0; i < depth; i++)
        value = i % 2 ? json_pack("[o]", value) : json_pack("{s:o}", "k", value);
    return value;
}

static gr_reply deep(gr_req *req)
{
    return gr_json(req, nested(64));
}

static gr_reply too_deep(gr_req *req)
{
    return gr_json(req, nested(65));
}

static gr_reply far_too_deep(gr_req *req)
{
    return gr_json(req, nested(2000));
}

START_TEST(json_of_64_levels_is_sent)
{
    expect_reply(deep, 200, "application/json", NULL);
    end();
}
END_TEST

START_TEST(json_of_more_than_64_levels_is_a_500)
{
    expect_error(too_deep, "more than 64 levels");
    expect_error(far_too_deep, "more than 64 levels");
    end();
}
END_TEST

static json_t *large(int n, int depth_at_end)
{
    json_t *list = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(list, json_integer(1000000 + i));
    if (depth_at_end)
        json_array_append_new(list, nested(depth_at_end));
    return list;
}

static gr_reply large_json(gr_req *req)
{
    return gr_json(req, large(50000, 0));
}

START_TEST(large_json_is_sent_whole)
{
    expect_reply(large_json, 200, "application/json", NULL);
    gr_answer *answer = ask("GET", "/acts", NULL, NULL);
    size_t len;
    gr_answer_body(answer, &len);
    ck_assert_uint_eq(len, 50000 * 8 + 1);
    ck_assert_uint_eq(json_array_size(gr_answer_json(answer)), 50000);
    gr_answer_free(answer);
    end();
}
END_TEST

static gr_reply large_deep_json(gr_req *req)
{
    return gr_json(req, large(50000, 2000));
}

START_TEST(large_json_that_turns_out_too_deep_is_a_500)
{
    expect_error(large_deep_json, "more than 64 levels");
    end();
}
END_TEST

static gr_reply drops_large(gr_req *req)
{
    gr_reply dropped = gr_json(req, large(50000, 0)), also = gr_json(req, large(50000, 100));
    (void)dropped, (void)also;
    return gr_with_header(gr_json(req, large(20000, 0)), "X", "a\r\nb");
}

START_TEST(large_json_that_is_not_returned_leaks_nothing)
{
    expect_error(drops_large, "the header \"X\"");
    end();
}
END_TEST

static gr_reply bad_utf_8(gr_req *req)
{
    return gr_json(req, json_stringn_nocheck("\xff", 1));
}

START_TEST(json_that_is_not_utf_8_is_a_500)
{
    expect_error(bad_utf_8, "cannot be sent as JSON");
    end();
}
END_TEST

static gr_reply empty(gr_req *req)
{
    return gr_empty(req, 202);
}

START_TEST(an_empty_reply_has_no_type)
{
    expect_reply(empty, 202, NULL, "");
    end();
}
END_TEST

static gr_reply redirect(gr_req *req)
{
    return gr_redirect(req, "/a b?c=\xc3\xa4&d=%20#e");
}

static gr_reply redirect_injects(gr_req *req)
{
    return gr_redirect(req, "/a\r\nSet-Cookie: b=c\x7f\x01\"<>");
}

static gr_reply redirect_nowhere(gr_req *req)
{
    return gr_redirect(req, NULL);
}

START_TEST(a_redirect_is_307_and_encoded)
{
    gr_answer *answer = answer_of(redirect);
    ck_assert_int_eq(gr_answer_status(answer), 307);
    expect_header(answer, "Location", "/a%20b?c=%C3%A4&d=%20#e");
    expect_header(answer, "Content-Length", "0");
    gr_answer_free(answer);
    answer = answer_of(redirect_injects);
    expect_header(answer, "Location", "/a%0D%0ASet-Cookie:%20b=c%7F%01%22%3C%3E");
    expect_header(answer, "Set-Cookie", NULL);
    gr_answer_free(answer);
    expect_error(redirect_nowhere, "gr_redirect(NULL)");
    end();
}
END_TEST

static int wanted_status;

static gr_reply with_status(gr_req *req)
{
    return gr_with_status(gr_text(req, "x"), wanted_status);
}

START_TEST(a_status_from_200_to_599_is_sent)
{
    static const int all[] = {200, 201, 299, 418, 500, 599};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        wanted_status = all[i];
        expect_reply(with_status, all[i], "text/plain; charset=utf-8", "x");
    }
    end();
}
END_TEST

START_TEST(another_status_is_a_500)
{
    static const int all[] = {199, 600, 0, -1, 101, 99999};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        wanted_status = all[i];
        expect_error(with_status, "is no status of a reply");
    }
    end();
}
END_TEST

static const char *wanted_name, *wanted_value;

static gr_reply with_header(gr_req *req)
{
    return gr_with_header(gr_text(req, "x"), wanted_name, wanted_value);
}

START_TEST(a_header_that_could_split_the_reply_is_a_500)
{
    static const char *const bad[][2] = {{"X", "a\r\nb"}, {"X", "a\nb"},    {"X", "a\rb"},      {"X", "a\x7f"},
                                         {"X", "a\x01"},  {"X y", "a"},     {"X\r\nY: z", "a"}, {"X:", "a"},
                                         {"", "a"},       {"\xc3\xa4", "a"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        wanted_name = bad[i][0];
        wanted_value = bad[i][1];
        expect_error(with_header, "bytes that a header may not carry");
    }
    end();
}
END_TEST

START_TEST(a_header_without_name_or_value_is_a_500)
{
    wanted_name = NULL, wanted_value = "a";
    expect_error(with_header, "bytes that a header may not carry");
    wanted_name = "X", wanted_value = NULL;
    expect_error(with_header, "bytes that a header may not carry");
    end();
}
END_TEST

START_TEST(the_headers_of_the_server_are_its_own)
{
    static const char *const own[] = {"Content-Length", "transfer-encoding", "Connection", "DATE"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        wanted_name = own[i];
        wanted_value = "1";
        expect_error(with_header, "is the server's own");
    }
    end();
}
END_TEST

static gr_reply many_headers(gr_req *req)
{
    char value[] = "a=1";
    gr_reply reply = gr_with_header(gr_text(req, "x"), "Set-Cookie", value);
    value[0] = 'b';
    reply = gr_with_header(reply, "Set-Cookie", value);
    reply = gr_with_header(reply, "Content-Type", "text/one");
    reply = gr_with_header(reply, "content-type", "text/two");
    return gr_with_header(reply, "X-Space", " \ta\tb\xff ");
}

START_TEST(headers_repeat_but_the_content_type_does_not)
{
    act = many_headers;
    SERVE(&acts_route);
    gr_test_conn *conn = gr_test_connect(test);
    static const char raw[] = "GET /acts HTTP/1.1\r\nHost: a\r\n\r\n";
    gr_test_send(conn, raw, sizeof raw - 1);
    const char *got = strstr(gr_test_received(conn, NULL), "content-type");
    ck_assert_str_eq(got, "content-type: text/two\r\ncontent-length: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=1\r\n"
                          "X-Space: a\tb\xff\r\n\r\nx");
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

/* --- errors --- */

static gr_reply error(gr_req *req)
{
    return gr_error(req, 418, "no %s, only \"%s\"", "coffee", "t\xc3\xa4");
}

START_TEST(an_error_is_a_detail)
{
    expect_reply(error, 418, "application/json", "{\"detail\":\"no coffee, only \\\"t\xc3\xa4\\\"\"}");
    end();
}
END_TEST

static gr_reply error_200(gr_req *req)
{
    return gr_error(req, 200, "x");
}

static gr_reply error_not_utf_8(gr_req *req)
{
    return gr_error(req, 400, "\xff");
}

START_TEST(an_error_that_is_none_is_a_500)
{
    expect_error(error_200, "200 is no error status");
    expect_error(error_not_utf_8, "not UTF-8");
    end();
}
END_TEST

static gr_reply fails(gr_req *req)
{
    int rc = gr_fail(req, 404, "no item %d", 7);
    ck_assert_int_eq(rc, 404);
    ck_assert_int_eq(gr_fail(req, 500, "later"), 404);
    return gr_failed(req, rc);
}

START_TEST(the_first_failure_of_a_request_wins)
{
    expect_reply(fails, 404, "application/json", "{\"detail\":\"no item 7\"}");
    end();
}
END_TEST

static gr_reply fails_with_200(gr_req *req)
{
    return gr_failed(req, gr_fail(req, 200, "x"));
}

START_TEST(a_failure_without_an_error_status_is_a_500)
{
    expect_error(fails_with_200, "200 is no error status");
    end();
}
END_TEST

static int wanted_rc;

static gr_reply failed(gr_req *req)
{
    return gr_failed(req, wanted_rc);
}

START_TEST(a_deadline_that_passed_is_504)
{
    wanted_rc = GR_ETIMEDOUT;
    expect_reply(failed, 504, "application/json", "{\"detail\":\"Gateway Timeout\"}");
    end();
}
END_TEST

START_TEST(a_full_pool_is_503_with_retry_after)
{
    wanted_rc = GR_EBUSY;
    gr_answer *answer = answer_of(failed);
    ck_assert_int_eq(gr_answer_status(answer), 503);
    expect_header(answer, "Retry-After", "1");
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(a_cancelled_request_gets_no_reply)
{
    wanted_rc = GR_ECANCELED;
    act = failed;
    SERVE(&acts_route, &acts_blocking_route);
    ck_assert_ptr_null(gr_test_get(test, "/acts"));
    ck_assert_ptr_null(gr_test_get(test, "/acts_blocking"));
    end();
}
END_TEST

START_TEST(any_other_code_is_a_500_with_a_log_line)
{
    static const struct {
        int rc;
        const char *log;
    } all[] = {{GR_EIO, "input or output failed"},
               {GR_ENOMEM, "out of memory"},
               {-99999, "unknown error"},
               {404, "gr_failed(req, 404) without a gr_fail()"},
               {0, "gr_failed(req, 0) without a gr_fail()"}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        wanted_rc = all[i].rc;
        expect_error(failed, all[i].log);
    }
    end();
}
END_TEST

static gr_reply long_log(gr_req *req)
{
    char name[5000];
    memset(name, ' ', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    memcpy(name, "\n\033[31m", 6);
    return gr_with_header(gr_text(req, "x"), name, "y");
}

START_TEST(a_log_line_is_one_line_whatever_it_quotes)
{
    act = long_log;
    SERVE(&acts_route);
    listen_to_log();
    expect_get("/acts", 500, NULL);
    const char *line = logged();
    ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
    ck_assert_ptr_null(strchr(line, '\033'));
    end();
}
END_TEST

int main(void)
{
    test_list tests = {
        text_is_copied,
        html_says_so,
        bytes_may_be_any_or_none,
        what_cannot_be_sent_is_a_500,
        json_is_compact_and_unescaped,
        no_json_is_a_500,
        json_of_64_levels_is_sent,
        json_of_more_than_64_levels_is_a_500,
        large_json_is_sent_whole,
        large_json_that_turns_out_too_deep_is_a_500,
        large_json_that_is_not_returned_leaks_nothing,
        json_that_is_not_utf_8_is_a_500,
        an_empty_reply_has_no_type,
        a_redirect_is_307_and_encoded,
        a_status_from_200_to_599_is_sent,
        another_status_is_a_500,
        a_header_that_could_split_the_reply_is_a_500,
        a_header_without_name_or_value_is_a_500,
        the_headers_of_the_server_are_its_own,
        headers_repeat_but_the_content_type_does_not,
        an_error_is_a_detail,
        an_error_that_is_none_is_a_500,
        the_first_failure_of_a_request_wins,
        a_failure_without_an_error_status_is_a_500,
        a_deadline_that_passed_is_504,
        a_full_pool_is_503_with_retry_after,
        a_cancelled_request_gets_no_reply,
        any_other_code_is_a_500_with_a_log_line,
        a_log_line_is_one_line_whatever_it_quotes,
        NULL,
    };
    return run_tests("replies", tests, 30);
}
