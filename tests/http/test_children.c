/* A request's body and reply in the hands of child tasks: what they wait for wakes them, and not their parent. */
#include <griddle/task.h>

#include "app.h"

enum { PIECE = 100000 };

static char blocks[2][PIECE];
static size_t taken;
static int write_rc;

static int take(gr_co co, void *arg)
{
    const char *data;
    size_t len;
    int rc;
    while ((rc = gr_read(co, arg, &data, &len)) == 0 && len)
        taken += len;
    return rc;
}

static int nap(gr_co co, void *arg)
{
    (void)arg;
    return gr_sleep(co, 10);
}

static gr_reply count(gr_co co, gr_req *req)
{
    int rc = gr_gather(co, {nap, NULL}, {take, req});
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", taken));
}
GR_POST("/count", count, .stream_body = true);

static int put(gr_co co, gr_writer *writer, int i)
{
    int rc = gr_write(co, writer, blocks[i], PIECE);
    write_rc = rc ? rc : write_rc;
    return rc;
}

static int put_first(gr_co co, void *arg)
{
    return put(co, arg, 0);
}

static int put_second(gr_co co, void *arg)
{
    return put(co, arg, 1);
}

static int put_both(gr_co co, gr_writer *writer, void *arg)
{
    return gr_gather(co, {put_first, writer}, {put_second, writer}, {take, arg});
}

static gr_reply both(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", put_both, req);
}
GR_POST("/both", both, .stream_body = true);

static struct server start(size_t window, const char *text)
{
    taken = 0;
    write_rc = 0;
    memset(blocks[0], 'a', PIECE);
    memset(blocks[1], 'b', PIECE);
    struct server s = serve(NULL, &count_route, &both_route);
    gr_test_set_window(s.conn, window);
    send_text(&s, text);
    return s;
}

START_TEST(a_child_reads_what_comes_later)
{
    struct server s = start(SIZE_MAX, "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    gr_test_advance(s.test, 1000);
    send_text(&s, "hello");
    ck_assert_int_eq(next_status(&s, "5"), 200);
    finish(&s);
}
END_TEST

START_TEST(a_child_is_told_that_a_body_does_not_come)
{
    struct server s = start(SIZE_MAX, "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    gr_test_advance(s.test, 10000);
    ck_assert_int_eq(next_status(&s, NULL), 408);
    finish(&s);
}
END_TEST

START_TEST(children_write_while_another_reads)
{
    struct server s = start(1000, "POST /both HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    gr_test_set_window(s.conn, SIZE_MAX);
    send_text(&s, "hello");
    gr_answer *answer = gr_test_next_answer(s.conn, false);
    ck_assert_ptr_nonnull(answer);
    size_t len;
    const char *body = gr_answer_body(answer, &len);
    ck_assert_uint_eq(len, 2 * PIECE);
    ck_assert(body[0] == 'a' && body[PIECE - 1] == 'a' && body[PIECE] == 'b');
    ck_assert_uint_eq(taken, 5);
    gr_answer_free(answer);
    finish(&s);
}
END_TEST

START_TEST(a_client_that_sends_and_takes_nothing_is_left_after_its_time)
{
    struct server s = start(1000, "POST /both HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    send_text(&s, "hello");
    gr_test_advance(s.test, 30000);
    ck_assert(gr_test_closed(s.conn));
    ck_assert_int_eq(write_rc, GR_ECANCELED);
    finish(&s);
}
END_TEST

int main(void)
{
    const test_list tests = {a_child_reads_what_comes_later, a_child_is_told_that_a_body_does_not_come,
                             children_write_while_another_reads,
                             a_client_that_sends_and_takes_nothing_is_left_after_its_time, NULL};
    return run_tests("http children", tests, 20);
}
