/* Bodies piece by piece, in both directions, from coroutines and from threads. */
#include <griddle/task.h>
#include <pthread.h>

#include "app.h"
#include "heap.h"

#define NEXT "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

enum { MIB = 1 << 20, MUCH = 64 * MIB, PIECE = 65536 };

static char block[PIECE];
static _Atomic size_t done; /* bytes read or written by a handler */
static _Atomic int calls, last_rc, most_piece, pieces;

/* --- handlers: each of both kinds --- */

static void note(const char *data, size_t len)
{
    (void)data;
    done += len;
    pieces++;
    if ((int)len > most_piece)
        most_piece = (int)len;
}

static gr_reply count(gr_co co, gr_req *req)
{
    const char *data;
    size_t len;
    int rc;
    while ((rc = gr_read(co, req, &data, &len)) == 0 && len)
        note(data, len);
    last_rc = rc;
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", done));
}
GR_POST("/count", count, .stream_body = true, .max_body_bytes = MUCH);
GR_ROUTE_AS(count_brief, "POST", "/count-brief", count, .stream_body = true, .deadline_ms = 100);
GR_ROUTE_AS(count_few, "POST", "/count-few", count, .stream_body = true, .max_body_bytes = 10);

static gr_reply count_blocking(gr_req *req)
{
    const char *data;
    size_t len;
    int rc;
    while ((rc = gr_read_blocking(req, &data, &len)) == 0 && len)
        note(data, len);
    last_rc = rc;
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", done));
}
GR_POST("/count-pool", count_blocking, .stream_body = true, .max_body_bytes = MUCH);
GR_ROUTE_AS(count_brief_blocking, "POST", "/count-brief-pool", count_blocking, .stream_body = true, .deadline_ms = 100);
GR_ROUTE_AS(count_few_blocking, "POST", "/count-few-pool", count_blocking, .stream_body = true, .max_body_bytes = 10);

/* Reads slowly: what has come waits. */
static gr_reply sip(gr_co co, gr_req *req)
{
    const char *data;
    size_t len;
    int rc;
    while ((rc = gr_read(co, req, &data, &len)) == 0 && len) {
        note(data, len);
        if ((rc = gr_sleep(co, 1)) != 0)
            break;
    }
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", done));
}
GR_POST("/sip", sip, .stream_body = true, .max_body_bytes = MUCH);

static int put(gr_co co, gr_writer *writer, void *arg)
{
    int rc = 0;
    calls++;
    for (size_t n = *(size_t *)arg; n && rc == 0;) {
        size_t piece = n < PIECE ? n : PIECE;
        rc = gr_write(co, writer, block, piece);
        n -= piece;
        done += rc == 0 ? piece : 0;
    }
    last_rc = rc;
    return rc;
}

static int put_blocking(gr_writer *writer, void *arg)
{
    int rc = 0;
    calls++;
    for (size_t n = *(size_t *)arg; n && rc == 0;) {
        size_t piece = n < PIECE ? n : PIECE;
        rc = gr_write_blocking(writer, block, piece);
        n -= piece;
        done += rc == 0 ? piece : 0;
    }
    last_rc = rc;
    return rc;
}

static gr_reply stream(gr_co co, gr_req *req)
{
    (void)co;
    size_t *n = gr_alloc(req, sizeof *n);
    *n = (size_t)atol(gr_query_string(req));
    return gr_stream(req, "text/plain", put, n);
}
GR_GET("/stream", stream);

static gr_reply stream_blocking(gr_req *req)
{
    size_t *n = gr_alloc(req, sizeof *n);
    *n = (size_t)atol(gr_query_string(req));
    return gr_stream(req, "text/plain", put_blocking, n);
}
GR_GET("/stream-pool", stream_blocking);

static int put_words(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    calls++;
    int rc = gr_write(co, writer, "hello", 5);
    rc = rc ? rc : gr_write(co, writer, "", 0);
    rc = rc ? rc : gr_sleep(co, 100);
    return rc ? rc : gr_write(co, writer, " world", 6);
}

static gr_reply words(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", put_words, NULL);
}
GR_GET("/words", words);

static int put_words_blocking(gr_writer *writer, void *arg)
{
    (void)arg;
    calls++;
    int rc = gr_write_blocking(writer, "hello", 5);
    rc = rc ? rc : gr_write_blocking(writer, "", 0);
    return rc ? rc : gr_write_blocking(writer, " world", 6);
}

static gr_reply words_blocking(gr_req *req)
{
    return gr_stream(req, "text/plain", put_words_blocking, NULL);
}
GR_GET("/words-pool", words_blocking);

static gr_reply late_stream(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", put_words_blocking, NULL);
}
GR_GET("/late-stream", late_stream);

static int fails(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    int rc = gr_write(co, writer, "hello", 5);
    return rc ? rc : GR_EIO;
}

static gr_reply failing(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", fails, NULL);
}
GR_GET("/failing", failing);

static int fails_blocking(gr_writer *writer, void *arg)
{
    (void)arg;
    int rc = gr_write_blocking(writer, "hello", 5);
    return rc ? rc : GR_EIO;
}

static gr_reply failing_blocking(gr_req *req)
{
    return gr_stream(req, "text/plain", fails_blocking, NULL);
}
GR_GET("/failing-pool", failing_blocking);

/* What comes in goes out, in pieces, at the same time. */
static int mirror_body(gr_co co, gr_writer *writer, void *arg)
{
    const char *data;
    size_t len;
    int rc;
    while ((rc = gr_read(co, arg, &data, &len)) == 0 && len)
        if ((rc = gr_write(co, writer, data, len)) != 0)
            break;
    return rc;
}

static gr_reply mirror(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", mirror_body, req);
}
GR_POST("/mirror", mirror, .stream_body = true);
GR_ROUTE_AS(mirror_few, "POST", "/mirror-few", mirror, .stream_body = true, .max_body_bytes = 10);

static int put_nothing(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    return gr_write(co, writer, "deaf", 4);
}

static gr_reply deaf(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", put_nothing, NULL);
}
GR_POST("/deaf", deaf, .stream_body = true);

/* --- filling the pool --- */

enum { POOL_TAKES = 40 + 1024 };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int busy;

static int wait_at_gate(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    return 0;
}

static int offload(gr_co co, void *arg)
{
    int rc = gr_offload(co, wait_at_gate, arg);
    busy += rc == GR_EBUSY;
    return 0;
}

/* Fills the pool at 100 ms, and frees it when all else that happens at that time has happened. */
static gr_reply fill(gr_co co, gr_req *req)
{
    static gr_task *tasks[POOL_TAKES + 1];
    int rc = gr_sleep(co, 100);
    pthread_mutex_lock(&gate);
    for (int i = 0; i <= POOL_TAKES && rc == 0; i++)
        rc = gr_spawn(co, &tasks[i], offload, NULL);
    for (int i = 0; i < 20 && rc == 0; i++)
        rc = gr_yield(co);
    pthread_mutex_unlock(&gate);
    for (int i = 0; i <= POOL_TAKES && rc == 0; i++)
        rc = gr_join(co, tasks[i]);
    return rc ? gr_failed(req, rc) : gr_text(req, "filled");
}
GR_GET("/fill", fill);

static gr_reply nap(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 100);
    return rc ? gr_failed(req, rc) : gr_text(req, "awake");
}
GR_GET("/nap", nap);

static struct server start(void)
{
    done = 0;
    calls = last_rc = most_piece = pieces = busy = 0;
    memset(block, 'b', sizeof block);
    return serve(NULL, &count_route, &count_few_route, &count_blocking_route, &count_few_blocking_route, &sip_route,
                 &stream_route, &stream_blocking_route, &words_route, &words_blocking_route, &failing_route,
                 &failing_blocking_route, &mirror_route, &mirror_few_route, &deaf_route, &fill_route, &nap_route,
                 &late_stream_route, &count_brief_route, &count_brief_blocking_route);
}

static void get(struct server *s, const char *method, const char *target, const char *version)
{
    char raw[200];
    sprintf(raw, "%s %s HTTP/%s\r\nHost: a\r\n\r\n", method, target, version);
    send_text(s, raw);
}

/* --- reading --- */

static void reads_much(const char *path, bool chunked)
{
    struct server s = start();
    char raw[200];
    sprintf(raw, "POST %s HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n", path,
            chunked ? "Transfer-Encoding: chunked" : "Content-Length: 67108864");
    send_text(&s, raw);
    size_t before = heap_bytes(), most = before;
    for (size_t sent = 0; sent < MUCH; sent += PIECE) {
        if (chunked)
            send_text(&s, sent ? "\r\n10000\r\n" : "10000\r\n");
        gr_test_send(s.conn, block, PIECE);
        most = heap_bytes() > most ? heap_bytes() : most;
    }
    if (chunked)
        send_text(&s, "\r\n0\r\n\r\n");
    ck_assert_int_eq(next_status(&s, "67108864"), 200);
    ck_assert_int_le(most_piece, PIECE);
    ck_assert_uint_lt(most - before, MIB);
    send_text(&s, NEXT);
    ck_assert_int_eq(next_status(&s, "hello"), 200);
    finish(&s);
}

START_TEST(a_coroutine_reads_64_mib_in_constant_memory)
{
    reads_much("/count", false);
}
END_TEST

START_TEST(a_coroutine_reads_64_mib_of_chunks_in_constant_memory)
{
    reads_much("/count", true);
}
END_TEST

START_TEST(a_thread_reads_64_mib_in_constant_memory)
{
    reads_much("/count-pool", false);
}
END_TEST

START_TEST(what_a_slow_handler_does_not_read_yet_waits_outside)
{
    struct server s = start();
    char *much = calloc(1, MIB);
    send_text(&s, "POST /sip HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n");
    gr_test_send(s.conn, much, MIB);
    ck_assert_uint_le(done, PIECE);
    for (int i = 0; i < 1000 && done < MIB; i++)
        gr_test_advance(s.test, 1);
    gr_test_advance(s.test, 1);
    ck_assert_int_eq(next_status(&s, "1048576"), 200);
    free(much);
    finish(&s);
}
END_TEST

static void above_the_limit(const char *path, const char *framing)
{
    struct server s = start();
    char raw[300];
    sprintf(raw, "POST %s HTTP/1.1\r\nHost: a\r\n%s", path, framing);
    send_text(&s, raw);
    ck_assert_int_eq(next_status(&s, NULL), 413);
    ck_assert(gr_test_closed(s.conn));
    ck_assert_uint_le(done, 10);
    ck_assert_uint_eq(gr_test_coroutines(s.test), 0);
    finish(&s);
}

START_TEST(a_body_above_the_limit_is_refused)
{
    static const char *const paths[] = {"/count-few", "/count-few-pool"};
    for (int i = 0; i < 2; i++) {
        above_the_limit(paths[i], "Content-Length: 11\r\n\r\n");
        above_the_limit(paths[i], "Transfer-Encoding: chunked\r\n\r\nb\r\n");
        above_the_limit(paths[i], "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
    }
}
END_TEST

START_TEST(a_broken_body_is_400_where_it_is_read)
{
    static const char *const paths[] = {"/count", "/count-pool"};
    for (int i = 0; i < 2; i++) {
        struct server s = start();
        char raw[200];
        sprintf(raw, "POST %s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX", paths[i]);
        send_text(&s, raw);
        ck_assert_int_eq(next_status(&s, NULL), 400);
        ck_assert_int_eq(last_rc, 400);
        ck_assert_uint_eq(done, 5);
        ck_assert(gr_test_closed(s.conn));
        finish(&s);
    }
}
END_TEST

enum { CRUMBS = 5000 };

static void expect_one_piece(const char *path)
{
    struct server s = start();
    char *raw = malloc(200 + CRUMBS * 6), *at = raw;
    at += sprintf(at, "POST %s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", path);
    for (int i = 0; i < CRUMBS; i++)
        at += sprintf(at, "1\r\nx\r\n");
    gr_test_send(s.conn, raw, (size_t)(at - raw));
    ck_assert_uint_eq(done, CRUMBS);
    ck_assert_int_eq(pieces, 1);
    send_text(&s, "1\r\ny\r\n0\r\n\r\n");
    ck_assert_int_eq(pieces, 2);
    ck_assert_int_eq(next_status(&s, "5001"), 200);
    free(raw);
    finish(&s);
}

START_TEST(what_has_come_is_one_piece_whatever_its_chunks)
{
    expect_one_piece("/count");
    expect_one_piece("/count-pool");
}
END_TEST

START_TEST(what_came_before_the_limit_is_read_before_the_413)
{
    static const char *const paths[] = {"/count-few", "/count-few-pool"};
    for (int i = 0; i < 2; i++) {
        struct server s = start();
        char raw[200];
        sprintf(raw, "POST %s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", paths[i]);
        send_text(&s, raw);
        send_text(&s, "3\r\none\r\n3\r\ntwo\r\n9\r\nand three\r\n0\r\n\r\n");
        ck_assert_int_eq(next_status(&s, NULL), 413);
        ck_assert_int_eq(last_rc, 413);
        ck_assert_uint_eq(done, 6);
        ck_assert_int_eq(pieces, 1);
        finish(&s);
    }
}
END_TEST

START_TEST(a_body_of_nothing_ends_at_once)
{
    struct server s = start();
    send_text(&s, "POST /count HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_int_eq(next_status(&s, "0"), 200);
    send_text(&s, "POST /count-pool HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    ck_assert_int_eq(next_status(&s, "0"), 200);
    finish(&s);
}
END_TEST

/* --- writing --- */

static void writes_much(const char *target)
{
    struct server s = start();
    size_t len = 0, before = heap_bytes();
    gr_test_set_window(s.conn, 1000);
    get(&s, "GET", target, "1.1");
    while (!last_rc && done < MUCH) {
        gr_test_received(s.conn, &len);
        ck_assert_uint_lt(done, len + 2 * PIECE);
        gr_test_set_window(s.conn, 100000);
        gr_test_advance(s.test, 100);
    }
    gr_test_set_window(s.conn, SIZE_MAX);
    size_t most = heap_bytes();
    ck_assert_uint_lt(most - before, 2 * (size_t)MUCH + MIB); /* the client's own copy, in a buffer that doubles */
    gr_answer *answer = gr_test_next_answer(s.conn, false);
    ck_assert_ptr_nonnull(answer);
    gr_answer_body(answer, &len);
    ck_assert_uint_eq(len, MUCH);
    ck_assert_str_eq(gr_answer_header(answer, "transfer-encoding"), "chunked");
    gr_answer_free(answer);
    ck_assert_uint_eq(gr_test_coroutines(s.test), 0);
    finish(&s);
}

START_TEST(a_coroutine_writes_64_mib_no_faster_than_they_are_read)
{
    writes_much("/stream?67108864");
}
END_TEST

START_TEST(a_thread_writes_64_mib_no_faster_than_they_are_read)
{
    writes_much("/stream-pool?67108864");
}
END_TEST

START_TEST(pieces_become_chunks_and_an_empty_one_is_none)
{
    static const char *const targets[] = {"/words", "/words-pool"};
    for (int i = 0; i < 2; i++) {
        struct server s = start();
        get(&s, "GET", targets[i], "1.1");
        gr_test_advance(s.test, 100);
        const char *got = gr_test_received(s.conn, NULL), *body = strstr(got, "\r\n\r\n");
        ck_assert_ptr_nonnull(body);
        ck_assert_str_eq(body, "\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
        ck_assert_ptr_nonnull(strstr(got, "\r\ntransfer-encoding: chunked\r\n"));
        ck_assert_ptr_null(strstr(got, "content-length"));
        ck_assert(!gr_test_closed(s.conn));
        finish(&s);
    }
}
END_TEST

START_TEST(a_piece_is_sent_before_the_next_is_there)
{
    struct server s = start();
    get(&s, "GET", "/words", "1.1");
    ck_assert_ptr_nonnull(strstr(gr_test_received(s.conn, NULL), "\r\n\r\n5\r\nhello\r\n"));
    ck_assert_ptr_null(strstr(gr_test_received(s.conn, NULL), "world"));
    gr_test_advance(s.test, 100);
    ck_assert_ptr_nonnull(strstr(gr_test_received(s.conn, NULL), "6\r\n world\r\n0\r\n\r\n"));
    finish(&s);
}
END_TEST

START_TEST(a_stream_to_http_1_0_goes_up_to_the_end_of_the_connection)
{
    static const char *const targets[] = {"/words", "/words-pool"};
    for (int i = 0; i < 2; i++) {
        struct server s = start();
        char raw[200];
        sprintf(raw, "GET %s HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", targets[i]);
        send_text(&s, raw);
        gr_test_advance(s.test, 100);
        const char *got = gr_test_received(s.conn, NULL);
        ck_assert_str_eq(strstr(got, "\r\n\r\n"), "\r\n\r\nhello world");
        ck_assert_ptr_null(strstr(got, "transfer-encoding"));
        ck_assert_ptr_null(strstr(got, "keep-alive"));
        ck_assert(gr_test_closed(s.conn));
        finish(&s);
    }
}
END_TEST

START_TEST(a_head_request_does_not_call_the_writer)
{
    static const char *const targets[] = {"/words", "/words-pool"};
    for (int i = 0; i < 2; i++) {
        struct server s = start();
        get(&s, "HEAD", targets[i], "1.1");
        const char *got = gr_test_received(s.conn, NULL);
        ck_assert_ptr_nonnull(strstr(got, "\r\ntransfer-encoding: chunked\r\n"));
        ck_assert_str_eq(strstr(got, "\r\n\r\n"), "\r\n\r\n");
        ck_assert_int_eq(calls, 0);
        ck_assert(!gr_test_closed(s.conn));
        gr_answer_free(gr_test_next_answer(s.conn, true));
        send_text(&s, NEXT);
        ck_assert_int_eq(next_status(&s, "hello"), 200);
        finish(&s);
    }
}
END_TEST

START_TEST(a_writer_that_fails_cuts_the_connection)
{
    static const char *const targets[] = {"/failing", "/failing-pool"};
    for (int i = 0; i < 2; i++) {
        struct server s = start();
        get(&s, "GET", targets[i], "1.1");
        ck_assert_str_eq(strstr(gr_test_received(s.conn, NULL), "\r\n\r\n"), "\r\n\r\n5\r\nhello\r\n");
        ck_assert(gr_test_closed(s.conn));
        ck_assert_int_eq(next_status(&s, NULL), 0);
        ck_assert_uint_eq(gr_test_coroutines(s.test), 0);
        finish(&s);
    }
}
END_TEST

static void client_leaves_reader(const char *path, bool reset)
{
    struct server s = start();
    char raw[200];
    sprintf(raw, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n", path);
    send_text(&s, raw);
    gr_test_send(s.conn, block, PIECE);
    if (reset)
        gr_test_reset(s.conn);
    else
        gr_test_send_fin(s.conn);
    ck_assert_int_eq(last_rc, GR_ECANCELED);
    ck_assert_uint_eq(done, PIECE);
    ck_assert_uint_eq(gr_test_coroutines(s.test), 0);
    finish(&s);
}

START_TEST(a_client_that_leaves_midway_ends_a_reader)
{
    for (int reset = 0; reset < 2; reset++) {
        client_leaves_reader("/count", reset);
        client_leaves_reader("/count-pool", reset);
    }
}
END_TEST

START_TEST(a_reader_over_its_deadline_is_504_and_cancelled)
{
    static const char *const raw[] = {"POST /count-brief HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe",
                                      "POST /count-brief-pool HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe"};
    for (int i = 0; i < 2; i++) {
        struct server s = start();
        send_text(&s, raw[i]);
        gr_test_advance(s.test, 99);
        ck_assert_int_eq(next_status(&s, NULL), 0);
        gr_test_advance(s.test, 1);
        ck_assert_int_eq(next_status(&s, NULL), 504);
        ck_assert(gr_test_closed(s.conn));
        ck_assert_int_eq(last_rc, GR_ECANCELED);
        ck_assert_uint_eq(gr_test_coroutines(s.test), 0);
        finish(&s);
    }
}
END_TEST

START_TEST(a_client_that_is_reset_midway_ends_a_writer)
{
    static const char *const targets[] = {"/stream?1000000", "/stream-pool?1000000"};
    for (int i = 0; i < 2; i++) {
        struct server s = start();
        gr_test_set_window(s.conn, 100000);
        get(&s, "GET", targets[i], "1.1");
        ck_assert_int_eq(calls, 1);
        ck_assert_int_eq(last_rc, 0);
        gr_test_reset(s.conn);
        ck_assert_int_eq(last_rc, GR_ECANCELED);
        ck_assert_uint_eq(gr_test_coroutines(s.test), 0);
        finish(&s);
    }
}
END_TEST

START_TEST(a_half_closed_client_gets_the_whole_stream)
{
    static const char *const targets[] = {"/stream?1000000", "/stream-pool?1000000"};
    for (int i = 0; i < 2; i++) {
        struct server s = start();
        gr_test_set_window(s.conn, 100000);
        get(&s, "GET", targets[i], "1.1");
        gr_test_send_fin(s.conn);
        gr_test_set_window(s.conn, SIZE_MAX);
        ck_assert_int_eq(next_status(&s, NULL), 200);
        ck_assert_int_eq(last_rc, 0);
        ck_assert(gr_test_closed(s.conn));
        finish(&s);
    }
}
END_TEST

START_TEST(a_reader_that_stops_ends_a_writer_after_its_time)
{
    static const char *const targets[] = {"/stream?1000000", "/stream-pool?1000000"};
    for (int i = 0; i < 2; i++) {
        struct server s = start();
        gr_test_set_window(s.conn, 100000);
        get(&s, "GET", targets[i], "1.1");
        gr_test_advance(s.test, 29999);
        ck_assert(!gr_test_closed(s.conn));
        gr_test_advance(s.test, 1);
        ck_assert(gr_test_closed(s.conn));
        ck_assert_int_eq(last_rc, GR_ECANCELED);
        ck_assert_uint_eq(gr_test_coroutines(s.test), 0);
        finish(&s);
    }
}
END_TEST

START_TEST(a_body_may_be_read_while_the_reply_is_written)
{
    struct server s = start();
    send_text(&s, "POST /mirror HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 3; i++) {
        send_text(&s, "5\r\nhello\r\n");
        ck_assert_ptr_nonnull(strstr(gr_test_received(s.conn, NULL), "5\r\nhello\r\n"));
    }
    send_text(&s, "0\r\n\r\n");
    ck_assert_int_eq(next_status(&s, "hellohellohello"), 200);
    finish(&s);
}
END_TEST

START_TEST(a_body_that_came_with_the_head_is_there_while_the_reply_is_written)
{
    struct server s = start();
    send_text(&s, "POST /mirror HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world" NEXT);
    ck_assert_int_eq(next_status(&s, "hello world"), 200);
    ck_assert_int_eq(next_status(&s, "hello"), 200);
    send_text(&s, "POST /mirror HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    send_text(&s, "6\r\n world\r\n0\r\n\r\n");
    ck_assert_int_eq(next_status(&s, "hello world"), 200);
    finish(&s);
}
END_TEST

START_TEST(a_limit_holds_while_the_reply_is_written)
{
    struct server s = start();
    send_text(&s, "POST /mirror-few HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    send_text(&s, "6\r\n world\r\n0\r\n\r\n");
    ck_assert_int_eq(next_status(&s, NULL), 0); /* cut */
    ck_assert_ptr_null(strstr(gr_test_received(s.conn, NULL), "world"));
    ck_assert(gr_test_closed(s.conn));
    finish(&s);
}
END_TEST

START_TEST(case_34_100_is_not_sent_into_a_reply)
{
    struct server s = start();
    send_text(&s, "POST /mirror HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
    ck_assert_ptr_null(strstr(gr_test_received(s.conn, NULL), "100 Continue"));
    send_text(&s, "hello world" NEXT);
    ck_assert_int_eq(next_status(&s, "hello world"), 200);
    ck_assert_int_eq(next_status(&s, "hello"), 200);
    finish(&s);
}
END_TEST

START_TEST(what_a_writer_leaves_of_the_body_is_skipped_or_ends_the_connection)
{
    struct server s = start();
    send_text(&s, "POST /deaf HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello");
    send_text(&s, " world" NEXT);
    ck_assert_int_eq(next_status(&s, "deaf"), 200);
    ck_assert_int_eq(next_status(&s, "hello"), 200);
    send_text(&s, "POST /deaf HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhello");
    ck_assert_int_eq(next_status(&s, "deaf"), 200);
    ck_assert(gr_test_closed(s.conn));
    send_text(&s, NEXT);
    ck_assert_int_eq(next_status(&s, NULL), 0);
    finish(&s);
}
END_TEST

/* --- a full pool --- */

static void with_a_full_pool(const char *target)
{
    struct server s = start();
    gr_test_conn *filler = gr_test_connect(s.test), *own = s.conn;
    s.conn = filler;
    get(&s, "GET", "/fill", "1.1");
    s.conn = own;
    get(&s, "GET", "/nap", "1.1");
    get(&s, "GET", target, "1.1");
    send_text(&s, NEXT);
    gr_test_advance(s.test, 100);
    gr_test_advance(s.test, 100);
    ck_assert_int_eq(busy, 1);
    ck_assert_int_eq(next_status(&s, "awake"), 200);
    gr_answer *answer = gr_test_next_answer(s.conn, false);
    ck_assert_ptr_nonnull(answer);
    ck_assert_int_eq(gr_answer_status(answer), 503);
    ck_assert_ptr_nonnull(gr_answer_header(answer, "retry-after"));
    gr_answer_free(answer);
    ck_assert_int_eq(next_status(&s, "hello"), 200);
    ck_assert_int_eq(calls, 0);
    s.conn = filler;
    ck_assert_int_eq(next_status(&s, "filled"), 200);
    s.conn = own;
    gr_test_conn_destroy(filler);
    finish(&s);
}

START_TEST(case_88_a_full_pool_is_503_for_a_blocking_handler)
{
    with_a_full_pool("/words-pool");
}
END_TEST

START_TEST(case_88_a_full_pool_is_503_for_a_blocking_writer)
{
    with_a_full_pool("/late-stream");
}
END_TEST

int main(void)
{
    const test_list tests = {a_coroutine_reads_64_mib_in_constant_memory,
                             a_coroutine_reads_64_mib_of_chunks_in_constant_memory,
                             a_thread_reads_64_mib_in_constant_memory,
                             what_a_slow_handler_does_not_read_yet_waits_outside,
                             a_body_above_the_limit_is_refused,
                             a_broken_body_is_400_where_it_is_read,
                             what_has_come_is_one_piece_whatever_its_chunks,
                             what_came_before_the_limit_is_read_before_the_413,
                             a_body_of_nothing_ends_at_once,
                             a_coroutine_writes_64_mib_no_faster_than_they_are_read,
                             a_thread_writes_64_mib_no_faster_than_they_are_read,
                             pieces_become_chunks_and_an_empty_one_is_none,
                             a_piece_is_sent_before_the_next_is_there,
                             a_stream_to_http_1_0_goes_up_to_the_end_of_the_connection,
                             a_head_request_does_not_call_the_writer,
                             a_writer_that_fails_cuts_the_connection,
                             a_client_that_leaves_midway_ends_a_reader,
                             a_reader_over_its_deadline_is_504_and_cancelled,
                             a_client_that_is_reset_midway_ends_a_writer,
                             a_half_closed_client_gets_the_whole_stream,
                             a_reader_that_stops_ends_a_writer_after_its_time,
                             a_body_may_be_read_while_the_reply_is_written,
                             a_body_that_came_with_the_head_is_there_while_the_reply_is_written,
                             a_limit_holds_while_the_reply_is_written,
                             case_34_100_is_not_sent_into_a_reply,
                             what_a_writer_leaves_of_the_body_is_skipped_or_ends_the_connection,
                             case_88_a_full_pool_is_503_for_a_blocking_handler,
                             case_88_a_full_pool_is_503_for_a_blocking_writer,
                             NULL};
    return run_tests("http stream", tests, 20);
}
