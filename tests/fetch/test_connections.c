/* Connections: used again, many at once, limited; and a client in the handlers of a server. */
#include "world.h"

enum { MANY = 200 };

static int connections_seen[1 << 16]; /* by the port of the client's side: atomic */
static int inside, peak, left;        /* handlers: atomic */

static gr_reply hello(gr_co co, gr_req *req)
{
    (void)co;
    __atomic_store_n(&connections_seen[gr_client_port(req)], 1, __ATOMIC_RELAXED);
    return gr_text(req, "hello");
}
GR_GET("/hello", hello);

/* 100 ms, and on until as many as the query says were here at once. */
static gr_reply gather_here(gr_co co, gr_req *req)
{
    int wanted = atoi(gr_query(req, "n")), now = __atomic_add_fetch(&inside, 1, __ATOMIC_RELAXED);
    if (now > peak)
        peak = now;
    __atomic_store_n(&connections_seen[gr_client_port(req)], 1, __ATOMIC_RELAXED);
    int rc = gr_sleep(co, 100);
    while (rc == 0 && peak < wanted)
        rc = gr_sleep(co, 1);
    __atomic_sub_fetch(&inside, 1, __ATOMIC_RELAXED);
    return rc ? gr_failed(req, rc) : gr_text(req, "all here");
}
GR_GET("/gather", gather_here, .deadline_ms = -1);

static gr_reply sleep_long(gr_co co, gr_req *req)
{
    __atomic_add_fetch(&inside, 1, __ATOMIC_RELAXED);
    int rc = gr_sleep(co, 60000);
    __atomic_add_fetch(&left, 1, __ATOMIC_RELAXED);
    return gr_failed(req, rc);
}
GR_GET("/sleep", sleep_long, .deadline_ms = -1);

static gr_reply length(gr_co co, gr_req *req)
{
    size_t len = 0, sum = 0;
    const char *data;
    int rc;
    while ((rc = gr_read(co, req, &data, &len)) == 0 && len > 0)
        sum += len;
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", sum));
}
GR_POST("/length", length, .stream_body = true);

static void open_world(void)
{
    site.app = gr_app_create("connections", "1");
    gr_app_add(site.app, &hello_route, &gather_here_route, &sleep_long_route, &length_route);
}

static int count_connections(void)
{
    int n = 0;
    for (size_t i = 0; i < sizeof connections_seen / sizeof *connections_seen; i++)
        n += __atomic_load_n(&connections_seen[i], __ATOMIC_RELAXED);
    return n;
}

/* --- used again, many, limited --- */

CLIENT_TEST(one_connection_carries_what_comes_in_turn)
{
    for (int i = 0; i < 100; i++)
        expect_get(co, client, "/hello", 200, "hello");
    ck_assert_int_eq(count_connections(), 1);
}

CLIENT_TEST(a_client_of_the_call_alone_has_a_connection_of_its_own)
{
    expect_get(co, client, "/hello", 200, "hello");
    expect_get(co, NULL, "/hello", 200, "hello");
    ck_assert_int_eq(count_connections(), 2);
}

struct visit {
    gr_client *client;
    const char *target;
};

static int visit(gr_co co, void *arg)
{
    const struct visit *self = arg;
    gr_response response;
    int rc = gr_fetch(co, self->client, GR_FETCH(.url = self->target), &response);
    ck_assert_msg(rc == 0 && response.status == 200, "%d %s", rc, response.error);
    gr_response_finish(&response);
    return 0;
}

static void visit_at_once(gr_co co, gr_client *client, int n, int wanted)
{
    char target[100];
    gr_job jobs[MANY];
    snprintf(target, sizeof target, "http://127.0.0.1:%d/gather?n=%d", site.port, wanted);
    struct visit self = {client, target};
    for (int i = 0; i < n; i++)
        jobs[i] = (gr_job){visit, &self};
    ck_assert_int_eq(gr_gather_n(co, jobs, (size_t)n), 0);
}

CLIENT_TEST(many_requests_wait_at_the_same_time)
{
    int64_t before = gr_now_ms(co);
    visit_at_once(co, client, MANY, MANY);
    printf("%d requests that take 100 ms each took %lld ms\n", MANY, (long long)(gr_now_ms(co) - before));
    ck_assert_int_eq(peak, MANY);
}

static void limit_them(void)
{
    options.host_connections = 4;
    options.connect_timeout_ms = 150; /* of one's turn, not of the wait for it */
}

static void four_at_a_time(gr_co co, gr_client *client)
{
    visit_at_once(co, client, 20, 4);
    ck_assert_int_eq(peak, 4);
    ck_assert_int_eq(count_connections(), 4);
}

START_TEST(a_limit_lets_the_others_wait_for_their_turn)
{
    limit_them();
    run_client(four_at_a_time);
}
END_TEST

static void few_are_kept(gr_co co, gr_client *client)
{
    visit_at_once(co, client, 8, 8);
    memset(connections_seen, 0, sizeof connections_seen);
    peak = 0;
    visit_at_once(co, client, 8, 8);
    ck_assert_int_eq(peak, 8);
}

START_TEST(connections_beyond_what_is_kept_are_made_anew)
{
    options.idle_connections = 2;
    run_client(few_are_kept);
}
END_TEST

/* --- proxies --- */

CLIENT_TEST(a_proxy_is_taken_from_the_environment_or_the_options)
{
    struct liar proxy;
    gr_client *direct;
    gr_client_options no_proxy = {.size = sizeof no_proxy, .proxy = ""};
    setenv("http_proxy", begin_lying(&proxy, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nproxied"), 1);
    expect_get(co, client, "/hello", 200, "proxied");
    ck_assert_int_eq(gr_client_create(&direct, &no_proxy), 0);
    expect_get(co, direct, "/hello", 200, "hello");
    gr_client_destroy(direct);
    end_lying(&proxy);
}

/* --- in a server's handlers --- */

struct front {
    gr_client *client;
    struct site site;
};

static struct front front;

static int start_front(gr_app *app, void *state)
{
    (void)app;
    return gr_client_create(&((struct front *)state)->client, NULL);
}

static void stop_front(gr_app *app, void *state)
{
    (void)app;
    gr_client_destroy(((struct front *)state)->client);
}

static gr_reply both(gr_co co, gr_req *req)
{
    struct visit self = {((struct front *)gr_state(req))->client, gr_printf(req, "%s", url("/gather?n=2"))};
    int rc = gr_gather(co, {visit, &self}, {visit, &self});
    return rc ? gr_failed(req, rc) : gr_text(req, "both");
}
GR_GET("/both", both);

static gr_reply pass(gr_co co, gr_req *req)
{
    gr_response response;
    int rc =
        gr_fetch(co, ((struct front *)gr_state(req))->client, GR_FETCH(.url = url(gr_query(req, "to"))), &response);
    if (rc < 0)
        return gr_failed(req, rc);
    gr_reply reply = gr_with_status(gr_text(req, response.body), response.status);
    gr_response_finish(&response);
    return reply;
}
GR_GET("/pass", pass, .deadline_ms = -1);

static int pull_request(gr_co co, void *arg, const char **data, size_t *len)
{
    return gr_read(co, arg, data, len);
}

static gr_reply pass_up(gr_co co, gr_req *req)
{
    gr_response response;
    int rc = gr_fetch(co, ((struct front *)gr_state(req))->client,
                      GR_FETCH(.url = url("/length"), .pull = pull_request, .pull_arg = req), &response);
    if (rc != 0)
        return gr_failed(req, rc);
    gr_reply reply = gr_text(req, response.body);
    gr_response_finish(&response);
    return reply;
}
GR_POST("/up", pass_up, .stream_body = true, .max_body_bytes = 10);

static void open_both(bool own_loop)
{
    signal(SIGPIPE, SIG_IGN);
    forget_proxies();
    open_world();
    open_site(&site);
    front.site.own_loop = own_loop;
    front.site.options.log_level = "off";
    front.site.options.stop_timeout_ms = 100;
    front.site.app = gr_app_create("front", "1");
    gr_app_add(front.site.app, &both_route, &pass_route, &pass_up_route);
    gr_app_set_state(front.site.app, &front);
    gr_app_on(front.site.app, start_front, stop_front);
    open_site(&front.site);
}

static void close_both(void)
{
    close_site(&front.site);
    close_site(&site);
    ck_assert_int_eq(front.site.rc, 0);
}

/* libuv's first loop opens what the process keeps. */
static void have_had_a_loop(void)
{
    uv_loop_t loop;
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
}

static void serve_and_stop(bool own_loop)
{
    have_had_a_loop();
    size_t before = open_descriptors();
    open_both(own_loop);
    int fd = dial(&front.site);
    put(fd, GET("/both"));
    HAS(take(fd), "\r\n\r\nboth");
    put(fd, GET("/pass?to=/hello"));
    HAS(take(fd), "\r\n\r\nhello");
    close(fd);
    close_both();
    ck_assert_int_eq(peak, 2);
    ck_assert_int_eq(count_connections(), 2);
    expect_descriptors(before);
}

START_TEST(handlers_share_a_client_that_the_start_hook_made)
{
    serve_and_stop(true);
}
END_TEST

START_TEST(so_do_those_on_a_loop_of_the_callers)
{
    serve_and_stop(false);
}
END_TEST

static void wait_for(const int *counter, int n)
{
    for (int i = 0; i < 10000 && __atomic_load_n(counter, __ATOMIC_RELAXED) < n; i++)
        usleep(1000);
    ck_assert_int_ge(__atomic_load_n(counter, __ATOMIC_RELAXED), n);
}

START_TEST(a_client_that_leaves_cancels_what_its_handler_fetches)
{
    open_both(true);
    int fd = dial(&front.site);
    put(fd, GET("/pass?to=/sleep"));
    wait_for(&inside, 1);
    close(fd);
    wait_for(&left, 1);
    close_both();
}
END_TEST

START_TEST(a_stop_at_its_deadline_cancels_what_handlers_fetch)
{
    open_both(true);
    int fd = dial(&front.site);
    put(fd, GET("/pass?to=/sleep"));
    wait_for(&inside, 1);
    close_site(&front.site);
    wait_for(&left, 1);
    check_end(fd);
    close_site(&site);
    ck_assert_int_eq(front.site.rc, 0);
}
END_TEST

START_TEST(a_body_is_passed_on_as_it_comes)
{
    open_both(true);
    int fd = dial(&front.site);
    put(fd, "POST /up HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
    put(fd, "4\r\n two\r\n0\r\n\r\n");
    HAS(take(fd), "\r\n\r\n7");
    put(fd, "POST /up HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nabove 10 by\r\n0\r\n\r\n");
    HAS(take(fd), "HTTP/1.1 413 ");
    close(fd);
    close_both();
}
END_TEST

/* As griddle/fetch.h says: nobody waits for a socket where time is virtual. */
START_TEST(under_a_virtual_clock_a_request_is_late)
{
    open_both(true);
    gr_app *app = gr_app_create("virtual", "1");
    gr_app_add(app, &pass_route);
    struct front other = {0};
    gr_app_set_state(app, &other);
    gr_app_on(app, start_front, stop_front);
    gr_test *test = serve(app);
    check_get(test, "/pass?to=/sleep", 504, NULL);
    end(test, app);
    close_both();
}
END_TEST

int main(void)
{
    const test_list tests = {one_connection_carries_what_comes_in_turn,
                             a_client_of_the_call_alone_has_a_connection_of_its_own,
                             many_requests_wait_at_the_same_time,
                             a_limit_lets_the_others_wait_for_their_turn,
                             connections_beyond_what_is_kept_are_made_anew,
                             a_proxy_is_taken_from_the_environment_or_the_options,
                             handlers_share_a_client_that_the_start_hook_made,
                             so_do_those_on_a_loop_of_the_callers,
                             a_client_that_leaves_cancels_what_its_handler_fetches,
                             a_stop_at_its_deadline_cancels_what_handlers_fetch,
                             a_body_is_passed_on_as_it_comes,
                             under_a_virtual_clock_a_request_is_late,
                             NULL};
    return run_tests("fetch connections", tests, 30);
}
