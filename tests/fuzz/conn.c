/* A whole connection: several requests, split anywhere, a handler of each kind; the client leaves, resets, reads
 * slowly. Whatever comes, no coroutine is left and nothing leaks. The first bytes choose how the rest is sent. */
#include <griddle.h>
#include <griddle/testing.h>
#include <string.h>

#include "fuzz/fuzz.h"

static gr_reply awaits(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 50);
    return rc ? gr_failed(req, rc) : gr_text(req, gr_path(req));
}
GR_GET("/a/{name}", awaits);

static gr_reply blocks(gr_req *req)
{
    const char *q = gr_query(req, "q");
    return gr_text(req, q ? q : "none");
}
GR_GET("/b", blocks, .deadline_ms = 1000);

static gr_reply echo(gr_co co, gr_req *req)
{
    (void)co;
    json_t *value;
    int rc = gr_body_json(req, &value);
    return rc ? gr_failed(req, rc) : gr_json(req, json_incref(value));
}
GR_POST("/c", echo, .max_body_bytes = 4096);

GR_ROUTE_AS(too_late, "GET", "/e", awaits, .deadline_ms = 20);
GR_ROUTE_AS(finishes, "GET", "/f", awaits, .deadline_ms = 40, .finish_if_abandoned = true);

static gr_reply large(gr_co co, gr_req *req)
{
    (void)co;
    static const char text[40000];
    return gr_content(req, "text/plain", text, sizeof text);
}
GR_GET("/g", large);

static int write_back(gr_co co, gr_writer *writer, void *arg)
{
    gr_req *req = arg;
    const char *data;
    size_t len;
    int rc;
    while ((rc = gr_read(co, req, &data, &len)) == 0 && len)
        if ((rc = gr_write(co, writer, data, len)) != 0)
            return rc;
    return rc;
}

static gr_reply mirror(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", write_back, req);
}
GR_POST("/d", mirror, .stream_body = true);

static gr_test *test_server(void)
{
    gr_app *app = gr_app_create("Fuzz", "1");
    gr_app_add(app, &awaits_route, &blocks_route, &echo_route, &mirror_route, &too_late_route, &finishes_route,
               &large_route);
    gr_test *test = gr_test_create(app);
    FUZZ_ASSERT(test);
    return test;
}

static void send_in_pieces(gr_test *test, gr_test_conn *conn, const uint8_t *data, size_t len, size_t step,
                           uint8_t pause)
{
    while (len) {
        size_t n = step < len ? step : len;
        gr_test_send(conn, data, n);
        if (pause & 1)
            gr_test_advance(test, pause);
        data += n;
        len -= n;
    }
}

static void leave(gr_test *test, gr_test_conn *conn, uint8_t how)
{
    if (how & 1)
        gr_test_send_fin(conn);
    if (how & 2)
        gr_test_advance(test, how);
    if (how & 4)
        gr_test_reset(conn);
    if (how & 8)
        gr_test_set_window(conn, SIZE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    static gr_test *test;
    if (!test)
        test = test_server();
    if (size < 4)
        return 0;
    gr_test_conn *conn = gr_test_connect(test);
    if (input[0] & 0x80)
        gr_test_set_window(conn, input[0] & 0x7f);
    send_in_pieces(test, conn, input + 4, size - 4, input[1] ? input[1] : size, input[2]);
    leave(test, conn, input[3]);
    gr_test_conn_destroy(conn);
    gr_test_advance(test, 10000);
    FUZZ_ASSERT(gr_test_coroutines(test) == 0);
    return 0;
}
