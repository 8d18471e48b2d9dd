/* Handlers that speak with a backend: what becomes of that when their client leaves, or the server stops. The server,
 * its client and the backend share one loop. */
#include <griddle.h>
#include <sys/socket.h>

#include "io/io_world.h"

struct stage {
    gr_app *app;
    gr_server *server;
    gr_listener *backend;
};

static unsigned backend_port;
static int handler_rc;

static int relay(gr_co co, gr_io *io, char *line, size_t size)
{
    const char *data;
    size_t len = 0;
    int rc = gr_io_write(co, io, "ask\n", 4);
    rc = rc ? rc : gr_io_read_until(co, io, "\n", size - 1, &data, &len);
    if (rc == 0)
        memcpy(line, data, len);
    line[len] = '\0';
    return rc;
}

static gr_reply proxy(gr_co co, gr_req *req)
{
    char line[100];
    gr_io *io;
    int rc = gr_tcp_connect(co, &io, "127.0.0.1", backend_port);
    if (rc == 0) {
        rc = relay(co, io, line, sizeof line);
        gr_io_close(io);
    }
    handler_rc = rc;
    return rc ? gr_failed(req, rc) : gr_text(req, line);
}
GR_GET("/proxy", proxy);

static void begin(gr_co co, struct stage *stage)
{
    gr_server_options options = {.size = sizeof options, .stop_timeout_ms = 50, .log_level = "critical"};
    stage->app = gr_app_create("Proxy", "1");
    gr_app_add(stage->app, &proxy_route);
    ck_assert_int_eq(gr_server_start(&stage->server, stage->app, &options, gr_loop(co)), 0);
    ck_assert_int_eq(gr_tcp_listen(co, &stage->backend, "127.0.0.1", 0), 0);
    gr_address address = gr_listener_address(stage->backend);
    backend_port = gr_address_port(&address);
    handler_rc = 1;
}

static void end(gr_co co, struct stage *stage)
{
    gr_server_stop(stage->server);
    while (!gr_server_stopped(stage->server))
        ck_assert_int_eq(gr_sleep(co, 1), 0);
    gr_server_destroy(stage->server);
    gr_app_destroy(stage->app);
    gr_listener_close(stage->backend);
}

/* A request whose handler has reached the backend. */
static void ask(gr_co co, struct stage *stage, gr_io **client, gr_io **backend)
{
    static const char request[] = "GET /proxy HTTP/1.1\r\nHost: a\r\n\r\n";
    char asked[4];
    ck_assert_int_eq(gr_tcp_connect(co, client, "127.0.0.1", (unsigned)gr_server_port(stage->server)), 0);
    ck_assert_int_eq(gr_io_write(co, *client, request, sizeof request - 1), 0);
    ck_assert_int_eq(gr_accept(co, stage->backend, backend), 0);
    ck_assert_int_eq(gr_io_read_exactly(co, *backend, asked, 4), 0);
    ck_assert_mem_eq(asked, "ask\n", 4);
}

static void expect_end(gr_co co, gr_io *io)
{
    char byte;
    size_t n;
    ck_assert_int_eq(gr_io_read(co, io, &byte, 1, &n), 0);
    ck_assert_uint_eq(n, 0);
}

IO_TEST(a_handler_relays_what_its_backend_says)
{
    struct stage stage;
    gr_io *client, *backend;
    const char *line = "";
    size_t len = 0;
    begin(co, &stage);
    ask(co, &stage, &client, &backend);
    ck_assert_int_eq(gr_io_write(co, backend, "answer\n", 7), 0);
    ck_assert_int_eq(gr_io_read_until(co, client, "\r\n\r\n", 1000, &line, &len), 0);
    ck_assert_mem_eq(line, "HTTP/1.1 200 OK", 15);
    ck_assert_int_eq(gr_io_read_until(co, client, "\n", 1000, &line, &len), 0);
    ck_assert_mem_eq(line, "answer\n", 7);
    expect_end(co, backend);
    gr_io_close(client);
    gr_io_close(backend);
    end(co, &stage);
    return 0;
}

IO_TEST(where_the_client_leaves_its_handler_leaves_the_backend)
{
    struct stage stage;
    gr_io *client, *backend;
    begin(co, &stage);
    ask(co, &stage, &client, &backend);
    gr_io_close(client);
    expect_end(co, backend);
    ck_assert_int_eq(handler_rc, GR_ECANCELED);
    gr_io_close(backend);
    end(co, &stage);
    return 0;
}

IO_TEST(where_the_server_stops_its_handlers_leave_their_backends)
{
    enum { N = 20 };
    struct stage stage;
    gr_io *client[N], *backend[N];
    begin(co, &stage);
    for (int i = 0; i < N; i++)
        ask(co, &stage, &client[i], &backend[i]);
    gr_server_stop(stage.server);
    for (int i = 0; i < N; i++)
        expect_end(co, backend[i]);
    ck_assert_int_eq(handler_rc, GR_ECANCELED);
    end(co, &stage);
    for (int i = 0; i < N; i++) {
        gr_io_close(client[i]);
        gr_io_close(backend[i]);
    }
    return 0;
}

IO_TEST(where_the_backend_resets_the_handler_is_told)
{
    struct stage stage;
    gr_io *client, *backend;
    struct linger reset = {.l_onoff = 1};
    begin(co, &stage);
    ask(co, &stage, &client, &backend);
    ck_assert_int_eq(setsockopt(gr_io_fd(backend), SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
    gr_io_close(backend);
    while (handler_rc == 1)
        ck_assert_int_eq(gr_sleep(co, 1), 0);
    ck_assert_int_eq(handler_rc, -ECONNRESET);
    gr_io_close(client);
    end(co, &stage);
    return 0;
}

int main(void)
{
    const test_list tests = {
        a_handler_relays_what_its_backend_says, where_the_client_leaves_its_handler_leaves_the_backend,
        where_the_server_stops_its_handlers_leave_their_backends, where_the_backend_resets_the_handler_is_told, NULL};
    return run_tests("io server", tests, 20);
}
