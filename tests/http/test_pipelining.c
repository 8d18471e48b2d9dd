/* Several requests on one connection: order, bounds, and how long it lives. */
#include "http/memory.h"
#include "talk.h"

/* What gr_test_conn is: for the bytes that the server does not take yet. */
struct look_inside {
    gr_test *test;
    struct gri_memory *memory;
};

static size_t bytes_not_taken(struct talk *talk)
{
    return ((struct look_inside *)talk->conn)->memory->unread.len;
}

static size_t repeat(char *out, const char *text, int n)
{
    size_t len = strlen(text);
    for (int i = 0; i < n; i++)
        memcpy(out + (size_t)i * len, text, len);
    return len * (size_t)n;
}

START_TEST(a_hundred_requests_at_once_get_a_hundred_answers_in_order)
{
    struct talk *talk = talk_begin();
    char raw[10000], wanted[20];
    size_t n = 0;
    for (int i = 0; i < 100; i++)
        n += (size_t)sprintf(raw + n, "GET /path/%d HTTP/1.1\r\nHost: a\r\n\r\n", i);
    say_n(talk, raw, n);
    for (int i = 0; i < 100; i++) {
        sprintf(wanted, "/path/%d", i);
        expect_body(talk, wanted);
    }
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_hundred_requests_byte_by_byte_get_a_hundred_answers)
{
    struct talk *talk = talk_begin();
    char raw[10000];
    say_byte_by_byte(talk, raw, repeat(raw, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 100));
    for (int i = 0; i < 100; i++)
        expect_body(talk, "ok");
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_quick_answer_waits_for_the_slow_one_before_it)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /sleep/300 HTTP/1.1\r\nHost: a\r\n\r\nGET /sleep/10 HTTP/1.1\r\nHost: a\r\n\r\n"
              "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_advance(talk->test, 299);
    expect_nothing(talk);
    gr_test_advance(talk->test, 1000);
    expect_body(talk, "300");
    expect_body(talk, "10");
    expect_body(talk, "ok");
    talk_end(talk);
}
END_TEST

START_TEST(blocking_and_async_requests_are_answered_in_order)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /block HTTP/1.1\r\nHost: a\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n"
              "GET /block HTTP/1.1\r\nHost: a\r\n\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    expect_body(talk, "blocked");
    expect_body(talk, "ok");
    expect_body(talk, "blocked");
    expect_body(talk, "hi");
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(requests_that_come_one_after_the_other_reuse_the_connection)
{
    struct talk *talk = talk_begin();
    for (int i = 0; i < 1000; i++)
        expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_bad_request_behind_good_ones_is_answered_last)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /sleep/50 HTTP/1.1\r\nHost: a\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n"
              "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_advance(talk->test, 50);
    expect_body(talk, "50");
    expect_body(talk, "ok");
    expect_status(talk, 400);
    expect_nothing(talk);
    expect_closed(talk);
    ck_assert_int_eq(talk->ended, 2);
    talk_end(talk);
}
END_TEST

START_TEST(a_client_that_sends_and_does_not_read_is_not_read_from)
{
    struct talk *talk = talk_begin();
    static char raw[1 << 20];
    say(talk, "GET /sleep/1000 HTTP/1.1\r\nHost: a\r\n\r\n");
    size_t n = repeat(raw, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 10000);
    say_n(talk, raw, n);
    ck_assert_uint_ge(bytes_not_taken(talk), n - 2 * 65536);
    ck_assert_int_eq(talk->ended, 0);
    gr_test_advance(talk->test, 1000);
    ck_assert_int_eq(talk->ended, 10001);
    ck_assert_uint_eq(bytes_not_taken(talk), 0);
    talk_end(talk);
}
END_TEST

START_TEST(answers_that_nobody_takes_stop_the_next_requests)
{
    struct talk *talk = talk_begin();
    static char raw[1 << 20];
    gr_test_set_window(talk->conn, 0);
    say_n(talk, raw, repeat(raw, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 10000));
    int held = talk->ended;
    ck_assert_int_gt(held, 0);
    ck_assert_int_le(held, 65536 / 100 + 65536 / 30);
    gr_test_set_window(talk->conn, SIZE_MAX);
    ck_assert_int_eq(talk->ended, 10000);
    for (int i = 0; i < 10000; i += 1000)
        expect_body(talk, "ok");
    talk_end(talk);
}
END_TEST

START_TEST(large_answers_that_nobody_takes_are_made_one_at_a_time)
{
    struct talk *talk = talk_begin();
    gr_test_set_window(talk->conn, 1000);
    say(talk, "GET /big/100000 HTTP/1.1\r\nHost: a\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_int_eq(talk->ended, 0);
    gr_test_set_window(talk->conn, SIZE_MAX);
    ck_assert_int_eq(talk->ended, 1);
    gr_answer_free(hear(talk));
    expect_body(talk, "ok");
    talk_end(talk);
}
END_TEST

START_TEST(a_large_answer_comes_whole_through_any_window)
{
    struct talk *talk = talk_begin();
    gr_test_set_window(talk->conn, 0);
    say(talk, "GET /big/50000 HTTP/1.1\r\nHost: a\r\n\r\nGET /path/next HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < 520; i++)
        gr_test_set_window(talk->conn, 97);
    gr_answer *answer = hear(talk);
    size_t len;
    const char *body = gr_answer_body(answer, &len);
    ck_assert_uint_eq(len, 50000);
    ck_assert_uint_eq(strspn(body, "x"), 50000);
    gr_answer_free(answer);
    gr_test_set_window(talk->conn, SIZE_MAX);
    expect_body(talk, "/path/next");
    talk_end(talk);
}
END_TEST

START_TEST(http_1_0_closes_after_the_first_answer)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /plain HTTP/1.0\r\n\r\nGET /plain HTTP/1.0\r\n\r\n");
    expect_body(talk, "ok");
    expect_nothing(talk);
    expect_closed(talk);
    ck_assert_int_eq(talk->ended, 1);
    talk_end(talk);
}
END_TEST

START_TEST(http_1_0_goes_on_where_it_asks_to)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /plain HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET /path/x HTTP/1.0\r\n\r\n");
    expect_body(talk, "ok");
    expect_body(talk, "/path/x");
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(connections_do_not_disturb_each_other)
{
    struct talk *talk = talk_begin();
    gr_test_conn *conns[50];
    for (int i = 0; i < 50; i++) {
        char raw[100];
        int n = sprintf(raw, "GET /sleep/%d HTTP/1.1\r\nHost: a\r\n\r\nGET /path/%d HTTP/1.1\r\nHost: a\r\n\r\n",
                        50 - i, i);
        conns[i] = gr_test_connect(talk->test);
        gr_test_send(conns[i], raw, (size_t)n);
    }
    gr_test_advance(talk->test, 50);
    for (int i = 0; i < 50; i++) {
        char slept[10], path_[20];
        sprintf(slept, "%d", 50 - i);
        sprintf(path_, "/path/%d", i);
        gr_answer *first = gr_test_next_answer(conns[i], false), *second = gr_test_next_answer(conns[i], false);
        ck_assert_str_eq(gr_answer_body(first, NULL), slept);
        ck_assert_str_eq(gr_answer_body(second, NULL), path_);
        gr_answer_free(first);
        gr_answer_free(second);
        gr_test_conn_destroy(conns[i]);
    }
    talk_end(talk);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_hundred_requests_at_once_get_a_hundred_answers_in_order,
        a_hundred_requests_byte_by_byte_get_a_hundred_answers,
        a_quick_answer_waits_for_the_slow_one_before_it,
        blocking_and_async_requests_are_answered_in_order,
        requests_that_come_one_after_the_other_reuse_the_connection,
        a_bad_request_behind_good_ones_is_answered_last,
        a_client_that_sends_and_does_not_read_is_not_read_from,
        answers_that_nobody_takes_stop_the_next_requests,
        large_answers_that_nobody_takes_are_made_one_at_a_time,
        a_large_answer_comes_whole_through_any_window,
        http_1_0_closes_after_the_first_answer,
        http_1_0_goes_on_where_it_asks_to,
        connections_do_not_disturb_each_other,
        NULL,
    };
    return run_tests("pipelining", tests, 20);
}
