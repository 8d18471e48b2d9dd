/* The request line and what a head must say: methods, versions, hosts, forms of the target, sizes. */
#include "talk.h"

START_TEST(a_missing_host_is_refused)
{
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\n\r\n", 400);
}
END_TEST

START_TEST(two_hosts_are_refused_even_where_equal)
{
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400);
}
END_TEST

START_TEST(a_host_that_is_none_is_refused)
{
    static const char *const hosts[] = {"", "u@h", "a b", "a/b", "a?b", "a#b", "a\\b", "\xc3\xa4", "<a>", "a\"b"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        char raw[200];
        int n = snprintf(raw, sizeof raw, "GET /plain HTTP/1.1\r\nHost: %s\r\n\r\n", hosts[i]);
        expect_refused(raw, (size_t)n, 400);
    }
}
END_TEST

START_TEST(a_host_may_be_a_name_or_an_address_with_a_port)
{
    EXPECT_ANSWERED("GET /plain HTTP/1.1\r\nHost: example.org:8080\r\n\r\n", 200);
    EXPECT_ANSWERED("GET /plain HTTP/1.1\r\nhOST:127.0.0.1\r\n\r\n", 200);
    EXPECT_ANSWERED("GET /plain HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n", 200);
}
END_TEST

START_TEST(http_1_0_needs_no_host_and_closes)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /plain HTTP/1.0\r\n\r\n");
    gr_answer *answer = hear(talk);
    ck_assert_int_eq(gr_answer_status(answer), 200);
    ck_assert_str_eq(gr_answer_header(answer, "Connection"), "close");
    gr_answer_free(answer);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(an_asterisk_is_for_options_only)
{
    EXPECT_REFUSED("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    EXPECT_REFUSED("POST * HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    EXPECT_ANSWERED("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 204);
}
END_TEST

START_TEST(a_target_in_authority_form_is_refused)
{
    EXPECT_REFUSED("GET example.org:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    EXPECT_REFUSED("GET plain HTTP/1.1\r\nHost: a\r\n\r\n", 400);
}
END_TEST

START_TEST(connect_is_not_implemented)
{
    EXPECT_REFUSED("CONNECT example.org:80 HTTP/1.1\r\nHost: example.org:80\r\n\r\n", 501);
}
END_TEST

START_TEST(trace_is_not_allowed)
{
    EXPECT_ANSWERED("TRACE /plain HTTP/1.1\r\nHost: a\r\n\r\n", 405);
}
END_TEST

START_TEST(an_unknown_method_is_not_implemented)
{
    EXPECT_REFUSED("BREW /plain HTTP/1.1\r\nHost: a\r\n\r\n", 501);
    EXPECT_REFUSED("get /plain HTTP/1.1\r\nHost: a\r\n\r\n", 501);
    EXPECT_REFUSED("GETX /plain HTTP/1.1\r\nHost: a\r\n\r\n", 501);
}
END_TEST

START_TEST(a_method_that_is_no_token_is_refused)
{
    EXPECT_REFUSED("G@T /plain HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    EXPECT_REFUSED("(GET) /plain HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    EXPECT_REFUSED("\xc3\xa4 /plain HTTP/1.1\r\nHost: a\r\n\r\n", 400);
}
END_TEST

START_TEST(another_version_is_refused)
{
    EXPECT_REFUSED("GET /plain HTTP/2.0\r\nHost: a\r\n\r\n", 505);
    EXPECT_REFUSED("GET /plain HTTP/9.9\r\nHost: a\r\n\r\n", 505);
    EXPECT_REFUSED("GET /plain HTTP/1.2\r\nHost: a\r\n\r\n", 505);
    EXPECT_REFUSED("GET /plain\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain RTSP/1.0\r\nHost: a\r\n\r\n", 400);
}
END_TEST

START_TEST(the_preface_of_http_2_is_refused)
{
    EXPECT_REFUSED("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400);
}
END_TEST

START_TEST(a_tls_hello_is_refused)
{
    EXPECT_REFUSED("\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\x0a\x0d\x0a", 400);
}
END_TEST

START_TEST(two_spaces_in_the_request_line_are_refused)
{
    EXPECT_REFUSED("GET  /plain HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain  HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.1 \r\nHost: a\r\n\r\n", 400);
}
END_TEST

static void expect_status_of_target(size_t bytes, int wanted)
{
    char *raw = malloc(bytes + 100);
    size_t n = (size_t)sprintf(raw, "GET /path/");
    memset(raw + n, 'a', bytes - 6);
    n += bytes - 6;
    n += (size_t)sprintf(raw + n, " HTTP/1.1\r\nHost: a\r\n\r\n");
    struct talk *talk = talk_begin();
    say_n(talk, raw, n);
    expect_status(talk, wanted);
    talk_end(talk);
    free(raw);
}

START_TEST(a_target_over_8_kib_is_414)
{
    expect_status_of_target(8192, 200);
    expect_status_of_target(8193, 414);
    expect_status_of_target(100000, 414);
}
END_TEST

START_TEST(a_head_that_is_refused_by_its_size_has_no_body_either)
{
    struct talk *talk = talk_begin();
    char raw[9100] = "HEAD /";
    memset(raw + 6, 'a', 9000);
    strcpy(raw + 9006, " HTTP/1.1\r\nHost: a\r\n\r\n");
    say(talk, raw);
    const char *got = gr_test_received(talk->conn, NULL);
    ck_assert_ptr_nonnull(strstr(got, "HTTP/1.1 414 "));
    ck_assert_str_eq(strstr(got, "\r\n\r\n"), "\r\n\r\n");
    talk_end(talk);
}
END_TEST

START_TEST(a_head_over_16_kib_is_431)
{
    char *raw = malloc(30000);
    size_t n = (size_t)sprintf(raw, "GET /plain HTTP/1.1\r\nHost: a\r\nX: ");
    memset(raw + n, 'x', 17000);
    memcpy(raw + n + 17000, "\r\n\r\n", 5);
    expect_refused(raw, n + 17004, 431);
    free(raw);
}
END_TEST

START_TEST(a_head_of_more_than_a_hundred_fields_is_431)
{
    char raw[2000];
    size_t n = (size_t)sprintf(raw, "GET /plain HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 100; i++)
        n += (size_t)sprintf(raw + n, "X%d: y\r\n", i);
    n += (size_t)sprintf(raw + n, "\r\n");
    expect_refused(raw, n, 431);
}
END_TEST

START_TEST(limits_of_the_application_count)
{
    gr_limits limits;
    gr_limits_init(&limits);
    limits.uri_bytes = 10;
    limits.fields = 2;
    limits.head_bytes = 100;
    limits.body_bytes = 3;
    struct talk *talk = talk_begin_limited(&limits);
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n1234");
    expect_status(talk, 413);
    call_again(talk);
    say(talk, "GET /0123456789 HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_status(talk, 414);
    call_again(talk);
    say(talk, "GET /plain HTTP/1.1\r\nHost: a\r\nX: y\r\nX: y\r\n\r\n");
    expect_status(talk, 431);
    talk_end(talk);
}
END_TEST

static char *sized_request(size_t target, size_t value)
{
    char *raw = malloc(target + value + 100), *at = raw + sprintf(raw, "GET /");
    memset(at, 'u', target);
    at += target;
    at += sprintf(at, " HTTP/1.1\r\nHost: a\r\nX: ");
    memset(at, 'x', value);
    memcpy(at + value, "\r\n\r\n", 5);
    return raw;
}

static void expect_sized(const gr_limits *limits, size_t target, size_t value, int wanted)
{
    struct talk *talk = talk_begin_limited(limits);
    char *raw = sized_request(target, value);
    for (size_t at = 0, len = strlen(raw); at < len; at += 60000)
        say_n(talk, raw + at, len - at < 60000 ? len - at : 60000);
    expect_status(talk, wanted);
    free(raw);
    talk_end(talk);
}

START_TEST(a_limit_that_is_raised_is_not_undone_by_another)
{
    gr_limits limits;
    gr_limits_init(&limits);
    limits.head_bytes = 300000;
    expect_sized(&limits, 10, 66000, 404);
    expect_sized(&limits, 10, 290000, 404);
    expect_sized(&limits, 10, 300000, 431);
    expect_sized(&limits, 8200, 10, 414);
    limits.uri_bytes = 200000;
    expect_sized(&limits, 190000, 66000, 404);
    expect_sized(&limits, 190000, 290000, 404);
    expect_sized(&limits, 200000, 10, 414);
    gr_limits_init(&limits);
    limits.uri_bytes = 200000; /* alone */
    expect_sized(&limits, 190000, 8000, 404);
    expect_sized(&limits, 190000, 16384, 431);
    gr_limits_init(&limits);
    limits.input_bytes = 0;
    expect_sized(&limits, 10, 16000, 404);
    limits.head_bytes = limits.uri_bytes = SIZE_MAX;
    expect_sized(&limits, 1000000, 1000000, 404);
}
END_TEST

START_TEST(without_room_for_input_a_body_is_read_all_the_same)
{
    gr_limits limits;
    gr_limits_init(&limits);
    limits.input_bytes = 0;
    struct talk *talk = talk_begin_limited(&limits);
    say_byte_by_byte(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 56);
    expect_body(talk, "hello");
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

/* A count of 16 bits would begin anew here, and take the next field for a request line. */
START_TEST(more_fields_than_16_bits_count_are_fields)
{
    gr_limits limits;
    gr_limits_init(&limits);
    limits.fields = 100000;
    limits.head_bytes = 2000000;
    struct talk *talk = talk_begin_limited(&limits);
    char *raw = malloc(2000000);
    size_t n = (size_t)sprintf(raw, "GET /plain HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 65534; i++)
        n += (size_t)sprintf(raw + n, "a: b\r\n");
    n += (size_t)sprintf(raw + n, "a: b HTTP/1.1\r\n");
    for (int i = 0; i < 10; i++)
        n += (size_t)sprintf(raw + n, "a: b\r\n");
    n += (size_t)sprintf(raw + n, "\r\n");
    for (size_t at = 0; at < n; at += 60000)
        say_n(talk, raw + at, n - at < 60000 ? n - at : 60000);
    expect_body(talk, "ok");
    free(raw);
    talk_end(talk);
}
END_TEST

START_TEST(leading_line_ends_are_skipped)
{
    EXPECT_ANSWERED("\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    EXPECT_ANSWERED("\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    EXPECT_REFUSED("\r\n\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 400);
}
END_TEST

START_TEST(connection_close_is_found_in_any_form)
{
    static const char *const values[] = {"close",   "Close", "close\t", " close ", "keep-alive, close",
                                         "close,x", ",close"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char raw[200];
        int n = snprintf(raw, sizeof raw, "GET /plain HTTP/1.1\r\nHost: a\r\nConnection: %s\r\n\r\n", values[i]);
        struct talk *talk = talk_begin();
        say_n(talk, raw, (size_t)n);
        expect_body(talk, "ok");
        ck_assert_msg(gr_test_closed(talk->conn), "Connection: %s kept it open", values[i]);
        talk_end(talk);
    }
}
END_TEST

START_TEST(whatever_follows_a_close_is_not_answered)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_body(talk, "ok");
    expect_nothing(talk);
    expect_closed(talk);
    ck_assert_int_eq(talk->ended, 1);
    talk_end(talk);
}
END_TEST

START_TEST(a_head_is_the_same_at_every_split)
{
    static const char raw[] =
        "\r\nGET /path/a%20b?c=d HTTP/1.1\r\nHost: a\r\nX: \ty \r\nY:\r\nConnection: close\r\n\r\n";
    expect_same_at_every_split(raw, sizeof raw - 1, "\r\n\r\n/path/a b");
}
END_TEST

START_TEST(a_refusal_is_the_same_at_every_split)
{
    static const char raw[] = "GET /plain HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n";
    expect_same_at_every_split(raw, sizeof raw - 1, "400 Bad Request");
}
END_TEST

START_TEST(a_refusal_is_answered_as_plain_text)
{
    struct talk *talk = talk_begin();
    say(talk, "nonsense\r\n\r\n");
    gr_answer *answer = hear(talk);
    ck_assert_int_eq(gr_answer_status(answer), 400);
    ck_assert_str_eq(gr_answer_header(answer, "Content-Type"), "text/plain; charset=utf-8");
    ck_assert_str_eq(gr_answer_header(answer, "Connection"), "close");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "Invalid HTTP request received.");
    gr_answer_free(answer);
    talk_end(talk);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_missing_host_is_refused,
        two_hosts_are_refused_even_where_equal,
        a_host_that_is_none_is_refused,
        a_host_may_be_a_name_or_an_address_with_a_port,
        http_1_0_needs_no_host_and_closes,
        an_asterisk_is_for_options_only,
        a_target_in_authority_form_is_refused,
        connect_is_not_implemented,
        trace_is_not_allowed,
        an_unknown_method_is_not_implemented,
        a_method_that_is_no_token_is_refused,
        another_version_is_refused,
        the_preface_of_http_2_is_refused,
        a_tls_hello_is_refused,
        two_spaces_in_the_request_line_are_refused,
        a_target_over_8_kib_is_414,
        a_head_that_is_refused_by_its_size_has_no_body_either,
        a_head_over_16_kib_is_431,
        a_head_of_more_than_a_hundred_fields_is_431,
        limits_of_the_application_count,
        a_limit_that_is_raised_is_not_undone_by_another,
        without_room_for_input_a_body_is_read_all_the_same,
        more_fields_than_16_bits_count_are_fields,
        leading_line_ends_are_skipped,
        connection_close_is_found_in_any_form,
        whatever_follows_a_close_is_not_answered,
        a_head_is_the_same_at_every_split,
        a_refusal_is_the_same_at_every_split,
        a_refusal_is_answered_as_plain_text,
        NULL,
    };
    return run_tests("head", tests, 20);
}
