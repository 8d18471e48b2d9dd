/* Clients that leave, by FIN or by RST, at every stage of a request. */
#include <griddle/task.h>

#include "app.h"
#include "co/pool.h"

#define NEXT "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

enum leave { FIN, RST, RST_AFTER_FIN, LEAVES };

static _Atomic int started, cancelled, ended, abandoned, torn_down; /* teardowns run on threads */

static void teardown(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req;
    torn_down++;
    abandoned += outcome == GR_ABANDONED;
    free(arg); /* what leaks unless this runs */
}

static void async_teardown(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    ck_assert_int_eq(gr_sleep(co, 10), 0); /* shielded */
    teardown(req, arg, outcome);
}

static gr_reply nap(gr_co co, gr_req *req)
{
    started++;
    if (gr_defer(req, teardown, malloc(10)) || gr_defer(req, async_teardown, malloc(10)))
        return gr_error(req, 500, "no memory");
    int rc = gr_sleep(co, 1000);
    cancelled += rc == GR_ECANCELED;
    ended++;
    return rc ? gr_failed(req, rc) : gr_text(req, "awake");
}
GR_GET("/nap", nap);
GR_ROUTE_AS(finishing, "GET", "/finishing", nap, .finish_if_abandoned = true);
GR_ROUTE_AS(finishing_brief, "GET", "/finishing-brief", nap, .finish_if_abandoned = true, .deadline_ms = 500);

static int child(gr_co co, void *arg)
{
    (void)arg;
    int rc = gr_sleep(co, 1000);
    cancelled += rc == GR_ECANCELED;
    return rc;
}

static gr_reply family(gr_co co, gr_req *req)
{
    started++;
    int rc = gr_gather(co, {child, NULL}, {child, NULL}, {child, NULL});
    ended++;
    return rc ? gr_failed(req, rc) : gr_text(req, "awake");
}
GR_GET("/family", family);

/* Does not end where it is cancelled. */
static gr_reply stubborn(gr_co co, gr_req *req)
{
    started++;
    for (int i = 0; i < 5; i++)
        cancelled += gr_sleep(co, 100) == GR_ECANCELED;
    ended++;
    return gr_text(req, "stubborn");
}
GR_GET("/stubborn", stubborn);

static int sleep_for_job(gr_co co, void *arg)
{
    int rc = gr_sleep(co, *(int *)arg);
    cancelled += rc == GR_ECANCELED;
    return rc;
}

/* On the pool for a second of virtual time. */
static gr_reply on_pool(gr_req *req)
{
    int ms = 1000;
    started++;
    if (gr_defer(req, teardown, malloc(10)))
        return gr_error(req, 500, "no memory");
    int rc = gri_job_ask(sleep_for_job, &ms);
    ended++;
    return gr_text(req, rc ? "cancelled" : "done");
}
GR_GET("/pool", on_pool);

static gr_reply read_all(gr_co co, gr_req *req)
{
    const char *data;
    size_t len;
    int rc;
    started++;
    if (gr_defer(req, teardown, malloc(10)))
        return gr_error(req, 500, "no memory");
    while ((rc = gr_read(co, req, &data, &len)) == 0 && len)
        continue;
    cancelled += rc == GR_ECANCELED;
    ended++;
    return rc ? gr_failed(req, rc) : gr_text(req, "read");
}
GR_POST("/read", read_all, .stream_body = true);
GR_ROUTE_AS(read_finishing, "POST", "/read-finishing", read_all, .stream_body = true, .finish_if_abandoned = true);

static gr_reply read_on_pool(gr_req *req)
{
    const char *data;
    size_t len;
    int rc;
    started++;
    if (gr_defer(req, teardown, malloc(10)))
        return gr_error(req, 500, "no memory");
    while ((rc = gr_read_blocking(req, &data, &len)) == 0 && len)
        continue;
    cancelled += rc == GR_ECANCELED;
    ended++;
    return rc ? gr_failed(req, rc) : gr_text(req, "read");
}
GR_POST("/read-pool", read_on_pool, .stream_body = true);

enum { LARGE = 300000 };

static gr_reply large(gr_co co, gr_req *req)
{
    (void)co;
    if (gr_defer(req, teardown, malloc(10)))
        return gr_error(req, 500, "no memory");
    return gr_content(req, "text/plain", gr_alloc(req, LARGE), LARGE);
}
GR_GET("/large", large);

static gr_reply large_on_pool(gr_req *req)
{
    if (gr_defer(req, teardown, malloc(10)))
        return gr_error(req, 500, "no memory");
    return gr_content(req, "text/plain", gr_alloc(req, LARGE), LARGE);
}
GR_GET("/large-pool", large_on_pool);

static struct server start(void)
{
    started = cancelled = ended = abandoned = torn_down = handler_runs = 0;
    return serve(NULL, &nap_route, &finishing_route, &finishing_brief_route, &family_route, &stubborn_route,
                 &on_pool_route, &read_all_route, &read_finishing_route, &read_on_pool_route, &large_route,
                 &large_on_pool_route);
}

static void leave(struct server *s, enum leave how)
{
    if (how != RST)
        gr_test_send_fin(s->conn);
    if (how != FIN)
        gr_test_reset(s->conn);
}

/* After that no coroutine is left, and the server still serves others. */
static void all_over(struct server *s)
{
    gr_test_advance(s->test, 100);
    ck_assert(gr_test_closed(s->conn));
    ck_assert_uint_eq(gr_test_coroutines(s->test), 0);
    ck_assert_int_eq(started, ended);
    gr_answer *answer = gr_test_get(s->test, "/");
    ck_assert_int_eq(gr_answer_status(answer), 200);
    gr_answer_free(answer);
    finish(s);
}

START_TEST(case_82_leaving_before_a_request)
{
    for (enum leave how = 0; how < LEAVES; how++) {
        struct server s = start();
        leave(&s, how);
        ck_assert_int_eq(next_status(&s, NULL), 0);
        all_over(&s);
    }
}
END_TEST

START_TEST(case_82_leaving_at_every_byte_of_a_head)
{
    static const char head[] = "GET /nap HTTP/1.1\r\nHost: a\r\n\r\n";
    for (enum leave how = 0; how < LEAVES; how++)
        for (size_t n = 1; n < sizeof head - 1; n++) {
            struct server s = start();
            gr_test_send(s.conn, head, n);
            leave(&s, how);
            ck_assert_int_eq(next_status(&s, NULL), 0);
            ck_assert_int_eq(started, 0);
            ck_assert(gr_test_closed(s.conn));
            ck_assert_uint_eq(gr_test_coroutines(s.test), 0);
            finish(&s);
        }
}
END_TEST

START_TEST(case_82_leaving_in_a_body_that_is_collected)
{
    static const char *const raw[] = {
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"};
    for (enum leave how = 0; how < LEAVES; how++)
        for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
            struct server s = start();
            send_text(&s, raw[i]);
            leave(&s, how);
            ck_assert_int_eq(handler_runs, 0);
            all_over(&s);
        }
}
END_TEST

/* A handler waits for the body: it is cancelled exactly once. */
static void in_a_streamed_body(const char *path)
{
    for (enum leave how = 0; how < LEAVES; how++) {
        char raw[200];
        struct server s = start();
        sprintf(raw, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello", path);
        send_text(&s, raw);
        ck_assert_int_eq(started, 1);
        ck_assert_int_eq(ended, 0);
        leave(&s, how);
        gr_test_advance(s.test, 0);
        ck_assert_int_eq(cancelled, 1);
        ck_assert_int_eq(torn_down, 1);
        ck_assert_int_eq(abandoned, 1);
        ck_assert_int_eq(next_status(&s, NULL), 0);
        all_over(&s);
    }
}

START_TEST(case_82_leaving_in_a_body_that_a_coroutine_reads)
{
    in_a_streamed_body("/read");
}
END_TEST

START_TEST(case_82_leaving_in_a_body_that_a_thread_reads)
{
    in_a_streamed_body("/read-pool");
}
END_TEST

START_TEST(case_82_leaving_in_a_body_that_a_finishing_handler_reads)
{
    in_a_streamed_body("/read-finishing");
}
END_TEST

START_TEST(case_82_leaving_while_a_handler_waits_cancels_it_once)
{
    for (enum leave how = 0; how < LEAVES; how++) {
        struct server s = start();
        send_text(&s, "GET /nap HTTP/1.1\r\nHost: a\r\n\r\n");
        gr_test_advance(s.test, 500);
        leave(&s, how);
        ck_assert_int_eq(cancelled, 1);
        gr_test_advance(s.test, 10); /* the async teardown */
        ck_assert_int_eq(torn_down, 2);
        ck_assert_int_eq(abandoned, 2);
        ck_assert_int_eq(next_status(&s, NULL), 0);
        all_over(&s);
    }
}
END_TEST

START_TEST(case_82_leaving_cancels_the_children_of_a_handler)
{
    for (enum leave how = 0; how < LEAVES; how++) {
        struct server s = start();
        send_text(&s, "GET /family HTTP/1.1\r\nHost: a\r\n\r\n");
        ck_assert_uint_eq(gr_test_coroutines(s.test), 4);
        leave(&s, how);
        ck_assert_int_eq(cancelled, 3);
        all_over(&s);
    }
}
END_TEST

START_TEST(case_82_a_handler_that_goes_on_ends_by_itself)
{
    for (enum leave how = 0; how < LEAVES; how++) {
        struct server s = start();
        send_text(&s, "GET /stubborn HTTP/1.1\r\nHost: a\r\n\r\n");
        leave(&s, how);
        gr_test_advance(s.test, 500);
        ck_assert_int_eq(cancelled, 5); /* sticky: each await says so */
        ck_assert_int_eq(ended, 1);
        all_over(&s);
    }
}
END_TEST

START_TEST(case_83_a_half_closed_client_gets_what_a_thread_answers)
{
    struct server s = start();
    send_text(&s, "GET /pool HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_int_eq(started, 1);
    gr_test_send_fin(s.conn);
    ck_assert_int_eq(ended, 0);
    gr_test_advance(s.test, 1000);
    ck_assert_int_eq(next_status(&s, "done"), 200);
    ck_assert_int_eq(cancelled, 0);
    ck_assert_int_eq(torn_down, 1);
    ck_assert_int_eq(abandoned, 0);
    all_over(&s);
}
END_TEST

START_TEST(case_82_a_reset_on_the_pool_cancels_the_thread_once)
{
    for (enum leave how = RST; how < LEAVES; how++) {
        struct server s = start();
        send_text(&s, "GET /pool HTTP/1.1\r\nHost: a\r\n\r\n");
        leave(&s, how);
        ck_assert_int_eq(cancelled, 1);
        ck_assert_int_eq(torn_down, 1);
        ck_assert_int_eq(abandoned, 1);
        ck_assert_int_eq(next_status(&s, NULL), 0);
        all_over(&s);
    }
}
END_TEST

START_TEST(case_83_a_half_closed_client_gets_what_a_finishing_handler_answers)
{
    struct server s = start();
    send_text(&s, "GET /finishing HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_send_fin(s.conn);
    gr_test_advance(s.test, 1010);
    ck_assert_int_eq(cancelled, 0);
    ck_assert_int_eq(next_status(&s, "awake"), 200);
    ck_assert_int_eq(abandoned, 0);
    all_over(&s);
}
END_TEST

START_TEST(a_reset_does_not_cancel_a_finishing_handler_either)
{
    for (enum leave how = RST; how < LEAVES; how++) {
        struct server s = start();
        send_text(&s, "GET /finishing HTTP/1.1\r\nHost: a\r\n\r\n");
        leave(&s, how);
        ck_assert_int_eq(ended, 0);
        gr_test_advance(s.test, 1010);
        ck_assert_int_eq(cancelled, 0);
        ck_assert_int_eq(ended, 1);
        ck_assert_int_eq(abandoned, 2);
        all_over(&s);
    }
}
END_TEST

START_TEST(the_deadline_ends_a_finishing_handler_whose_client_has_left)
{
    struct server s = start();
    send_text(&s, "GET /finishing-brief HTTP/1.1\r\nHost: a\r\n\r\n");
    gr_test_reset(s.conn);
    gr_test_advance(s.test, 499);
    ck_assert_int_eq(ended, 0);
    gr_test_advance(s.test, 1);
    ck_assert_int_eq(cancelled, 1);
    gr_test_advance(s.test, 10);
    all_over(&s);
}
END_TEST

START_TEST(case_83_a_half_closed_client_gets_what_a_handler_answers_that_never_waits)
{
    struct server s = start();
    send_text(&s, NEXT);
    gr_test_send_fin(s.conn);
    ck_assert_int_eq(next_status(&s, "hello"), 200);
    all_over(&s);
}
END_TEST

static void while_a_large_answer_is_sent(const char *path)
{
    for (enum leave how = 0; how < LEAVES; how++) {
        char raw[100];
        struct server s = start();
        gr_test_set_window(s.conn, 1000);
        sprintf(raw, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path);
        send_text(&s, raw);
        ck_assert_uint_eq(gr_test_coroutines(s.test), 1);
        leave(&s, how);
        ck_assert_uint_eq(gr_test_coroutines(s.test), how == FIN);
        if (how == FIN)
            gr_test_set_window(s.conn, SIZE_MAX);
        ck_assert_int_eq(torn_down, 1);
        ck_assert_int_eq(abandoned, how != FIN);
        size_t len;
        gr_test_received(s.conn, &len);
        ck_assert(how == FIN ? len > LARGE : len == 1000);
        all_over(&s);
    }
}

START_TEST(case_82_leaving_while_a_large_answer_of_a_coroutine_is_sent)
{
    while_a_large_answer_is_sent("/large");
}
END_TEST

START_TEST(case_82_leaving_while_a_large_answer_of_a_thread_is_sent)
{
    while_a_large_answer_is_sent("/large-pool");
}
END_TEST

START_TEST(case_82_leaving_while_a_small_answer_waits_for_the_client)
{
    for (enum leave how = 0; how < LEAVES; how++) {
        struct server s = start();
        gr_test_set_window(s.conn, 0);
        send_text(&s, NEXT NEXT);
        ck_assert_uint_eq(gr_test_coroutines(s.test), 0);
        leave(&s, how);
        if (how == FIN)
            gr_test_set_window(s.conn, SIZE_MAX);
        for (int i = 0; i < 2 * (how == FIN); i++)
            ck_assert_int_eq(next_status(&s, "hello"), 200);
        all_over(&s);
    }
}
END_TEST

START_TEST(a_client_that_leaves_drops_what_it_has_pipelined)
{
    for (enum leave how = 0; how < LEAVES; how++) {
        struct server s = start();
        send_text(&s, "GET /nap HTTP/1.1\r\nHost: a\r\n\r\n" NEXT NEXT);
        leave(&s, how);
        gr_test_advance(s.test, 10);
        ck_assert_int_eq(cancelled, 1);
        ck_assert_int_eq(handler_runs, how == RST ? 0 : handler_runs);
        all_over(&s);
    }
}
END_TEST

START_TEST(a_client_that_leaves_while_the_server_lingers)
{
    for (enum leave how = 0; how < LEAVES; how++) {
        struct server s = start();
        send_text(&s, "GET  / HTTP/1.1\r\n\r\n");
        ck_assert_int_eq(next_status(&s, NULL), 400);
        leave(&s, how);
        all_over(&s);
    }
}
END_TEST

START_TEST(a_thousand_clients_that_leave_leave_nothing_behind)
{
    struct server s = start();
    for (int i = 0; i < 1000; i++) {
        gr_test_conn *conn = gr_test_connect(s.test);
        gr_test_send(conn, RAW("GET /nap HTTP/1.1\r\nHost: a\r\n\r\n"));
        if (i % 2)
            gr_test_send_fin(conn);
        else
            gr_test_reset(conn);
        gr_test_conn_destroy(conn);
    }
    gr_test_advance(s.test, 10);
    ck_assert_int_eq(cancelled, 1000);
    ck_assert_int_eq(torn_down, 2000);
    ck_assert_uint_eq(gr_test_coroutines(s.test), 0);
    finish(&s);
}
END_TEST

int main(void)
{
    const test_list tests = {case_82_leaving_before_a_request,
                             case_82_leaving_at_every_byte_of_a_head,
                             case_82_leaving_in_a_body_that_is_collected,
                             case_82_leaving_in_a_body_that_a_coroutine_reads,
                             case_82_leaving_in_a_body_that_a_thread_reads,
                             case_82_leaving_in_a_body_that_a_finishing_handler_reads,
                             case_82_leaving_while_a_handler_waits_cancels_it_once,
                             case_82_leaving_cancels_the_children_of_a_handler,
                             case_82_a_handler_that_goes_on_ends_by_itself,
                             case_83_a_half_closed_client_gets_what_a_thread_answers,
                             case_82_a_reset_on_the_pool_cancels_the_thread_once,
                             case_83_a_half_closed_client_gets_what_a_finishing_handler_answers,
                             a_reset_does_not_cancel_a_finishing_handler_either,
                             the_deadline_ends_a_finishing_handler_whose_client_has_left,
                             case_83_a_half_closed_client_gets_what_a_handler_answers_that_never_waits,
                             case_82_leaving_while_a_large_answer_of_a_coroutine_is_sent,
                             case_82_leaving_while_a_large_answer_of_a_thread_is_sent,
                             case_82_leaving_while_a_small_answer_waits_for_the_client,
                             a_client_that_leaves_drops_what_it_has_pipelined,
                             a_client_that_leaves_while_the_server_lingers,
                             a_thousand_clients_that_leave_leave_nothing_behind,
                             NULL};
    return run_tests("http leaving", tests, 20);
}
