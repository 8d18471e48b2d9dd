/* 100-continue (RFC 9110 section 10.1.1). */
#include "talk.h"

static const char continue_[] = "HTTP/1.1 100 Continue\r\n\r\n";

START_TEST(a_body_that_will_be_read_is_asked_for)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    ck_assert_str_eq(heard(talk), continue_);
    say(talk, "hello");
    expect_status(talk, 100);
    expect_body(talk, "hello");
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_chunked_body_that_will_be_read_is_asked_for)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nexpect: 100-Continue\r\nTransfer-Encoding: chunked\r\n\r\n");
    ck_assert_str_eq(heard(talk), continue_);
    say(talk, "5\r\nhello\r\n0\r\n\r\n");
    expect_status(talk, 100);
    expect_body(talk, "hello");
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_body_is_asked_for_once)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
    say_byte_by_byte(talk, "5\r\nhello\r\n0\r\n\r\n", 15);
    expect_status(talk, 100);
    expect_body(talk, "hello");
    expect_nothing(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_body_that_is_there_already_is_not_asked_for)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");
    expect_body(talk, "hello");
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(no_body_is_not_asked_for)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n");
    expect_body(talk, "");
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

static void expect_final(const char *raw, int wanted)
{
    struct talk *talk = talk_begin();
    say(talk, raw);
    expect_status(talk, wanted);
    expect_nothing(talk);
    expect_closed(talk);
    ck_assert_int_eq(talk->ended, 0);
    talk_end(talk);
}

START_TEST(a_body_that_will_not_be_read_gets_the_final_status_and_the_end)
{
    expect_final("POST /nowhere HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", 404);
    expect_final("POST /plain HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", 405);
}
END_TEST

START_TEST(a_body_that_is_too_large_gets_the_final_status_and_the_end)
{
    expect_final("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n", 413);
    expect_final("POST /echo/little HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n", 413);
}
END_TEST

START_TEST(http_1_0_is_never_told_to_continue)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    expect_nothing(talk);
    say(talk, "hello");
    expect_body(talk, "hello");
    talk_end(talk);
}
END_TEST

START_TEST(any_other_expectation_is_417)
{
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 5\r\n\r\nhello", 417);
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue, tea\r\nContent-Length: 1\r\n\r\nh", 417);
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\nExpect:\r\n\r\n", 417);
}
END_TEST

START_TEST(a_client_that_goes_on_without_waiting_gets_both)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhe");
    say(talk, "llo");
    gr_answer *answer = hear(talk);
    if (gr_answer_status(answer) == 100) {
        gr_answer_free(answer);
        answer = hear(talk);
    }
    ck_assert_str_eq(gr_answer_body(answer, NULL), "hello");
    gr_answer_free(answer);
    talk_end(talk);
}
END_TEST

START_TEST(what_was_asked_for_behind_an_unread_body_is_not_confused)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /nowhere HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"
              "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_status(talk, 404);
    expect_body(talk, "ok");
    talk_end(talk);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_body_that_will_be_read_is_asked_for,
        a_chunked_body_that_will_be_read_is_asked_for,
        a_body_is_asked_for_once,
        a_body_that_is_there_already_is_not_asked_for,
        no_body_is_not_asked_for,
        a_body_that_will_not_be_read_gets_the_final_status_and_the_end,
        a_body_that_is_too_large_gets_the_final_status_and_the_end,
        http_1_0_is_never_told_to_continue,
        any_other_expectation_is_417,
        a_client_that_goes_on_without_waiting_gets_both,
        what_was_asked_for_behind_an_unread_body_is_not_confused,
        NULL,
    };
    return run_tests("100-continue", tests, 20);
}
