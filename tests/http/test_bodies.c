/* Bodies in both directions, and the head of a reply. */
#include "talk.h"

#include <ctype.h>
#include <time.h>

START_TEST(a_body_with_a_length_is_the_same_at_every_split)
{
    static const char raw[] = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello\r\n\0bye"
                              "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";
    expect_same_at_every_split(raw, sizeof raw - 1, "\r\n\r\nhello\r\n");
}
END_TEST

START_TEST(a_chunked_body_is_the_same_at_every_split)
{
    static const char raw[] = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "5;x=y\r\nhello\r\n1\r\n \r\n0005\r\nworld\r\n0\r\nX-Sum: y\r\nZ:\r\n\r\n"
                              "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";
    expect_same_at_every_split(raw, sizeof raw - 1, "\r\n\r\nhello world");
    expect_same_at_every_split(raw, sizeof raw - 1, "\r\n\r\nok");
}
END_TEST

START_TEST(a_broken_chunk_is_the_same_at_every_split)
{
    static const char raw[] =
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n";
    expect_same_at_every_split(raw, sizeof raw - 1, "400 Bad Request");
}
END_TEST

START_TEST(a_broken_trailer_is_the_same_at_every_split)
{
    static const char raw[] = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "1\r\nh\r\n0\r\nX: y\r\n\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n";
    expect_same_at_every_split(raw, sizeof raw - 1, "400 Bad Request");
}
END_TEST

START_TEST(a_forbidden_trailer_is_the_same_at_every_split)
{
    static const char raw[] = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "1\r\nh\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n";
    expect_same_at_every_split(raw, sizeof raw - 1, "400 Bad Request");
}
END_TEST

START_TEST(a_body_that_was_not_wanted_is_skipped_at_every_split)
{
    static const char raw[] = "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                              "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";
    expect_same_at_every_split(raw, sizeof raw - 1, "\r\n\r\nok");
}
END_TEST

START_TEST(a_length_of_nothing_is_an_empty_body)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    expect_body(talk, "");
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    expect_body(talk, "");
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_body(talk, "");
    talk_end(talk);
}
END_TEST

START_TEST(leading_zeros_of_a_length_do_not_matter)
{
    EXPECT_ANSWERED("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0005\r\n\r\nhello", 200);
}
END_TEST

START_TEST(a_body_of_just_the_limit_is_taken)
{
    enum { LIMIT = 1 << 18 };
    struct talk *talk = talk_begin();
    char *body = malloc(LIMIT + 1);
    memset(body, 'b', LIMIT);
    body[LIMIT] = '\0';
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 262144\r\n\r\n");
    say_n(talk, body, LIMIT);
    expect_body(talk, body);
    talk_end(talk);
    free(body);
}
END_TEST

START_TEST(a_get_may_have_a_body)
{
    EXPECT_ANSWERED("GET /plain HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 200);
}
END_TEST

START_TEST(a_large_unread_body_closes_the_connection)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    expect_status(talk, 404);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_small_unread_body_is_waited_for)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    expect_status(talk, 404);
    expect_open(talk);
    say(talk, "llo");
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(an_unread_chunked_body_closes_the_connection)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /nowhere HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
    expect_status(talk, 404);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

static const char *after_status(const char *text)
{
    return strstr(text, "\r\n");
}

START_TEST(head_has_the_headers_of_get_and_no_body)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /big/1234 HTTP/1.1\r\nHost: a\r\n\r\n");
    char *get = strdup(heard(talk));
    char *end = strstr(get, "\r\n\r\n");
    ck_assert_ptr_nonnull(end);
    end[4] = '\0';
    gr_answer_free(hear(talk));
    say(talk, "HEAD /big/1234 HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_str_eq(heard(talk), get);
    ck_assert_ptr_nonnull(strstr(heard(talk), "content-length: 1234\r\n"));
    free(get);
    gr_answer_free(gr_test_next_answer(talk->conn, true));
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(head_of_a_large_reply_sends_none_of_it)
{
    struct talk *talk = talk_begin();
    say(talk, "HEAD /big/200000 HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_ptr_nonnull(strstr(heard(talk), "content-length: 200000\r\n"));
    gr_answer_free(gr_test_next_answer(talk->conn, true));
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(head_of_what_is_not_found_has_no_body)
{
    EXPECT_ANSWERED("HEAD /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 404);
}
END_TEST

START_TEST(head_that_is_refused_has_no_body)
{
    struct talk *talk = talk_begin();
    say(talk, "HEAD /plain HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    ck_assert_int_eq(strncmp(heard(talk), "HTTP/1.1 400 Bad Request\r\n", 26), 0);
    ck_assert_str_eq(strstr(heard(talk), "\r\n\r\n"), "\r\n\r\n");
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

static void expect_bodiless(int code, const char *line)
{
    struct talk *talk = talk_begin();
    char raw[100];
    snprintf(raw, sizeof raw, "GET /status/%d HTTP/1.1\r\nHost: a\r\n\r\n", code);
    say(talk, raw);
    const char *text = heard(talk);
    ck_assert_msg(!strncmp(text, line, strlen(line)), "wanted %s, got %s", line, text);
    ck_assert_ptr_null(strstr(text, "content-length"));
    ck_assert_ptr_null(strstr(text, "transfer-encoding"));
    ck_assert_str_eq(strstr(text, "\r\n\r\n"), "\r\n\r\n");
    gr_answer_free(hear(talk));
    expect_alive(talk);
    talk_end(talk);
}

START_TEST(a_204_has_no_body_and_no_length)
{
    expect_bodiless(204, "HTTP/1.1 204 No Content\r\n");
}
END_TEST

START_TEST(a_304_has_no_body_and_no_length)
{
    expect_bodiless(304, "HTTP/1.1 304 Not Modified\r\n");
}
END_TEST

START_TEST(an_empty_200_has_a_length_of_0)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /status/200 HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_ptr_nonnull(strstr(heard(talk), "\r\ncontent-length: 0\r\n"));
    talk_end(talk);
}
END_TEST

/* "date: Sun, 06 Nov 1994 08:49:37 GMT" */
static bool is_date(const char *date)
{
    static const char form[] = "Aaa, 99 Aaa 9999 99:99:99 GMT";
    for (size_t i = 0; i < sizeof form - 1; i++) {
        unsigned char c = (unsigned char)date[i];
        bool ok = form[i] == 'A'   ? isupper(c)
                  : form[i] == 'a' ? islower(c)
                  : form[i] == '9' ? isdigit(c)
                                   : c == (unsigned char)form[i];
        if (!ok)
            return false;
    }
    return !strncmp(date + sizeof form - 1, "\r\n", 2);
}

START_TEST(a_reply_begins_with_status_server_and_date)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    static const char wanted[] = "HTTP/1.1 200 OK\r\nserver: griddle\r\ndate: ";
    ck_assert_msg(!strncmp(heard(talk), wanted, sizeof wanted - 1), "got %s", heard(talk));
    ck_assert_msg(is_date(heard(talk) + sizeof wanted - 1), "got %s", heard(talk));
    ck_assert_str_eq(after_status(heard(talk) + sizeof wanted),
                     "\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 2\r\n\r\nok");
    talk_end(talk);
}
END_TEST

START_TEST(the_date_is_now)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_answer *answer = hear(talk);
    struct tm tm = {0};
    setlocale(LC_ALL, "C"); /* strptime() has names of its own */
    ck_assert_ptr_nonnull(strptime(gr_answer_header(answer, "Date"), "%a, %d %b %Y %H:%M:%S GMT", &tm));
    ck_assert_int_le(llabs((long long)(timegm(&tm) - time(NULL))), 2);
    gr_answer_free(answer);
    talk_end(talk);
}
END_TEST

START_TEST(a_reply_to_http_1_0_says_what_becomes_of_the_connection)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /plain HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    ck_assert_ptr_nonnull(strstr(heard(talk), "\r\nconnection: keep-alive\r\n"));
    gr_answer_free(hear(talk));
    expect_open(talk);
    say(talk, "GET /plain HTTP/1.0\r\n\r\n");
    ck_assert_ptr_nonnull(strstr(heard(talk), "\r\nconnection: close\r\n"));
    gr_answer_free(hear(talk));
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(http_1_0_may_send_a_body)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Length: 5\r\n\r\nhello");
    expect_body(talk, "hello");
    expect_open(talk);
    talk_end(talk);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_body_with_a_length_is_the_same_at_every_split,
        a_chunked_body_is_the_same_at_every_split,
        a_broken_chunk_is_the_same_at_every_split,
        a_broken_trailer_is_the_same_at_every_split,
        a_forbidden_trailer_is_the_same_at_every_split,
        a_body_that_was_not_wanted_is_skipped_at_every_split,
        a_length_of_nothing_is_an_empty_body,
        leading_zeros_of_a_length_do_not_matter,
        a_body_of_just_the_limit_is_taken,
        a_get_may_have_a_body,
        a_large_unread_body_closes_the_connection,
        a_small_unread_body_is_waited_for,
        an_unread_chunked_body_closes_the_connection,
        head_has_the_headers_of_get_and_no_body,
        head_of_a_large_reply_sends_none_of_it,
        head_of_what_is_not_found_has_no_body,
        head_that_is_refused_has_no_body,
        a_204_has_no_body_and_no_length,
        a_304_has_no_body_and_no_length,
        an_empty_200_has_a_length_of_0,
        a_reply_begins_with_status_server_and_date,
        the_date_is_now,
        a_reply_to_http_1_0_says_what_becomes_of_the_connection,
        http_1_0_may_send_a_body,
        NULL,
    };
    return run_tests("bodies", tests, 20);
}
