#include "sockets.h"

static sem_t entered, gate;
static int end_of_wait;
static char order[64];

static gr_reply hello(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "hello");
}
GR_GET("/hello", hello);

static gr_reply wait_a_while(gr_co co, gr_req *req)
{
    const char *ms = gr_query(req, "ms");
    sem_post(&entered);
    end_of_wait = gr_sleep(co, ms ? atoi(ms) : 300);
    return end_of_wait ? gr_failed(req, end_of_wait) : gr_text(req, "waited");
}
GR_GET("/wait", wait_a_while, .deadline_ms = -1);

static gr_reply block(gr_req *req)
{
    sem_post(&entered);
    sem_wait(&gate);
    return gr_text(req, "through");
}
GR_GET("/block", block, .deadline_ms = -1);

static gr_reply address(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %d", gr_client_host(req), gr_client_port(req)));
}
GR_GET("/address", address);

static int on_start(gr_app *app, void *state)
{
    (void)app, (void)state;
    strcat(order, "start ");
    return 0;
}

static void on_stop(gr_app *app, void *state)
{
    (void)app, (void)state;
    strcat(order, "stop ");
}

static gr_reply blocks_1500_ms(gr_req *req)
{
    sem_post(&entered);
    usleep(1500000);
    return gr_text(req, "late");
}
GR_GET("/block-1500-ms", blocks_1500_ms);

static gr_app *make_app(void)
{
    sem_init(&entered, 0, 0);
    sem_init(&gate, 0, 0);
    MAKE_APP(app, &hello_route, &wait_a_while_route, &block_route, &blocks_1500_ms_route, &address_route);
    ck_assert_int_eq(gr_app_on(app, on_start, on_stop), 0);
    return app;
}

static struct site site;

static void begin(bool own_loop)
{
    site.app = make_app();
    site.own_loop = own_loop;
    site.options.log_level = "error";
    open_site(&site);
}

START_TEST(a_server_runs_on_a_loop_of_the_callers)
{
    begin(false);
    int fd = dial(&site);
    put(fd, GET("/hello"));
    HAS(take(fd), "hello");
    put(fd, GET("/hello"));
    HAS(take(fd), "hello");
    close(fd);
    close_site(&site);
    ck_assert_str_eq(order, "start stop ");
}
END_TEST

START_TEST(a_server_runs_on_its_own_loop)
{
    begin(true);
    int fd = dial(&site);
    put(fd, GET("/hello"));
    HAS(take(fd), "hello");
    close(fd);
    close_site(&site);
    ck_assert_int_eq(site.rc, 0);
}
END_TEST

START_TEST(a_client_has_its_address_and_port)
{
    begin(false);
    int fd = dial(&site);
    struct sockaddr_in name;
    socklen_t size = sizeof name;
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&name, &size), 0);
    char wanted[40];
    snprintf(wanted, sizeof wanted, "\r\n\r\n127.0.0.1 %d", ntohs(name.sin_port));
    put(fd, GET("/address"));
    HAS(take(fd), wanted);
    close(fd);
    close_site(&site);
}
END_TEST

START_TEST(idle_connections_are_closed_by_a_stop)
{
    begin(false);
    int fd = dial(&site);
    put(fd, GET("/hello"));
    HAS(take(fd), "hello");
    close_site(&site);
    check_end(fd);
}
END_TEST

START_TEST(a_server_that_stops_accepts_no_more)
{
    begin(false);
    int fd = dial(&site);
    put(fd, GET("/wait?ms=400"));
    sem_wait(&entered);
    gr_server_stop(site.server);
    int late = -1;
    for (int i = 0; i < 50 && (late = dial_port(site.port)) >= 0; i++) {
        close(late);
        usleep(2000);
    }
    ck_assert_int_eq(late, -1);
    HAS(take(fd), "waited");
    close(fd);
    join_site(&site);
}
END_TEST

START_TEST(requests_in_flight_are_finished_by_a_stop)
{
    begin(false);
    int fd = dial(&site), other = dial(&site);
    put(fd, GET("/wait"));
    put(other, GET("/block"));
    sem_wait(&entered);
    sem_wait(&entered);
    gr_server_stop(site.server);
    usleep(20000);
    sem_post(&gate);
    HAS(take(other), "through");
    HAS(take(fd), "waited");
    check_end(fd);
    check_end(other);
    join_site(&site);
    ck_assert_int_eq(end_of_wait, 0);
}
END_TEST

START_TEST(the_last_answer_before_a_stop_says_close)
{
    begin(false);
    int fd = dial(&site);
    put(fd, GET("/wait"));
    sem_wait(&entered);
    gr_server_stop(site.server);
    ck_assert_ptr_nonnull(strcasestr(take(fd), "\r\nconnection: close\r\n"));
    close(fd);
    join_site(&site);
}
END_TEST

START_TEST(the_deadline_of_a_stop_cancels_what_runs)
{
    site.options.stop_timeout_ms = 100;
    begin(false);
    int fd = dial(&site);
    put(fd, GET("/wait?ms=600000"));
    sem_wait(&entered);
    int64_t begin_ms = now_ms();
    close_site(&site);
    ck_assert_int_ge(now_ms() - begin_ms, 95);
    ck_assert_int_lt(now_ms() - begin_ms, 3000);
    check_end(fd);
    ck_assert_int_eq(end_of_wait, GR_ECANCELED);
    ck_assert_str_eq(order, "start stop ");
}
END_TEST

START_TEST(a_stop_that_may_take_for_ever_cancels_nothing)
{
    site.options.stop_timeout_ms = INT64_MAX;
    begin(false);
    int fd = dial(&site);
    put(fd, GET("/wait?ms=200"));
    sem_wait(&entered);
    gr_server_stop(site.server);
    HAS(take(fd), "waited");
    close(fd);
    join_site(&site);
}
END_TEST

START_TEST(a_blocking_function_that_does_not_end_makes_the_run_time_out)
{
    site.options.stop_timeout_ms = 50;
    begin(true);
    int fd = dial(&site);
    put(fd, GET("/block"));
    sem_wait(&entered);
    gr_server_stop(site.server);
    ck_assert_int_eq(pthread_join(site.thread, NULL), 0);
    ck_assert_int_eq(site.rc, GR_ETIMEDOUT);
    ck_assert(!gr_server_stopped(site.server));
    close(fd);
}
END_TEST

START_TEST(a_loop_of_the_callers_is_not_stopped_for_a_blocking_function)
{
    site.options.stop_timeout_ms = 50;
    begin(false);
    int fd = dial(&site);
    put(fd, GET("/block-1500-ms"));
    sem_wait(&entered);
    gr_server_stop(site.server);
    join_site(&site); /* which sees that the loop ended by itself */
    close(fd);
}
END_TEST

START_TEST(a_stop_may_be_asked_for_again_and_again)
{
    begin(false);
    int fd = dial(&site);
    put(fd, GET("/wait"));
    sem_wait(&entered);
    for (int i = 0; i < 100; i++)
        gr_server_stop(site.server);
    HAS(take(fd), "waited");
    close(fd);
    join_site(&site);
}
END_TEST

START_TEST(a_server_that_never_had_a_client_stops)
{
    begin(false);
    close_site(&site);
    ck_assert_str_eq(order, "start stop ");
}
END_TEST

/* --- failures to start --- */

static gr_server *no_server(void)
{
    return (gr_server *)(uintptr_t)1;
}

START_TEST(a_taken_port_is_an_error_and_leaves_nothing_on_the_loop)
{
    begin(false);
    gr_app *app = make_app();
    gr_server_options options = {.size = sizeof options, .port = site.port};
    gr_server *server = no_server();
    uv_loop_t loop;
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_int_eq(gr_server_start(&server, app, &options, &loop), UV_EADDRINUSE);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    gr_app_destroy(app);
    close_site(&site);
    ck_assert_str_eq(order, "start start stop stop ");
}
END_TEST

START_TEST(a_taken_port_is_an_error_on_a_loop_of_the_servers_own)
{
    begin(false);
    gr_app *app = make_app();
    gr_server_options options = {.size = sizeof options, .port = site.port};
    gr_server *server = no_server();
    ck_assert_int_eq(gr_server_start(&server, app, &options, NULL), UV_EADDRINUSE);
    gr_app_destroy(app);
    close_site(&site);
}
END_TEST

START_TEST(an_address_that_is_none_is_an_error)
{
    static const char *const hosts[] = {"no.such.host.", "999.1.1.1", "", "192.0.2.1"};
    gr_app *app = make_app();
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        gr_server_options options = {.size = sizeof options, .host = hosts[i]};
        gr_server *server = no_server();
        ck_assert_int_lt(gr_server_start(&server, app, &options, NULL), 0);
    }
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_mistake_in_the_application_is_an_error_and_leaves_nothing)
{
    gr_route route = hello_route;
    route.path = "no-slash";
    MAKE_APP(app, &route);
    gr_server_options options = {.size = sizeof options};
    gr_server *server = no_server();
    uv_loop_t loop;
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    begin_capture();
    int rc = gr_server_start(&server, app, &options, &loop), own = gr_server_start(&server, app, &options, NULL);
    char *text = end_capture();
    ck_assert_int_eq(rc, GR_EINVAL);
    ck_assert_int_eq(own, GR_EINVAL);
    HAS(text, "hello: the path \"no-slash\"");
    free(text);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    gr_app_destroy(app);
}
END_TEST

START_TEST(no_application_is_out_of_memory)
{
    gr_server *server = no_server();
    ck_assert_int_eq(gr_server_start(&server, NULL, NULL, NULL), GR_ENOMEM);
}
END_TEST

START_TEST(options_of_another_size_are_refused)
{
    gr_app *app = make_app();
    gr_limits limits;
    gr_limits_init(&limits);
    limits.size--;
    gr_server_options no_size = {.size = 0}, bad_limits = {.size = sizeof bad_limits, .limits = &limits};
    gr_server *server = no_server();
    ck_assert_int_eq(gr_server_start(&server, app, &no_size, NULL), GR_EINVAL);
    ck_assert_int_eq(gr_server_start(&server, app, &bad_limits, NULL), GR_EINVAL);
    gr_app_destroy(app);
}
END_TEST

static int refuse_start(gr_app *app, void *state)
{
    (void)app, (void)state;
    return GR_EIO;
}

START_TEST(a_start_hook_that_fails_stops_the_start_with_its_code)
{
    gr_app *app = make_app();
    ck_assert_int_eq(gr_app_on(app, refuse_start, on_stop), 0);
    gr_server_options options = {.size = sizeof options};
    gr_server *server = no_server();
    ck_assert_int_eq(gr_server_start(&server, app, &options, NULL), GR_EIO);
    ck_assert_str_eq(order, "start stop ");
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_port_that_is_none_is_an_error)
{
    uv_loop_t loop;
    gr_server *server;
    gr_app *app = make_app();
    gr_server_options options = {.size = sizeof options, .port = 65536 + 8000};
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_int_eq(gr_server_start(&server, app, &options, &loop), GR_EINVAL);
    options.port = -1;
    ck_assert_int_eq(gr_server_start(&server, app, &options, &loop), GR_EINVAL);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    gr_app_destroy(app);
}
END_TEST

START_TEST(two_servers_serve_one_application_on_one_loop)
{
    gr_app *app = make_app();
    gr_server *one, *other;
    uv_loop_t loop;
    gr_server_options options = {.size = sizeof options};
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_int_eq(gr_server_start(&one, app, &options, &loop), 0);
    ck_assert_int_eq(gr_server_start(&other, app, &options, &loop), 0);
    ck_assert_int_ne(gr_server_port(one), gr_server_port(other));
    gr_server_stop(one);
    gr_server_stop(other);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert(gr_server_stopped(one) && gr_server_stopped(other));
    gr_server_destroy(one);
    gr_server_destroy(other);
    gr_server_destroy(NULL);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests("app embedding",
                     (test_list){a_server_runs_on_a_loop_of_the_callers,
                                 a_server_runs_on_its_own_loop,
                                 a_client_has_its_address_and_port,
                                 idle_connections_are_closed_by_a_stop,
                                 a_server_that_stops_accepts_no_more,
                                 requests_in_flight_are_finished_by_a_stop,
                                 the_last_answer_before_a_stop_says_close,
                                 the_deadline_of_a_stop_cancels_what_runs,
                                 a_stop_that_may_take_for_ever_cancels_nothing,
                                 a_blocking_function_that_does_not_end_makes_the_run_time_out,
                                 a_loop_of_the_callers_is_not_stopped_for_a_blocking_function,
                                 a_stop_may_be_asked_for_again_and_again,
                                 a_server_that_never_had_a_client_stops,
                                 a_taken_port_is_an_error_and_leaves_nothing_on_the_loop,
                                 a_taken_port_is_an_error_on_a_loop_of_the_servers_own,
                                 an_address_that_is_none_is_an_error,
                                 a_mistake_in_the_application_is_an_error_and_leaves_nothing,
                                 no_application_is_out_of_memory,
                                 options_of_another_size_are_refused,
                                 a_start_hook_that_fails_stops_the_start_with_its_code,
                                 a_port_that_is_none_is_an_error,
                                 two_servers_serve_one_application_on_one_loop,
                                 NULL},
                     20);
}
