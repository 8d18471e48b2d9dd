/* Clients that leave: a FIN and a reset in each state of a request. hang_up() sees to it that no coroutine is left. */
#include "talk.h"

START_TEST(a_fin_before_any_request_closes)
{
    struct talk *talk = talk_begin();
    gr_test_send_fin(talk->conn);
    expect_nothing(talk);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_fin_in_a_head_closes)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /plain HTTP/1.1\r\nHo");
    gr_test_send_fin(talk->conn);
    expect_closed(talk);
    ck_assert_int_eq(talk->ended, 0);
    talk_end(talk);
}
END_TEST

START_TEST(a_reset_in_a_head_leaves_nothing)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /plain HTTP/1.1\r\nHo");
    gr_test_reset(talk->conn);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_fin_in_a_body_runs_no_handler)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    gr_test_send_fin(talk->conn);
    expect_nothing(talk);
    expect_closed(talk);
    ck_assert_int_eq(talk->ended, 0);
    ck_assert_uint_eq(gr_test_coroutines(talk->test), 0);
    talk_end(talk);
}
END_TEST

START_TEST(a_reset_in_a_body_runs_no_handler)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
    gr_test_reset(talk->conn);
    ck_assert_int_eq(talk->ended, 0);
    ck_assert_uint_eq(gr_test_coroutines(talk->test), 0);
    talk_end(talk);
}
END_TEST

START_TEST(a_fin_right_behind_a_request_does_not_lose_the_answer)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    gr_test_send_fin(talk->conn);
    expect_body(talk, "hello");
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_fin_behind_many_requests_loses_none_of_their_answers)
{
    struct talk *talk = talk_begin();
    for (int i = 0; i < 100; i++)
        say(talk, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_send_fin(talk->conn);
    for (int i = 0; i < 100; i++)
        expect_body(talk, "ok");
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_fin_cancels_an_async_handler_that_waits)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /sleep/1000 HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_advance(talk->test, 10);
    gr_test_send_fin(talk->conn);
    ck_assert_int_eq(talk->cancelled, 1);
    ck_assert_int_eq(talk->ended, 1);
    expect_nothing(talk);
    expect_closed(talk);
    ck_assert_uint_eq(gr_test_coroutines(talk->test), 0);
    talk_end(talk);
}
END_TEST

START_TEST(a_reset_cancels_an_async_handler_that_waits)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /sleep/1000 HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_reset(talk->conn);
    ck_assert_int_eq(talk->cancelled, 1);
    ck_assert_int_eq(talk->ended, 1);
    ck_assert_uint_eq(gr_test_coroutines(talk->test), 0);
    talk_end(talk);
}
END_TEST

START_TEST(a_fin_and_then_a_reset_cancel_once)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /sleep/1000 HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_send_fin(talk->conn);
    gr_test_reset(talk->conn);
    gr_test_reset(talk->conn);
    ck_assert_int_eq(talk->cancelled, 1);
    talk_end(talk);
}
END_TEST

START_TEST(a_fin_does_not_cancel_an_operation_that_finishes_anyway)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /finish/1000 HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_send_fin(talk->conn);
    gr_test_advance(talk->test, 1000);
    expect_body(talk, "1000");
    ck_assert_int_eq(talk->cancelled, 0);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_reset_does_not_cancel_an_operation_that_finishes_anyway)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /finish/1000 HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_reset(talk->conn);
    ck_assert_int_eq(talk->ended, 0);
    gr_test_advance(talk->test, 999);
    ck_assert_int_eq(talk->ended, 0);
    gr_test_advance(talk->test, 1);
    ck_assert_int_eq(talk->ended, 1);
    ck_assert_int_eq(talk->cancelled, 0);
    talk_end(talk);
}
END_TEST

START_TEST(an_operation_that_finishes_anyway_does_not_begin_without_its_body)
{
    struct talk *talk = talk_begin();
    for (int reset = 0; reset < 2; reset++) {
        say(talk, "GET /finish/1000 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
        if (reset)
            gr_test_reset(talk->conn);
        else
            gr_test_send_fin(talk->conn);
        ck_assert_uint_eq(gr_test_coroutines(talk->test), 0);
        ck_assert_int_eq(talk->ended, 0);
        call_again(talk);
    }
    talk_end(talk);
}
END_TEST

START_TEST(requests_behind_a_cancelled_one_do_not_run)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /sleep/1000 HTTP/1.1\r\nHost: a\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_reset(talk->conn);
    ck_assert_int_eq(talk->ended, 1);
    talk_end(talk);
}
END_TEST

START_TEST(a_fin_while_a_large_reply_is_being_sent_does_not_cut_it)
{
    struct talk *talk = talk_begin();
    gr_test_set_window(talk->conn, 1000);
    say(talk, "GET /big/100000 HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_send_fin(talk->conn);
    expect_open(talk);
    for (int i = 0; i < 10; i++)
        gr_test_set_window(talk->conn, 11000);
    gr_answer *answer = hear(talk);
    size_t len;
    gr_answer_body(answer, &len);
    ck_assert_uint_eq(len, 100000);
    gr_answer_free(answer);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_reset_while_a_large_reply_is_being_sent_leaves_nothing)
{
    struct talk *talk = talk_begin();
    gr_test_set_window(talk->conn, 1000);
    say(talk, "GET /big/100000 HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_uint_eq(gr_test_coroutines(talk->test), 1);
    gr_test_reset(talk->conn);
    ck_assert_uint_eq(gr_test_coroutines(talk->test), 0);
    talk_end(talk);
}
END_TEST

START_TEST(a_fin_while_little_replies_wait_for_the_client_loses_none)
{
    struct talk *talk = talk_begin();
    gr_test_set_window(talk->conn, 0);
    for (int i = 0; i < 10; i++)
        say(talk, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_send_fin(talk->conn);
    gr_test_set_window(talk->conn, SIZE_MAX);
    for (int i = 0; i < 10; i++)
        expect_body(talk, "ok");
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_client_that_goes_away_at_any_byte_leaves_nothing)
{
    static const char raw[] =
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n0\r\nX: y\r\n\r\nGET /sleep/5 HTTP/1.1\r\nHost: a\r\n\r\nGET /big/20000 HTTP/1.1\r\n"
        "Host: a\r\n\r\n";
    struct talk *talk = talk_begin();
    for (size_t n = 0; n < sizeof raw; n++)
        for (int how = 0; how < 4; how++) {
            if (how & 1)
                gr_test_set_window(talk->conn, n);
            say_n(talk, raw, n);
            if (how & 2)
                gr_test_send_fin(talk->conn);
            else
                gr_test_reset(talk->conn);
            call_again(talk);
        }
    talk_end(talk);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_fin_before_any_request_closes,
        a_fin_in_a_head_closes,
        a_reset_in_a_head_leaves_nothing,
        a_fin_in_a_body_runs_no_handler,
        a_reset_in_a_body_runs_no_handler,
        a_fin_right_behind_a_request_does_not_lose_the_answer,
        a_fin_behind_many_requests_loses_none_of_their_answers,
        a_fin_cancels_an_async_handler_that_waits,
        a_reset_cancels_an_async_handler_that_waits,
        a_fin_and_then_a_reset_cancel_once,
        a_fin_does_not_cancel_an_operation_that_finishes_anyway,
        a_reset_does_not_cancel_an_operation_that_finishes_anyway,
        an_operation_that_finishes_anyway_does_not_begin_without_its_body,
        requests_behind_a_cancelled_one_do_not_run,
        a_fin_while_a_large_reply_is_being_sent_does_not_cut_it,
        a_reset_while_a_large_reply_is_being_sent_leaves_nothing,
        a_fin_while_little_replies_wait_for_the_client_loses_none,
        a_client_that_goes_away_at_any_byte_leaves_nothing,
        NULL,
    };
    return run_tests("leaving", tests, 20);
}
