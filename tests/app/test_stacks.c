/* What runs in a request's coroutine has the stack that its operation, or the server, asks for. */
#include <griddle/background.h>

#include "co/maps.h"
#include "co/task.h"
#include "old_kernel.h"
#include "sockets.h"

enum { MIB = 1 << 20, KIB = 1024, SANITIZED = GRI_SANITIZED ? 4 : 1 };

static size_t seen[8];
static int n_seen;

static void see(gr_co co)
{
    seen[n_seen++] = co.task->stacks->size;
}

/* Where that much is not there, the guard is hit. */
static int use(size_t bytes)
{
    volatile char *large = __builtin_alloca(bytes);
    large[0] = 1;
    return large[0];
}

static int task(gr_co co, void *arg)
{
    see(co);
    return arg || gr_yield(co) || !use(MIB / 2);
}

static void late(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg, (void)outcome;
    see(co);
    use(MIB / 2);
    ck_assert_int_eq(gr_yield(co), 0);
}

static int after(gr_co co, gr_req *req, void *arg)
{
    (void)req, (void)arg;
    see(co);
    use(MIB / 2);
    return gr_yield(co);
}

static gr_reply large(gr_co co, gr_req *req)
{
    gr_task *child;
    see(co);
    int rc = gr_spawn(co, &child, task, NULL);
    ck_assert_int_eq(rc, 0);
    rc = gr_join(co, child);
    ck_assert_int_eq(rc, 0);
    ck_assert_int_eq(gr_defer(req, late, NULL), 0);
    ck_assert_int_eq(gr_after(req, after, NULL), 0);
    rc = use(MIB / 2) ? gr_sleep(co, 10) : 0;
    return rc ? gr_failed(req, rc) : gr_text(req, "large");
}
GR_GET("/large", large, .stack_bytes = MIB - 1);

static gr_reply usual(gr_co co, gr_req *req)
{
    see(co);
    return gr_text(req, "usual");
}
GR_GET("/usual", usual);
GR_ROUTE_AS(less, "GET", "/less", usual, .stack_bytes = 32 * KIB);

static gr_reply on_a_thread(gr_req *req)
{
    return gr_text(req, use(MIB / 2) ? "thread" : "");
}
GR_GET("/thread", on_a_thread, .stack_bytes = MIB);

static gr_reply around(gr_co co, gr_req *req, gr_next *next)
{
    see(co);
    return gr_call_next(co, req, next);
}

static gr_test *serve_all(gr_app **out)
{
    MAKE_APP(app, &large_route, &usual_route, &less_route, &on_a_thread_route);
    ck_assert_int_eq(gr_use(app, around), 0);
    *out = app;
    return serve(app);
}

START_TEST(all_of_an_operation_has_the_stack_that_it_asks_for)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    check_get(test, "/large", 200, "large");
    gr_test_advance(test, 1000);
    ck_assert_int_eq(n_seen, 5);
    for (int i = 0; i < n_seen; i++)
        ck_assert_uint_eq(seen[i], (size_t)MIB * SANITIZED);
    end(test, app);
}
END_TEST

START_TEST(others_have_the_usual_one_and_never_less)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    check_get(test, "/usual", 200, "usual");
    check_get(test, "/less", 200, "usual");
    check_get(test, "/thread", 200, "thread");
    check_get(test, "/nowhere", 404, NULL);
    ck_assert_int_eq(n_seen, 6);
    for (int i = 0; i < n_seen; i++)
        ck_assert_uint_eq(seen[i], (size_t)(i == 4 ? MIB : 64 * KIB) * SANITIZED);
    end(test, app);
}
END_TEST

START_TEST(a_client_that_leaves_cancels_what_waits_there)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/large"));
    gr_test_reset(conn);
    ck_assert_int_eq(n_seen, 4); /* middleware, handler, task, and already the teardown */
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

static void check_refused_size(size_t bytes, const char *why)
{
    gr_route route = usual_route;
    route.options.stack_bytes = bytes;
    MAKE_APP(app, &route);
    char *text = refusal(app);
    HAS(text, why);
    free(text);
    gr_app_destroy(app);
}

START_TEST(a_size_that_cannot_be_is_refused_at_start_with_the_name_of_its_operation)
{
    check_refused_size(1, "usual: .stack_bytes = 1 is not from 32768 to 67108864 bytes");
    check_refused_size(32 * KIB - 1, "usual: .stack_bytes = 32767 is not");
    check_refused_size(64 * MIB + 1, "usual: .stack_bytes = 67108865 is not");
    check_refused_size(SIZE_MAX, "usual: .stack_bytes = 18446744073709551615 is not");
}
END_TEST

START_TEST(a_server_refuses_such_a_size_too)
{
    MAKE_APP(app, &usual_route);
    gr_server *server;
    const size_t sizes[] = {1, 32 * KIB - 1, 64 * MIB + 1};
    for (int i = 0; i < 3; i++) {
        begin_capture();
        gr_server_options options = {.size = sizeof options, .stack_bytes = sizes[i]};
        int rc = gr_server_start(&server, app, &options, NULL);
        char *text = end_capture();
        ck_assert_int_eq(rc, GR_EINVAL);
        HAS(text, "gr_server_options.stack_bytes: ");
        HAS(text, " is not from 32768 to 67108864 bytes");
        free(text);
    }
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_server_gives_each_coroutine_the_stack_that_its_options_say)
{
    struct site site = {.options.stack_bytes = 300 * KIB};
    gr_app *app;
    gr_test_destroy(serve_all(&app)); /* one application, served twice */
    site.app = app;
    open_site(&site);
    int fd = dial(&site);
    put(fd, GET("/usual"));
    HAS(take(fd), "usual");
    close(fd);
    close_site(&site);
    ck_assert_int_eq(n_seen, 2);
    ck_assert_uint_eq(seen[1], (size_t)512 * KIB * SANITIZED);
}
END_TEST

static gr_reply nap(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 1000);
    return rc ? gr_failed(req, rc) : gr_text(req, "rested");
}
GR_GET("/nap", nap);

START_TEST(where_maps_are_short_the_next_request_is_503_until_others_end_and_threads_start)
{
    enum { N = 60 };
    gr_test_conn *conns[N];
    MAKE_APP(app, &nap_route, &on_a_thread_route);
    ck_assert_int_eq(forbid_light_guards(), 0);
    gri_maps_set_limit(200);
    gr_test *test = serve(app);
    for (int i = 0; i < N; i++) {
        conns[i] = gr_test_connect(test);
        SEND(conns[i], GET("/nap"));
    }
    size_t running = gr_test_coroutines(test);
    ck_assert_uint_ge(running, 32);
    ck_assert_uint_lt(running, N);
    for (size_t i = 0; i < N; i++)
        if (i < running)
            ck_assert_str_eq(gr_test_received(conns[i], NULL), "");
        else
            HAS(gr_test_received(conns[i], NULL), "HTTP/1.1 503 ");
    gr_test_advance(test, 1000);
    HAS(gr_test_received(conns[running - 1], NULL), "rested");
    check_get(test, "/nap", 200, "rested");
    check_get(test, "/thread", 503, NULL); /* its own stack of 1 MiB would be one too many */
    for (int i = 0; i < N; i++)
        gr_test_conn_destroy(conns[i]);
    end(test, app);
}
END_TEST

int main(void)
{
    const test_list tests = {all_of_an_operation_has_the_stack_that_it_asks_for,
                             others_have_the_usual_one_and_never_less,
                             a_client_that_leaves_cancels_what_waits_there,
                             a_size_that_cannot_be_is_refused_at_start_with_the_name_of_its_operation,
                             a_server_refuses_such_a_size_too,
                             a_server_gives_each_coroutine_the_stack_that_its_options_say,
                             where_maps_are_short_the_next_request_is_503_until_others_end_and_threads_start,
                             NULL};
    return run_tests("stacks of operations", tests, 20);
}
