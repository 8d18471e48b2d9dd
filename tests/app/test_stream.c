/* Bodies piece by piece, in both directions. */
#include "serve.h"

static int ended; /* what the last stream was told */

static int write_back(gr_co co, gr_writer *writer, void *arg)
{
    const char *data;
    size_t len;
    int rc;
    while ((rc = gr_read(co, arg, &data, &len)) == 0 && len)
        if ((rc = gr_write(co, writer, data, len)) != 0)
            break;
    return ended = rc;
}

static gr_reply mirror(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", write_back, req);
}
GR_POST("/mirror", mirror, .stream_body = true);

static int write_back_blocking(gr_writer *writer, void *arg)
{
    const char *data;
    size_t len;
    int rc;
    while ((rc = gr_read_blocking(arg, &data, &len)) == 0 && len)
        if ((rc = gr_write_blocking(writer, data, len)) != 0)
            break;
    return ended = rc;
}

static gr_reply mirror_blocking(gr_req *req)
{
    return gr_stream(req, "text/plain", write_back_blocking, req);
}
GR_POST("/mirror_blocking", mirror_blocking, .stream_body = true);

static gr_reply counts(gr_co co, gr_req *req)
{
    const char *data;
    size_t len, total = 0;
    int rc;
    while ((rc = gr_read(co, req, &data, &len)) == 0 && len)
        total += len;
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", total));
}
GR_POST("/counts", counts, .stream_body = true, .max_body_bytes = 1000000);
GR_ROUTE_AS(counts_collected, "POST", "/collected", counts);

static int writes_and_fails(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    int rc = gr_write(co, writer, "half", 4);
    return rc ? rc : GR_EIO;
}

static gr_reply breaks(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", writes_and_fails, NULL);
}
GR_GET("/breaks", breaks);

static int writes_pieces(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    int rc = gr_write(co, writer, "one", 3);
    rc = rc ? rc : gr_write(co, writer, "", 0);
    rc = rc ? rc : gr_sleep(co, 10);
    rc = rc ? rc : gr_write(co, writer, "twotwotwotwotwo!!", 17);
    return ended = rc;
}

static gr_reply pieces(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", writes_pieces, NULL);
}
GR_GET("/pieces", pieces);

static void serve(void)
{
    SERVE(&mirror_route, &mirror_blocking_route, &counts_route, &counts_collected_route, &breaks_route, &pieces_route);
    ended = 12345;
}

static void say(gr_test_conn *conn, const char *text)
{
    gr_test_send(conn, text, strlen(text));
}

START_TEST(what_is_read_while_the_reply_is_written_is_all_there)
{
    serve();
    gr_answer *answer = ask("POST", "/mirror", NULL, "hello world");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "hello world");
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(what_is_read_by_a_thread_while_the_reply_is_written_is_all_there)
{
    serve();
    gr_answer *answer = ask("POST", "/mirror_blocking", NULL, "hello world");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "hello world");
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(a_mirror_answers_while_the_body_still_comes)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    say(conn, "POST /mirror HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    ck_assert_ptr_nonnull(strstr(gr_test_received(conn, NULL), "\r\n\r\n5\r\nhello\r\n"));
    say(conn, "6\r\n world\r\n0\r\n\r\n");
    gr_answer *answer = gr_test_next_answer(conn, false);
    ck_assert_ptr_nonnull(answer);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "hello world");
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(a_mirror_that_has_read_all_keeps_the_connection)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    for (int i = 0; i < 3; i++) {
        say(conn, "POST /mirror HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
        say(conn, "lloPOST /counts HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
        gr_answer *answer = gr_test_next_answer(conn, false);
        ck_assert_str_eq(gr_answer_body(answer, NULL), "hello");
        gr_answer_free(answer);
        answer = gr_test_next_answer(conn, false);
        ck_assert_str_eq(gr_answer_body(answer, NULL), "3");
        gr_answer_free(answer);
    }
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(a_mirror_asks_for_the_body_before_its_head_and_not_in_it)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    say(conn, "POST /mirror HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    static const char first[] = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n";
    ck_assert_msg(!strncmp(gr_test_received(conn, NULL), first, sizeof first - 1), "got %s",
                  gr_test_received(conn, NULL));
    say(conn, "hello");
    gr_answer_free(gr_test_next_answer(conn, false));
    gr_answer *answer = gr_test_next_answer(conn, false);
    ck_assert_ptr_nonnull(answer);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "hello");
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(a_body_is_read_in_pieces_of_any_size)
{
    serve();
    static const char raw[] = "POST /counts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                              "chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\nX: y\r\n\r\n";
    for (size_t split = 1; split < sizeof raw - 1; split++) {
        gr_test_conn *conn = gr_test_connect(test);
        gr_test_send(conn, raw, split);
        gr_test_send(conn, raw + split, sizeof raw - 1 - split);
        gr_answer *answer = gr_test_next_answer(conn, false);
        ck_assert_ptr_nonnull(answer);
        ck_assert_str_eq(gr_answer_body(answer, NULL), "6");
        gr_answer_free(answer);
        gr_test_conn_destroy(conn);
    }
    end();
}
END_TEST

START_TEST(a_collected_body_can_be_read_too)
{
    serve();
    gr_answer *answer = ask("POST", "/collected", NULL, "hello");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "5");
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(a_streamed_body_over_its_limit_is_413)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    say(conn, "POST /counts HTTP/1.1\r\nHost: a\r\nContent-Length: 1000001\r\n\r\n");
    gr_answer *answer = gr_test_next_answer(conn, false);
    ck_assert_int_eq(gr_answer_status(answer), 413);
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    conn = gr_test_connect(test);
    say(conn, "POST /counts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nf4240\r\n");
    answer = gr_test_next_answer(conn, false);
    ck_assert_int_eq(gr_answer_status(answer), 413);
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(a_streamed_body_that_does_not_come_is_408)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    say(conn, "POST /counts HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
    gr_test_advance(test, 10000);
    gr_answer *answer = gr_test_next_answer(conn, false);
    ck_assert_ptr_nonnull(answer);
    ck_assert_int_eq(gr_answer_status(answer), 408);
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(a_streamed_reply_is_chunked)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    say(conn, "GET /pieces HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_advance(test, 10);
    const char *text = gr_test_received(conn, NULL);
    ck_assert_ptr_nonnull(strstr(text, "\r\ntransfer-encoding: chunked\r\n"));
    ck_assert_ptr_null(strstr(text, "content-length"));
    ck_assert_str_eq(strstr(text, "\r\n\r\n"), "\r\n\r\n3\r\none\r\n11\r\ntwotwotwotwotwo!!\r\n0\r\n\r\n");
    ck_assert(!gr_test_closed(conn));
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(a_streamed_reply_to_http_1_0_ends_with_the_connection)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    say(conn, "GET /pieces HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    gr_test_advance(test, 10);
    const char *text = gr_test_received(conn, NULL);
    ck_assert_ptr_null(strstr(text, "transfer-encoding"));
    ck_assert_str_eq(strstr(text, "\r\n\r\n"), "\r\n\r\nonetwotwotwotwotwo!!");
    ck_assert(gr_test_closed(conn));
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(head_of_a_streamed_reply_writes_nothing)
{
    serve();
    gr_answer *answer = ask("HEAD", "/pieces", NULL, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 200);
    ck_assert_int_eq(ended, 12345);
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(a_stream_that_fails_is_cut)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    say(conn, "GET /breaks HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_ptr_nonnull(strstr(gr_test_received(conn, NULL), "4\r\nhalf\r\n"));
    ck_assert_ptr_null(strstr(gr_test_received(conn, NULL), "0\r\n\r\n"));
    ck_assert(gr_test_closed(conn));
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(a_writer_whose_client_resets_is_told)
{
    serve();
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_set_window(conn, 0);
    say(conn, "GET /pieces HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_reset(conn);
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
    gr_test_conn_destroy(conn);
    conn = gr_test_connect(test);
    say(conn, "GET /pieces HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_reset(conn);
    ck_assert_int_eq(ended, GR_ECANCELED);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

START_TEST(a_reader_whose_client_leaves_is_told)
{
    serve();
    for (int reset = 0; reset < 2; reset++) {
        ended = 12345;
        gr_test_conn *conn = gr_test_connect(test);
        say(conn, "POST /mirror HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
        if (reset)
            gr_test_reset(conn);
        else
            gr_test_send_fin(conn);
        ck_assert_int_eq(ended, GR_ECANCELED);
        ck_assert_uint_eq(gr_test_coroutines(test), 0);
        gr_test_conn_destroy(conn);
    }
    end();
}
END_TEST

START_TEST(a_large_mirror_holds_through_any_window)
{
    serve();
    enum { BYTES = 900000 };
    char *body = malloc(BYTES);
    for (int i = 0; i < BYTES; i++)
        body[i] = (char)('a' + i % 23);
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_set_window(conn, 1000);
    say(conn, "POST /mirror HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n");
    gr_test_send(conn, body, BYTES);
    for (int i = 0; i < 100; i++)
        gr_test_set_window(conn, 5000);
    gr_test_set_window(conn, SIZE_MAX);
    gr_answer *answer = gr_test_next_answer(conn, false);
    ck_assert_ptr_nonnull(answer);
    size_t len;
    const char *got = gr_answer_body(answer, &len);
    ck_assert_uint_eq(len, BYTES);
    ck_assert_int_eq(memcmp(got, body, BYTES), 0);
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    free(body);
    end();
}
END_TEST

int main(void)
{
    test_list tests = {
        what_is_read_while_the_reply_is_written_is_all_there,
        what_is_read_by_a_thread_while_the_reply_is_written_is_all_there,
        a_mirror_answers_while_the_body_still_comes,
        a_mirror_that_has_read_all_keeps_the_connection,
        a_mirror_asks_for_the_body_before_its_head_and_not_in_it,
        a_body_is_read_in_pieces_of_any_size,
        a_collected_body_can_be_read_too,
        a_streamed_body_over_its_limit_is_413,
        a_streamed_body_that_does_not_come_is_408,
        a_streamed_reply_is_chunked,
        a_streamed_reply_to_http_1_0_ends_with_the_connection,
        head_of_a_streamed_reply_writes_nothing,
        a_stream_that_fails_is_cut,
        a_writer_whose_client_resets_is_told,
        a_reader_whose_client_leaves_is_told,
        a_large_mirror_holds_through_any_window,
        NULL,
    };
    return run_tests("streams", tests, 30);
}
