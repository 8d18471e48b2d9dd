/* A body of a gigabyte, in and out, by coroutine and by thread: the process stays as small as it was. */
#include <griddle.h>
#include <griddle/testing.h>
#include <string.h>
#include <sys/resource.h>

#include "run.h"

static const size_t TOTAL = (size_t)1 << 30;
enum { PIECE = 65536, MOST_KIB = 16 * 1024 };

static char piece[PIECE];

static gr_reply count(gr_co co, gr_req *req)
{
    const char *data;
    size_t len, total = 0;
    int rc;
    while ((rc = gr_read(co, req, &data, &len)) == 0 && len)
        total += len;
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", total));
}
GR_POST("/count", count, .stream_body = true, .max_body_bytes = SIZE_MAX);

static gr_reply count_blocking(gr_req *req)
{
    const char *data;
    size_t len, total = 0;
    int rc;
    while ((rc = gr_read_blocking(req, &data, &len)) == 0 && len)
        total += len;
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", total));
}
GR_POST("/count-blocking", count_blocking, .stream_body = true, .max_body_bytes = SIZE_MAX);

static int write_all(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    int rc = 0;
    for (size_t sent = 0; rc == 0 && sent < TOTAL; sent += PIECE)
        rc = gr_write(co, writer, piece, PIECE);
    return rc;
}

static gr_reply give(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", write_all, NULL);
}
GR_GET("/give", give);

static int write_all_blocking(gr_writer *writer, void *arg)
{
    (void)arg;
    int rc = 0;
    for (size_t sent = 0; rc == 0 && sent < TOTAL; sent += PIECE)
        rc = gr_write_blocking(writer, piece, PIECE);
    return rc;
}

static gr_reply give_blocking(gr_req *req)
{
    return gr_stream(req, "text/plain", write_all_blocking, NULL);
}
GR_GET("/give-blocking", give_blocking);

static gr_app *app;
static gr_test *test;
static long kib_before;

static long most_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void begin(void)
{
    app = gr_app_create("Gigabyte", "1");
    gr_app_add(app, &count_route, &count_blocking_route, &give_route, &give_blocking_route);
    test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    kib_before = most_kib();
}

static void end(void)
{
    long grown = most_kib() - kib_before;
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
    gr_test_destroy(test);
    gr_app_destroy(app);
    ck_assert_msg(grown < MOST_KIB, "grew by %ld KiB", grown);
}

static void send_gigabyte(const char *target)
{
    char head[128];
    begin();
    gr_test_conn *conn = gr_test_connect(test);
    int n = snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n", target, TOTAL);
    gr_test_send(conn, head, (size_t)n);
    for (size_t sent = 0; sent < TOTAL; sent += PIECE)
        gr_test_send(conn, piece, PIECE);
    gr_answer *answer = gr_test_next_answer(conn, false);
    ck_assert_ptr_nonnull(answer);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "1073741824");
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end();
}

/* A reader that takes a window's worth at a time; what it has taken it forgets. */
static void take_gigabyte(const char *target)
{
    char head[128];
    size_t taken = 0;
    begin();
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_set_window(conn, 0);
    int n = snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target);
    gr_test_send(conn, head, (size_t)n);
    while (taken < TOTAL) {
        size_t len;
        gr_test_set_window(conn, 3 * PIECE / 2);
        gr_test_take(conn, &len);
        ck_assert_uint_gt(len, 0);
        taken += len;
    }
    gr_test_set_window(conn, SIZE_MAX);
    gr_test_conn_destroy(conn);
    end();
}

START_TEST(a_coroutine_reads_it)
{
    send_gigabyte("/count");
}
END_TEST

START_TEST(a_thread_reads_it)
{
    send_gigabyte("/count-blocking");
}
END_TEST

START_TEST(a_coroutine_writes_it_as_fast_as_a_slow_client_takes_it)
{
    take_gigabyte("/give");
}
END_TEST

START_TEST(a_thread_writes_it_as_fast_as_a_slow_client_takes_it)
{
    take_gigabyte("/give-blocking");
}
END_TEST

int main(void)
{
    const test_list tests = {a_coroutine_reads_it, a_thread_reads_it,
                             a_coroutine_writes_it_as_fast_as_a_slow_client_takes_it,
                             a_thread_writes_it_as_fast_as_a_slow_client_takes_it, NULL};
    return run_tests("gigabyte", tests, 120);
}
