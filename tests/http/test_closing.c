/* How a connection ends (RFC 9112 section 9.6): gently, when the client has taken everything and stopped to send, or by
 * a reset, where something is cut. On a clock of the test's own; tests/app/test_closing.c asks the system. */
#include <griddle.h>

#include "app/rig.h"

static gr_reply plain(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "ok");
}
GR_GET("/plain", plain);

static gr_reply big(gr_co co, gr_req *req)
{
    (void)co;
    size_t len = 100000;
    return gr_content(req, "text/plain", gr_alloc(req, len), len);
}
GR_GET("/big", big);

static gr_reply little(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_body(req, NULL));
}
GR_POST("/little", little, .max_body_bytes = 10);

static int write_some(gr_co co, gr_writer *writer, void *arg)
{
    int rc = gr_write(co, writer, "some of it", 10);
    return rc ? rc : *(int *)arg;
}

static int fails = -1;
static gr_reply cut(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", write_some, &fails);
}
GR_GET("/cut", cut);

static gr_reply waits(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 100000);
    return rc ? gr_failed(req, rc) : gr_text(req, "at last");
}
GR_GET("/waits", waits);

static struct rig *rig;
static struct gri_memory *client;

static void begin(void)
{
    gr_app *app = gr_app_create("Closing", "1");
    gr_app_add(app, &plain_route, &big_route, &little_route, &cut_route, &waits_route);
    rig = rig_begin(app, 1, 1);
    client = rig_connect(rig);
}

static void end(void)
{
    gri_memory_destroy(client);
    rig_end(rig);
}

static void pass(int64_t ms)
{
    gri_sched_advance(&rig->engine.sched, ms);
}

static void expect_lingering(void)
{
    ck_assert_msg(client->fin, "wanted a FIN");
    ck_assert_msg(!client->closed, "wanted the connection to linger, it is closed");
}

static void expect_ended(bool reset)
{
    ck_assert_msg(client->closed, "wanted the connection to have ended");
    ck_assert_msg(client->was_reset == reset, "wanted it closed %s", reset ? "by a reset" : "gently");
}

#define REQUEST(line, fields) line "\r\nHost: a\r\n" fields "\r\n"
#define MORE                  "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n"

/* What ends a connection, whatever follows it. */
static const char *const last_requests[] = {
    REQUEST("GET /plain HTTP/1.1", "Connection: close\r\n") MORE,
    REQUEST("HEAD /plain HTTP/1.1", "Connection: close\r\n") MORE,
    REQUEST("GET /plain HTTP/1.0", "") MORE,
    REQUEST("GET /big HTTP/1.0", "") MORE,
    REQUEST("GET  /plain HTTP/1.1", "") MORE,
    REQUEST("GET /plain HTTP/1.1", "Expect: tea\r\n") MORE,
    REQUEST("POST /little HTTP/1.1", "Content-Length: 11\r\n") "hello",
    REQUEST("POST /little HTTP/1.1", "Transfer-Encoding: chunked\r\n") "b\r\nhello",
    REQUEST("POST /little HTTP/1.1", "Transfer-Encoding: chunked\r\n") "x\r\nhello",
    REQUEST("POST /nowhere HTTP/1.1", "Content-Length: 100000\r\n") "hello",
    REQUEST("PUT /plain HTTP/1.1", "Transfer-Encoding: chunked\r\n") "5\r\nhel",
};
enum { N_LAST = sizeof last_requests / sizeof last_requests[0] };

START_TEST(whatever_ends_it_the_connection_lingers)
{
    for (size_t i = 0; i < N_LAST; i++) {
        begin();
        rig_say(rig, client, last_requests[i]);
        rig_expect(client, "HTTP/1.1 ");
        expect_lingering();
        pass(1999);
        rig_say(rig, client, "and more");
        pass(1999);
        expect_lingering();
        pass(1);
        expect_ended(false);
        end();
    }
}
END_TEST

START_TEST(it_ends_with_the_client_s_fin)
{
    for (size_t i = 0; i < N_LAST; i++) {
        begin();
        rig_say(rig, client, last_requests[i]);
        expect_lingering();
        rig_fin(rig, client);
        expect_ended(false);
        end();
    }
}
END_TEST

START_TEST(a_slow_head_an_idle_connection_and_one_that_is_stopped_linger_too)
{
    begin();
    rig_say(rig, client, "GET /plain");
    pass(10000);
    rig_expect(client, " 408 ");
    expect_lingering();
    end();
    begin();
    rig_get(rig, client, "/plain");
    pass(5000);
    expect_lingering();
    end();
    begin();
    rig_get(rig, client, "/plain");
    gri_engine_stop(&rig->engine);
    rig_settle(rig);
    expect_lingering();
    end();
}
END_TEST

START_TEST(a_reply_that_a_late_reader_takes_is_not_cut_by_what_follows_the_request)
{
    begin();
    gri_memory_set_window(client, 1000);
    rig_say(rig, client, REQUEST("GET /big HTTP/1.1", "Connection: close\r\n"));
    char *more = calloc(1, 65536);
    for (int i = 0; i < 3; i++) {
        gri_memory_send(client, more, 65536);
        rig_settle(rig);
    }
    free(more);
    gri_memory_set_window(client, SIZE_MAX);
    rig_settle(rig);
    ck_assert_uint_gt(client->received.len, 100000);
    expect_lingering();
    end();
}
END_TEST

START_TEST(while_a_rest_is_sent_what_comes_is_let_in_so_that_nobody_waits_for_the_other)
{
    begin();
    gri_memory_set_window(client, 0);
    rig_say(rig, client, REQUEST("GET  / HTTP/1.1", ""));
    char *more = calloc(1, 65536);
    for (int i = 0; i < 16; i++) {
        gri_memory_send(client, more, 65536);
        rig_settle(rig);
        ck_assert_uint_eq(client->unread.len, 0);
    }
    free(more);
    end();
}
END_TEST

START_TEST(a_refused_upload_is_discarded_as_long_as_it_comes)
{
    begin();
    char *megabyte = calloc(1, 1 << 20);
    rig_say(rig, client, REQUEST("POST /little HTTP/1.1", "Content-Length: 8388608\r\n"));
    for (int i = 0; i < 8; i++) {
        pass(1000);
        gri_memory_send(client, megabyte, 1 << 20);
        rig_settle(rig);
        expect_lingering();
    }
    rig_expect(client, " 413 ");
    pass(2000);
    expect_ended(false);
    free(megabyte);
    end();
}
END_TEST

START_TEST(but_not_for_longer_than_30_s)
{
    begin();
    rig_say(rig, client, REQUEST("POST /little HTTP/1.1", "Content-Length: 8388608\r\n"));
    for (int i = 0; i < 30; i++) {
        pass(1000);
        rig_say(rig, client, "x");
        expect_lingering();
    }
    pass(1000);
    rig_say(rig, client, "x");
    expect_ended(true);
    end();
}
END_TEST

START_TEST(and_not_for_more_bytes_than_the_limit)
{
    begin();
    rig->engine.http.limits.linger_bytes = 10;
    rig_say(rig, client, REQUEST("POST /little HTTP/1.1", "Content-Length: 8388608\r\n"));
    rig_say(rig, client, "0123456789");
    expect_lingering();
    rig_say(rig, client, "x");
    expect_ended(true);
    end();
}
END_TEST

START_TEST(what_the_system_holds_is_waited_for)
{
    begin();
    client->held = 50000;
    rig_say(rig, client, last_requests[0]);
    for (int i = 0; i < 3; i++) {
        pass(29000);
        expect_lingering();
        client->held -= 15000;
    }
    client->held = 0;
    pass(4000);
    expect_ended(false);
    end();
}
END_TEST

START_TEST(what_the_system_holds_is_waited_for_after_a_fin_too)
{
    begin();
    client->held = 50000;
    rig_say(rig, client, last_requests[0]);
    rig_fin(rig, client);
    pass(29000);
    expect_lingering();
    client->held = 0;
    pass(2000);
    expect_ended(false);
    end();
    begin();
    client->held = 50000;
    gri_memory_send_fin(client);
    rig_say(rig, client, MORE);
    expect_lingering();
    client->held = 0;
    pass(20); /* soon */
    expect_ended(false);
    end();
}
END_TEST

START_TEST(a_client_that_takes_nothing_of_what_the_system_holds_is_reset)
{
    for (int leaves = 0; leaves < 2; leaves++) {
        begin();
        client->held = 50000;
        rig_say(rig, client, last_requests[0]);
        if (leaves)
            rig_fin(rig, client);
        pass(29999);
        expect_lingering();
        pass(2001);
        expect_ended(true);
        end();
    }
}
END_TEST

START_TEST(a_client_that_takes_nothing_is_reset)
{
    begin();
    gri_memory_set_window(client, 1000);
    rig_get(rig, client, "/big");
    pass(30000);
    expect_ended(true);
    end();
}
END_TEST

START_TEST(a_stream_that_is_cut_is_reset)
{
    static const char *const requests[] = {REQUEST("GET /cut HTTP/1.1", ""), REQUEST("GET /cut HTTP/1.0", "")};
    for (int i = 0; i < 2; i++) {
        begin();
        rig_say(rig, client, requests[i]);
        rig_expect(client, "some of it");
        expect_ended(true);
        end();
    }
}
END_TEST

START_TEST(what_a_stop_cuts_is_reset_and_what_has_its_reply_is_not)
{
    begin();
    rig_get(rig, client, "/waits");
    gri_http_abort(&rig->engine.http);
    rig_settle(rig);
    expect_ended(true);
    end();
    begin();
    rig_say(rig, client, last_requests[0]);
    gri_http_abort(&rig->engine.http);
    rig_settle(rig);
    expect_ended(false);
    end();
}
END_TEST

int main(void)
{
    test_list tests = {
        whatever_ends_it_the_connection_lingers,
        it_ends_with_the_client_s_fin,
        a_slow_head_an_idle_connection_and_one_that_is_stopped_linger_too,
        a_reply_that_a_late_reader_takes_is_not_cut_by_what_follows_the_request,
        while_a_rest_is_sent_what_comes_is_let_in_so_that_nobody_waits_for_the_other,
        a_refused_upload_is_discarded_as_long_as_it_comes,
        but_not_for_longer_than_30_s,
        and_not_for_more_bytes_than_the_limit,
        what_the_system_holds_is_waited_for,
        what_the_system_holds_is_waited_for_after_a_fin_too,
        a_client_that_takes_nothing_of_what_the_system_holds_is_reset,
        a_client_that_takes_nothing_is_reset,
        a_stream_that_is_cut_is_reset,
        what_a_stop_cuts_is_reset_and_what_has_its_reply_is_not,
        NULL,
    };
    return run_tests("closing", tests, 20);
}
