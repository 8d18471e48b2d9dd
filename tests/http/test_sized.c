/* Streamed replies whose length is known beforehand. */
#include "app.h"

#define NEXT "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

/* What is announced and what is written, in pieces. */
static unsigned long announced, written;
static _Atomic int calls, last_rc;

static int write_text(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    calls++;
    int rc = 0;
    for (unsigned long i = 0; i < written && rc == 0; i++)
        rc = gr_write(co, writer, "x", 1);
    last_rc = rc;
    return rc;
}

static int write_text_blocking(gr_writer *writer, void *arg)
{
    (void)arg;
    calls++;
    int rc = 0;
    for (unsigned long i = 0; i < written && rc == 0; i++)
        rc = gr_write_blocking(writer, "x", 1);
    last_rc = rc;
    return rc;
}

static gr_reply sized(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream_sized(req, "text/plain", announced, write_text, NULL);
}
GR_GET("/async", sized);

static gr_reply sized_blocking(gr_req *req)
{
    return gr_stream_sized(req, "text/plain", announced, write_text_blocking, NULL);
}
GR_GET("/pool", sized_blocking);

static gr_reply wrong_type(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream_sized(req, "text/\n", announced, write_text, NULL);
}
GR_GET("/wrong-type", wrong_type);

static const char *const targets[] = {"/async", "/pool"};
enum { N_TARGETS = 2 };

static struct server start(unsigned long of, unsigned long bytes)
{
    announced = of;
    written = bytes;
    calls = last_rc = 0;
    return serve(NULL, &sized_route, &sized_blocking_route, &wrong_type_route);
}

static void get(struct server *s, const char *method, const char *target, const char *version)
{
    char text[200];
    snprintf(text, sizeof text, "%s %s HTTP/%s\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", method, target, version);
    send_text(s, text);
}

static void expect_text(struct server *s, const char *text)
{
    const char *got = gr_test_received(s->conn, NULL);
    ck_assert_msg(strstr(got, text) != NULL, "wanted \"%s\" in \"%s\"", text, got);
}

START_TEST(the_length_is_told_and_the_connection_goes_on)
{
    static const char *const versions[] = {"1.1", "1.0"};
    for (int i = 0; i < N_TARGETS * 2; i++) {
        struct server s = start(5, 5);
        get(&s, "GET", targets[i / 2], versions[i % 2]);
        expect_text(&s, "\r\ncontent-length: 5\r\n");
        ck_assert_ptr_null(strstr(gr_test_received(s.conn, NULL), "chunked"));
        ck_assert_int_eq(next_status(&s, "xxxxx"), 200);
        ck_assert(!gr_test_closed(s.conn));
        send_text(&s, NEXT);
        ck_assert_int_eq(next_status(&s, "hello"), 200);
        finish(&s);
    }
}
END_TEST

START_TEST(to_head_it_is_told_too_and_nothing_is_written)
{
    for (int i = 0; i < N_TARGETS; i++) {
        struct server s = start(18446744073709551615u, 5);
        get(&s, "HEAD", targets[i], "1.1");
        expect_text(&s, "\r\ncontent-length: 18446744073709551615\r\n");
        gr_answer *answer = gr_test_next_answer(s.conn, true);
        ck_assert_ptr_nonnull(answer);
        gr_answer_free(answer);
        ck_assert_int_eq(calls, 0);
        send_text(&s, NEXT);
        ck_assert_int_eq(next_status(&s, "hello"), 200);
        finish(&s);
    }
}
END_TEST

START_TEST(an_empty_one_is_complete_without_a_write)
{
    for (int i = 0; i < N_TARGETS; i++) {
        struct server s = start(0, 0);
        get(&s, "GET", targets[i], "1.1");
        ck_assert_int_eq(next_status(&s, ""), 200);
        send_text(&s, NEXT);
        ck_assert_int_eq(next_status(&s, "hello"), 200);
        finish(&s);
    }
}
END_TEST

START_TEST(fewer_bytes_end_the_connection)
{
    for (int i = 0; i < N_TARGETS; i++) {
        struct server s = start(5, 4);
        get(&s, "GET", targets[i], "1.1");
        ck_assert_int_eq(last_rc, 0);
        expect_text(&s, "\r\n\r\nxxxx");
        ck_assert(gr_test_closed(s.conn));
        ck_assert_int_eq(next_status(&s, NULL), 0);
        finish(&s);
    }
}
END_TEST

START_TEST(more_bytes_are_not_sent_and_end_the_connection)
{
    for (int i = 0; i < N_TARGETS; i++) {
        struct server s = start(5, 7);
        get(&s, "GET", targets[i], "1.1");
        ck_assert_int_eq(last_rc, GR_EMSGSIZE);
        expect_text(&s, "\r\n\r\nxxxxx");
        ck_assert_ptr_null(strstr(gr_test_received(s.conn, NULL), "xxxxxx"));
        ck_assert(gr_test_closed(s.conn));
        finish(&s);
    }
}
END_TEST

START_TEST(a_client_that_leaves_is_no_mistake)
{
    for (int i = 0; i < N_TARGETS; i++) {
        struct server s = start(500000, 500000);
        gr_test_set_window(s.conn, 1000);
        send_text(&s, "GET /async HTTP/1.1\r\nHost: a\r\n\r\n");
        gr_test_reset(s.conn);
        ck_assert_int_eq(last_rc, GR_ECANCELED);
        ck_assert_uint_eq(gr_test_coroutines(s.test), 0);
        finish(&s);
    }
}
END_TEST

START_TEST(one_that_has_become_a_500_has_the_length_of_that)
{
    struct server s = start(5, 5);
    get(&s, "GET", "/wrong-type", "1.1");
    ck_assert_int_eq(next_status(&s, "Internal Server Error"), 500);
    ck_assert_int_eq(calls, 0);
    send_text(&s, NEXT);
    ck_assert_int_eq(next_status(&s, "hello"), 200);
    finish(&s);
}
END_TEST

int main(void)
{
    test_list tests = {the_length_is_told_and_the_connection_goes_on,    to_head_it_is_told_too_and_nothing_is_written,
                       an_empty_one_is_complete_without_a_write,         fewer_bytes_end_the_connection,
                       more_bytes_are_not_sent_and_end_the_connection,   a_client_that_leaves_is_no_mistake,
                       one_that_has_become_a_500_has_the_length_of_that, NULL};
    return run_tests("sized", tests, 20);
}
