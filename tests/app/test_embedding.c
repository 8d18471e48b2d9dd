/* The embedding API on real sockets: a loop of the test's own, or the server's. */
#include <arpa/inet.h>
#include <griddle.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "run.h"

static uv_sem_t entered, gate;
static int cancelled, hooks; /* atomic */

static gr_reply hello(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_printf(req, "hello %s", gr_client_host(req)));
}
GR_GET("/hello", hello);

static gr_reply sleeps(gr_co co, gr_req *req)
{
    uv_sem_post(&entered);
    int rc = gr_sleep(co, atoi(gr_path_param(req, "ms")));
    __atomic_add_fetch(&cancelled, rc == GR_ECANCELED, __ATOMIC_RELAXED);
    return rc ? gr_failed(req, rc) : gr_text(req, "slept");
}
GR_GET("/sleep/{ms:int}", sleeps);

static gr_reply blocks(gr_req *req)
{
    uv_sem_post(&entered);
    uv_sem_wait(&gate);
    return gr_text(req, "blocked");
}
GR_GET("/blocks", blocks);

static gr_reply large(gr_co co, gr_req *req)
{
    (void)co;
    size_t len = 8000000;
    char *text = gr_alloc(req, len + 1);
    memset(text, 'x', len);
    return gr_text(req, text);
}
GR_GET("/large", large);

static gr_reply echo(gr_co co, gr_req *req)
{
    (void)co;
    size_t len;
    const char *body = gr_body(req, &len);
    return gr_bytes(req, "text/plain", body, len);
}
GR_POST("/echo", echo);

static int start_hook(gr_app *app, void *state)
{
    (void)app, (void)state;
    __atomic_add_fetch(&hooks, 1, __ATOMIC_RELAXED);
    return 0;
}

static void stop_hook(gr_app *app, void *state)
{
    (void)app, (void)state;
    __atomic_sub_fetch(&hooks, 1, __ATOMIC_RELAXED);
}

static gr_app *make_app(void)
{
    gr_app *app = gr_app_create("Embedded", "1");
    gr_app_add(app, &hello_route, &sleeps_route, &blocks_route, &large_route, &echo_route);
    gr_app_on(app, start_hook, stop_hook);
    return app;
}

/* --- a client that blocks, on a thread of its own --- */

static int dial(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval limit = {20, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

static void send_text(int fd, const char *text)
{
    ssize_t sent = send(fd, text, strlen(text), MSG_NOSIGNAL);
    (void)sent;
}

/* All up to the end; in `out`, what fits. The number of bytes, or -1 for a reset. */
static ssize_t receive_all(int fd, char *out, size_t size)
{
    char piece[65536];
    size_t total = 0;
    ssize_t n;
    while ((n = recv(fd, piece, sizeof piece, 0)) > 0) {
        for (ssize_t i = 0; i < n && total + (size_t)i + 1 < size; i++)
            out[total + (size_t)i] = piece[i];
        total += (size_t)n;
    }
    out[total < size ? total : size - 1] = '\0';
    return n < 0 ? -1 : (ssize_t)total;
}

struct client {
    gr_server *server;
    int port;
    const char *raw;
    char answer[4096];
    ssize_t received;
    bool stops, half_closes;
    pthread_t thread;
};

static void *run_client(void *arg)
{
    struct client *client = arg;
    int fd = dial(client->port);
    client->received = -2;
    if (fd >= 0) {
        send_text(fd, client->raw);
        if (client->half_closes)
            shutdown(fd, SHUT_WR);
        client->received = receive_all(fd, client->answer, sizeof client->answer);
        close(fd);
    }
    if (client->stops)
        gr_server_stop(client->server);
    return NULL;
}

static void start_client(struct client *client, gr_server *server, const char *raw)
{
    client->server = server;
    client->port = gr_server_port(server);
    client->raw = raw;
    ck_assert_int_eq(pthread_create(&client->thread, NULL, run_client, client), 0);
}

#define CLOSING " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

static void expect_answer(const struct client *client, const char *text)
{
    ck_assert_msg(strstr(client->answer, text) != NULL, "wanted \"%s\", got \"%s\"", text, client->answer);
}

/* --- the server --- */

static const gr_server_options defaults = {.size = sizeof defaults};

static gr_server *start_on(uv_loop_t *loop, gr_app *app, const gr_server_options *options)
{
    gr_server *server = NULL;
    ck_assert_int_eq(gr_server_start(&server, app, options, loop), 0);
    ck_assert_int_gt(gr_server_port(server), 0);
    return server;
}

static void set_up(void)
{
    uv_sem_init(&entered, 0);
    uv_sem_init(&gate, 0);
}

START_TEST(a_server_runs_on_a_loop_of_the_callers)
{
    uv_loop_t loop;
    uv_loop_init(&loop);
    gr_app *app = make_app();
    gr_server *server = start_on(&loop, app, &defaults);
    struct client client = {.stops = true};
    start_client(&client, server, "GET /hello" CLOSING);
    ck_assert(!gr_server_stopped(server));
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert(gr_server_stopped(server));
    pthread_join(client.thread, NULL);
    expect_answer(&client, "hello 127.0.0.1");
    gr_server_destroy(server);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    gr_app_destroy(app);
    ck_assert_int_eq(hooks, 0);
}
END_TEST

START_TEST(a_server_runs_on_a_loop_of_its_own)
{
    gr_app *app = make_app();
    gr_server *server = start_on(NULL, app, NULL);
    struct client client = {.stops = true};
    start_client(&client, server, "GET /hello" CLOSING);
    ck_assert_int_eq(gr_server_run(server), 0);
    ck_assert(gr_server_stopped(server));
    pthread_join(client.thread, NULL);
    expect_answer(&client, "hello 127.0.0.1");
    gr_server_destroy(server);
    gr_app_destroy(app);
    gr_server_destroy(NULL);
}
END_TEST

START_TEST(two_servers_share_a_loop_and_an_application)
{
    uv_loop_t loop;
    uv_loop_init(&loop);
    gr_app *app = make_app();
    gr_server *a = start_on(&loop, app, &defaults), *b = start_on(&loop, app, &defaults);
    ck_assert_int_ne(gr_server_port(a), gr_server_port(b));
    ck_assert_int_eq(hooks, 2);
    struct client one = {.stops = true}, two = {.stops = true};
    start_client(&one, a, "GET /hello" CLOSING);
    start_client(&two, b, "GET /hello" CLOSING);
    uv_run(&loop, UV_RUN_DEFAULT);
    pthread_join(one.thread, NULL);
    pthread_join(two.thread, NULL);
    expect_answer(&one, "hello");
    expect_answer(&two, "hello");
    gr_server_destroy(a);
    gr_server_destroy(b);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_server_may_be_stopped_before_it_runs_and_again_and_again)
{
    gr_app *app = make_app();
    gr_server *server = start_on(NULL, app, &defaults);
    for (int i = 0; i < 10; i++)
        gr_server_stop(server);
    ck_assert_int_eq(gr_server_run(server), 0);
    ck_assert(gr_server_stopped(server));
    gr_server_destroy(server);
    gr_app_destroy(app);
}
END_TEST

struct stopper {
    gr_server *server;
    pthread_t thread;
};

static void *stop_when_entered(void *arg)
{
    struct stopper *stopper = arg;
    uv_sem_wait(&entered);
    gr_server_stop(stopper->server);
    return NULL;
}

START_TEST(a_stop_lets_a_request_finish)
{
    set_up();
    gr_app *app = make_app();
    gr_server *server = start_on(NULL, app, &defaults);
    struct client client = {0};
    struct stopper stopper = {.server = server};
    pthread_create(&stopper.thread, NULL, stop_when_entered, &stopper);
    start_client(&client, server, "GET /sleep/300 HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_int_eq(gr_server_run(server), 0);
    pthread_join(client.thread, NULL);
    pthread_join(stopper.thread, NULL);
    expect_answer(&client, "slept");
    expect_answer(&client, "connection: close\r\n");
    ck_assert_int_eq(cancelled, 0);
    gr_server_destroy(server);
    gr_app_destroy(app);
}
END_TEST

static void *stop_and_open_gate(void *arg)
{
    stop_when_entered(arg);
    usleep(100000);
    uv_sem_post(&gate);
    return NULL;
}

START_TEST(a_stop_lets_a_blocking_request_finish)
{
    set_up();
    gr_app *app = make_app();
    gr_server *server = start_on(NULL, app, &defaults);
    struct client client = {0};
    struct stopper stopper = {.server = server};
    pthread_create(&stopper.thread, NULL, stop_and_open_gate, &stopper);
    start_client(&client, server, "GET /blocks HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_int_eq(gr_server_run(server), 0);
    pthread_join(client.thread, NULL);
    pthread_join(stopper.thread, NULL);
    expect_answer(&client, "blocked");
    gr_server_destroy(server);
    gr_app_destroy(app);
}
END_TEST

START_TEST(at_the_deadline_of_a_stop_requests_are_cancelled)
{
    set_up();
    gr_app *app = make_app();
    gr_server_options options = {.size = sizeof options, .stop_timeout_ms = 100, .log_level = "off"};
    gr_server *server = start_on(NULL, app, &options);
    struct client client = {0};
    struct stopper stopper = {.server = server};
    pthread_create(&stopper.thread, NULL, stop_when_entered, &stopper);
    start_client(&client, server, "GET /sleep/3600000 HTTP/1.1\r\nHost: a\r\n\r\n");
    uint64_t began = uv_hrtime();
    ck_assert_int_eq(gr_server_run(server), 0);
    ck_assert_uint_lt((uv_hrtime() - began) / 1000000, 5000);
    pthread_join(client.thread, NULL);
    pthread_join(stopper.thread, NULL);
    ck_assert_int_eq(cancelled, 1);
    ck_assert_int_le(client.received, 0);
    gr_server_destroy(server);
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_stop_closes_idle_connections)
{
    gr_app *app = make_app();
    uv_loop_t loop;
    uv_loop_init(&loop);
    gr_server *server = start_on(&loop, app, &defaults);
    int idle = dial(gr_server_port(server)), used = dial(gr_server_port(server));
    send_text(used, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    char answer[1000];
    for (int i = 0; i < 100 && recv(used, answer, sizeof answer, MSG_DONTWAIT | MSG_PEEK) <= 0; i++) {
        uv_run(&loop, UV_RUN_NOWAIT);
        usleep(1000);
    }
    gr_server_stop(server);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert(gr_server_stopped(server));
    ck_assert_int_eq((int)receive_all(idle, answer, sizeof answer), 0);
    ck_assert_int_gt((int)receive_all(used, answer, sizeof answer), 0);
    ck_assert_ptr_nonnull(strstr(answer, "hello"));
    close(idle);
    close(used);
    ck_assert_int_eq(dial(gr_server_port(server)), -1);
    gr_server_destroy(server);
    uv_loop_close(&loop);
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_taken_port_leaves_nothing_on_the_callers_loop)
{
    uv_loop_t loop;
    uv_loop_init(&loop);
    gr_app *app = make_app();
    gr_server *server = start_on(&loop, app, &defaults), *second = NULL;
    gr_server_options taken = {.size = sizeof taken, .port = gr_server_port(server)};
    ck_assert_int_eq(gr_server_start(&second, app, &taken, &loop), UV_EADDRINUSE);
    ck_assert_int_eq(hooks, 1);
    gr_server_stop(server);
    uv_run(&loop, UV_RUN_DEFAULT);
    gr_server_destroy(server);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_taken_port_leaves_nothing_on_a_loop_of_its_own)
{
    gr_app *app = make_app();
    gr_server *server = start_on(NULL, app, &defaults), *second = NULL;
    gr_server_options taken = {.size = sizeof taken, .port = gr_server_port(server)};
    ck_assert_int_eq(gr_server_start(&second, app, &taken, NULL), UV_EADDRINUSE);
    gr_server_stop(server);
    ck_assert_int_eq(gr_server_run(server), 0);
    gr_server_destroy(server);
    gr_app_destroy(app);
}
END_TEST

static int hook_fails(gr_app *app, void *state)
{
    (void)app, (void)state;
    return GR_EIO;
}

START_TEST(whatever_keeps_a_server_from_starting_leaves_nothing)
{
    for (int own = 0; own < 2; own++) {
        uv_loop_t loop;
        uv_loop_init(&loop);
        gr_server *server = NULL;
        gr_app *app = make_app(), *mistaken = make_app(), *failing = make_app();
        gr_app_add(mistaken, &hello_route);
        gr_app_on(failing, hook_fails, NULL);
        gr_server_options quiet = {.size = sizeof quiet, .log_level = "off"}, nowhere = quiet;
        nowhere.host = "no.address.example";
        uv_loop_t *where = own ? NULL : &loop;
        ck_assert_int_eq(gr_server_start(&server, mistaken, &quiet, where), GR_EINVAL);
        ck_assert_int_eq(gr_server_start(&server, failing, &quiet, where), GR_EIO);
        ck_assert_int_lt(gr_server_start(&server, app, &nowhere, where), 0);
        ck_assert_int_lt(gr_server_start(&server, NULL, &quiet, where), 0);
        uv_run(&loop, UV_RUN_DEFAULT);
        ck_assert_int_eq(uv_loop_close(&loop), 0);
        ck_assert_int_eq(hooks, 0);
        gr_app_destroy(app);
        gr_app_destroy(mistaken);
        gr_app_destroy(failing);
    }
}
END_TEST

START_TEST(a_half_closed_client_gets_a_large_reply_whole)
{
    gr_app *app = make_app();
    gr_server *server = start_on(NULL, app, &defaults);
    struct client client = {.stops = true, .half_closes = true};
    start_client(&client, server, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_int_eq(gr_server_run(server), 0);
    pthread_join(client.thread, NULL);
    ck_assert_int_gt((int)client.received, 8000000);
    gr_server_destroy(server);
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_refusal_reaches_a_client_that_goes_on_sending)
{
    gr_app *app = make_app();
    gr_server *server = start_on(NULL, app, &(gr_server_options){.size = sizeof defaults, .log_level = "off"});
    static char raw[300000] = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n";
    memset(raw + strlen(raw), 'x', sizeof raw - strlen(raw) - 1);
    struct client client = {.stops = true};
    start_client(&client, server, raw);
    ck_assert_int_eq(gr_server_run(server), 0);
    pthread_join(client.thread, NULL);
    expect_answer(&client, "HTTP/1.1 413 Content Too Large");
    ck_assert_int_ge((int)client.received, 0);
    gr_server_destroy(server);
    gr_app_destroy(app);
}
END_TEST

enum { CLIENTS = 16, EACH = 25 };

static int answered; /* atomic */

static void *run_many(void *arg)
{
    int port = *(int *)arg;
    for (int i = 0; i < EACH; i++) {
        char answer[2000];
        int fd = dial(port);
        static const char *const raws[] = {"GET /hello" CLOSING, "GET /sleep/1" CLOSING, "GET /blocks" CLOSING,
                                           "GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /sleep/1" CLOSING};
        if (fd < 0)
            continue;
        send_text(fd, raws[i % 4]);
        if (i % 8 == 7) { /* away without a word */
            struct linger hard = {1, 0};
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        } else if (receive_all(fd, answer, sizeof answer) > 0) {
            __atomic_add_fetch(&answered, 1, __ATOMIC_RELAXED);
        }
        close(fd);
    }
    return NULL;
}

static void *run_all(void *arg)
{
    gr_server *server = arg;
    int port = gr_server_port(server);
    pthread_t threads[CLIENTS];
    for (int i = 0; i < CLIENTS; i++)
        pthread_create(&threads[i], NULL, run_many, &port);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(threads[i], NULL);
    gr_server_stop(server);
    return NULL;
}

START_TEST(many_clients_of_many_kinds_are_served_and_nothing_is_left)
{
    set_up();
    for (int i = 0; i < CLIENTS * EACH; i++)
        uv_sem_post(&gate);
    gr_app *app = make_app();
    gr_server *server = start_on(NULL, app, &defaults);
    pthread_t thread;
    pthread_create(&thread, NULL, run_all, server);
    ck_assert_int_eq(gr_server_run(server), 0);
    pthread_join(thread, NULL);
    ck_assert_int_eq(answered, CLIENTS * (EACH - EACH / 8));
    gr_server_destroy(server);
    gr_app_destroy(app);
}
END_TEST

START_TEST(connections_over_the_limit_wait_until_one_ends)
{
    gr_limits limits;
    gr_limits_init(&limits);
    limits.connections = 2;
    gr_server_options options = {.size = sizeof options, .log_level = "off", .limits = &limits};
    gr_app *app = make_app();
    gr_server *server = start_on(NULL, app, &options);
    set_up();
    for (int i = 0; i < CLIENTS * EACH; i++)
        uv_sem_post(&gate);
    pthread_t thread;
    pthread_create(&thread, NULL, run_all, server);
    ck_assert_int_eq(gr_server_run(server), 0);
    pthread_join(thread, NULL);
    ck_assert_int_eq(answered, CLIENTS * (EACH - EACH / 8));
    gr_server_destroy(server);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_server_runs_on_a_loop_of_the_callers,
        a_server_runs_on_a_loop_of_its_own,
        two_servers_share_a_loop_and_an_application,
        a_server_may_be_stopped_before_it_runs_and_again_and_again,
        a_stop_lets_a_request_finish,
        a_stop_lets_a_blocking_request_finish,
        at_the_deadline_of_a_stop_requests_are_cancelled,
        a_stop_closes_idle_connections,
        a_taken_port_leaves_nothing_on_the_callers_loop,
        a_taken_port_leaves_nothing_on_a_loop_of_its_own,
        whatever_keeps_a_server_from_starting_leaves_nothing,
        a_half_closed_client_gets_a_large_reply_whole,
        a_refusal_reaches_a_client_that_goes_on_sending,
        many_clients_of_many_kinds_are_served_and_nothing_is_left,
        connections_over_the_limit_wait_until_one_ends,
        NULL,
    };
    return run_tests("embedding", tests, 30);
}
