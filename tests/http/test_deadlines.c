/* How long a client may take, to the millisecond. */
#include "talk.h"

static const char request[] = "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";

START_TEST(a_head_that_does_not_end_in_10_s_is_408)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /plain HTTP/1.1\r\nHo");
    gr_test_advance(talk->test, 9999);
    expect_nothing(talk);
    expect_open(talk);
    gr_test_advance(talk->test, 1);
    expect_status(talk, 408);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_head_has_one_deadline_however_often_a_byte_comes)
{
    struct talk *talk = talk_begin();
    for (int i = 0; i < 20; i++) {
        say_n(talk, request + i, 1);
        gr_test_advance(talk->test, 499);
    }
    expect_nothing(talk);
    gr_test_advance(talk->test, 19);
    expect_nothing(talk);
    gr_test_advance(talk->test, 1);
    expect_status(talk, 408);
    talk_end(talk);
}
END_TEST

START_TEST(the_deadline_of_a_head_begins_with_its_first_byte)
{
    struct talk *talk = talk_begin();
    gr_test_advance(talk->test, 4000);
    say(talk, "G");
    gr_test_advance(talk->test, 9999);
    expect_nothing(talk);
    say(talk, request + 1);
    expect_body(talk, "ok");
    talk_end(talk);
}
END_TEST

START_TEST(the_second_head_has_a_deadline_of_its_own)
{
    struct talk *talk = talk_begin();
    say(talk, request);
    expect_body(talk, "ok");
    gr_test_advance(talk->test, 3000);
    say(talk, "GET ");
    gr_test_advance(talk->test, 9999);
    expect_nothing(talk);
    gr_test_advance(talk->test, 1);
    expect_status(talk, 408);
    talk_end(talk);
}
END_TEST

START_TEST(half_a_head_behind_a_slow_request_has_its_whole_time)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /sleep/20000 HTTP/1.1\r\nHost: a\r\n\r\nGET /pl");
    gr_test_advance(talk->test, 20000);
    expect_body(talk, "20000");
    gr_test_advance(talk->test, 9999);
    expect_nothing(talk);
    gr_test_advance(talk->test, 1);
    expect_status(talk, 408);
    talk_end(talk);
}
END_TEST

START_TEST(a_connection_that_never_sends_a_byte_closes_without_a_word)
{
    struct talk *talk = talk_begin();
    gr_test_advance(talk->test, 9999);
    expect_open(talk);
    gr_test_advance(talk->test, 1);
    expect_nothing(talk);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(an_idle_connection_closes_after_5_s)
{
    struct talk *talk = talk_begin();
    say(talk, request);
    expect_body(talk, "ok");
    gr_test_advance(talk->test, 4999);
    expect_open(talk);
    gr_test_advance(talk->test, 1);
    expect_closed(talk);
    expect_nothing(talk);
    talk_end(talk);
}
END_TEST

START_TEST(each_request_begins_the_idle_time_anew)
{
    struct talk *talk = talk_begin();
    for (int i = 0; i < 10; i++) {
        expect_alive(talk);
        gr_test_advance(talk->test, 4999);
    }
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(idle_time_begins_with_the_answer_and_not_with_the_request)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /sleep/60000 HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_advance(talk->test, 60000);
    expect_body(talk, "60000");
    gr_test_advance(talk->test, 4999);
    expect_open(talk);
    gr_test_advance(talk->test, 1);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(line_ends_between_requests_do_not_make_an_idle_connection_a_slow_head)
{
    struct talk *talk = talk_begin();
    say(talk, request);
    expect_body(talk, "ok");
    say(talk, "\r\n");
    gr_test_advance(talk->test, 20000);
    expect_nothing(talk);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_body_that_does_not_come_in_10_s_is_408)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    gr_test_advance(talk->test, 9999);
    expect_nothing(talk);
    gr_test_advance(talk->test, 1);
    expect_status(talk, 408);
    expect_closed(talk);
    ck_assert_int_eq(talk->ended, 0);
    talk_end(talk);
}
END_TEST

START_TEST(a_body_may_take_its_time_at_the_least_rate)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n");
    static char piece[5001];
    memset(piece, 'p', 5000);
    for (int i = 0; i < 10; i++) {
        gr_test_advance(talk->test, 9000);
        expect_nothing(talk);
        say(talk, piece);
    }
    expect_status(talk, 200);
    talk_end(talk);
}
END_TEST

START_TEST(a_body_that_trickles_is_408)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n");
    int64_t began = gr_test_now_ms(talk->test);
    while (!gr_test_closed(talk->conn) && gr_test_now_ms(talk->test) < began + 60000) {
        say(talk, "b");
        gr_test_advance(talk->test, 1000);
    }
    expect_status(talk, 408);
    ck_assert_int_le(gr_test_now_ms(talk->test) - began, 11000);
    talk_end(talk);
}
END_TEST

START_TEST(a_body_that_nobody_waits_for_may_rest)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /sleep/60000 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    gr_test_advance(talk->test, 60000);
    expect_body(talk, "60000");
    talk_end(talk);
}
END_TEST

START_TEST(a_client_that_takes_nothing_for_30_s_is_cut_off)
{
    struct talk *talk = talk_begin();
    gr_test_set_window(talk->conn, 1000);
    say(talk, "GET /big/100000 HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_advance(talk->test, 29999);
    expect_open(talk);
    ck_assert_uint_eq(gr_test_coroutines(talk->test), 1);
    gr_test_advance(talk->test, 1);
    expect_closed(talk);
    ck_assert_uint_eq(gr_test_coroutines(talk->test), 0);
    talk_end(talk);
}
END_TEST

START_TEST(a_client_that_takes_a_little_answer_never_is_cut_off_too)
{
    struct talk *talk = talk_begin();
    gr_test_set_window(talk->conn, 0);
    say(talk, request);
    gr_test_advance(talk->test, 29999);
    expect_open(talk);
    gr_test_advance(talk->test, 1);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(bytes_sent_do_not_count_as_bytes_taken)
{
    struct talk *talk = talk_begin();
    gr_test_set_window(talk->conn, 0);
    say(talk, request);
    for (int i = 0; i < 10 && !gr_test_closed(talk->conn); i++) {
        say_n(talk, request, 1);
        gr_test_advance(talk->test, 10000);
    }
    expect_closed(talk);
    ck_assert_int_eq((int)gr_test_now_ms(talk->test), 30000);
    talk_end(talk);
}
END_TEST

START_TEST(a_slow_reader_is_left_alone)
{
    struct talk *talk = talk_begin();
    gr_test_set_window(talk->conn, 0);
    say(talk, "GET /big/100000 HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < 7; i++) {
        gr_test_advance(talk->test, 29000);
        expect_open(talk);
        gr_test_set_window(talk->conn, 15500);
    }
    expect_status(talk, 200);
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_reader_below_the_least_rate_is_cut_off)
{
    struct talk *talk = talk_begin();
    gr_test_set_window(talk->conn, 0);
    say(talk, "GET /big/100000 HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < 10 && !gr_test_closed(talk->conn); i++) {
        gr_test_advance(talk->test, 10000);
        gr_test_set_window(talk->conn, 10);
    }
    expect_closed(talk);
    ck_assert_int_le((int)gr_test_now_ms(talk->test), 60000);
    talk_end(talk);
}
END_TEST

START_TEST(after_a_refusal_the_client_has_2_s_to_read_it)
{
    struct talk *talk = talk_begin();
    say(talk, "nonsense\r\n\r\n");
    expect_status(talk, 400);
    say(talk, "whatever else it had to say");
    gr_test_advance(talk->test, 2000);
    hang_up(talk);
    talk->conn = gr_test_connect(talk->test);
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(limits_of_the_application_count)
{
    gr_limits limits;
    gr_limits_init(&limits);
    limits.head_ms = 100;
    limits.keep_alive_ms = 50;
    struct talk *talk = talk_begin_limited(&limits);
    say(talk, request);
    expect_body(talk, "ok");
    gr_test_advance(talk->test, 50);
    expect_closed(talk);
    call_again(talk);
    say(talk, "G");
    gr_test_advance(talk->test, 99);
    expect_nothing(talk);
    gr_test_advance(talk->test, 1);
    expect_status(talk, 408);
    talk_end(talk);
}
END_TEST

START_TEST(a_handler_over_its_deadline_is_504_and_cancelled)
{
    gr_limits limits;
    gr_limits_init(&limits);
    limits.handler_ms = 100;
    struct talk *talk = talk_begin_limited(&limits);
    say(talk, "GET /sleep/1000 HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_advance(talk->test, 99);
    expect_nothing(talk);
    gr_test_advance(talk->test, 1);
    expect_status(talk, 504);
    ck_assert_int_eq(talk->cancelled, 1);
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_body_over_the_deadline_of_its_handler_is_504)
{
    gr_limits limits;
    gr_limits_init(&limits);
    limits.handler_ms = 100;
    struct talk *talk = talk_begin_limited(&limits);
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    gr_test_advance(talk->test, 100);
    expect_status(talk, 504);
    expect_closed(talk);
    ck_assert_int_eq(talk->ended, 0);
    talk_end(talk);
}
END_TEST

START_TEST(limits_of_for_ever_are_no_limits)
{
    gr_limits limits;
    gr_limits_init(&limits);
    limits.head_ms = limits.body_ms = limits.keep_alive_ms = limits.write_ms = limits.linger_ms = limits.handler_ms =
        INT64_MAX;
    struct talk *talk = talk_begin_limited(&limits);
    gr_test_advance(talk->test, 100000);
    call_again(talk);
    gr_test_advance(talk->test, 100000);
    say(talk, "POST /echo HTTP/1.1\r\nHo");
    gr_test_advance(talk->test, 100000);
    say(talk, "st: a\r\nContent-Length: 2\r\n\r\na");
    gr_test_advance(talk->test, 100000);
    gr_test_set_window(talk->conn, 10);
    say(talk, "b");
    gr_test_advance(talk->test, 100000);
    gr_test_set_window(talk->conn, SIZE_MAX);
    expect_body(talk, "ab");
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_head_that_does_not_end_in_10_s_is_408,
        a_head_has_one_deadline_however_often_a_byte_comes,
        the_deadline_of_a_head_begins_with_its_first_byte,
        the_second_head_has_a_deadline_of_its_own,
        half_a_head_behind_a_slow_request_has_its_whole_time,
        a_connection_that_never_sends_a_byte_closes_without_a_word,
        an_idle_connection_closes_after_5_s,
        each_request_begins_the_idle_time_anew,
        idle_time_begins_with_the_answer_and_not_with_the_request,
        line_ends_between_requests_do_not_make_an_idle_connection_a_slow_head,
        a_body_that_does_not_come_in_10_s_is_408,
        a_body_may_take_its_time_at_the_least_rate,
        a_body_that_trickles_is_408,
        a_body_that_nobody_waits_for_may_rest,
        a_client_that_takes_nothing_for_30_s_is_cut_off,
        a_client_that_takes_a_little_answer_never_is_cut_off_too,
        bytes_sent_do_not_count_as_bytes_taken,
        a_slow_reader_is_left_alone,
        a_reader_below_the_least_rate_is_cut_off,
        after_a_refusal_the_client_has_2_s_to_read_it,
        limits_of_the_application_count,
        a_handler_over_its_deadline_is_504_and_cancelled,
        a_body_over_the_deadline_of_its_handler_is_504,
        limits_of_for_ever_are_no_limits,
        NULL,
    };
    return run_tests("deadlines", tests, 20);
}
