/* Background tasks of a request, and tasks of the application. */
#include <griddle/background.h>
#include <pthread.h>
#include <semaphore.h>

#include "app_test.h"
#include "rig.h"

static char trace[512]; /* of all requests */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void note(const char *what)
{
    pthread_mutex_lock(&lock);
    size_t len = strlen(trace);
    snprintf(trace + len, sizeof trace - len, "%s ", what);
    pthread_mutex_unlock(&lock);
}

static int send_mail(gr_co co, gr_req *req, void *arg)
{
    ck_assert_ptr_nonnull(gr_path(req));
    int rc = gr_sleep(co, 100);
    note(rc < 0 ? gr_cancel_reason(co) : arg);
    return rc;
}

static int write_log(gr_req *req, void *arg)
{
    ck_assert_ptr_nonnull(gr_path(req));
    note(arg);
    return 0;
}

static int fail_late(gr_co co, gr_req *req, void *arg)
{
    (void)co, (void)req, (void)arg;
    return GR_EIO;
}

static int fail_blocking(gr_req *req, void *arg)
{
    (void)req, (void)arg;
    return GR_EBUSY; /* its own, not the pool's: it is not tried again */
}

static void tear_down(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)outcome;
    note(arg);
}

static gr_reply order(gr_co co, gr_req *req)
{
    char *first = gr_printf(req, "mail:%s", gr_query(req, "to") ? gr_query(req, "to") : "nobody");
    int rc = gr_defer(req, tear_down, "teardown");
    rc = rc ? rc : gr_after(req, send_mail, first);
    rc = rc ? rc : gr_after(req, write_log, "log");
    rc = rc ? rc : gr_after(req, send_mail, "second");
    if (rc == 0 && gr_query(req, "ms"))
        rc = gr_sleep(co, atoi(gr_query(req, "ms")));
    if (rc == 0 && gr_query(req, "fail"))
        rc = gr_fail(req, 409, "no");
    return rc ? gr_failed(req, rc) : gr_with_status(gr_text(req, "taken"), gr_query(req, "refuse") ? 404 : 202);
}
GR_GET("/order", order);
GR_ROUTE_AS(order_anyway, "GET", "/order-anyway", order, .finish_if_abandoned = true);

static gr_reply order_blocking(gr_req *req)
{
    int rc = gr_after(req, write_log, "log");
    rc = rc ? rc : gr_after(req, send_mail, "mail");
    return rc ? gr_failed(req, rc) : gr_text(req, "taken");
}
GR_GET("/blocking", order_blocking);

static gr_reply failing(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_after(req, fail_late, NULL);
    rc = rc ? rc : gr_after(req, fail_blocking, NULL);
    rc = rc ? rc : gr_after(req, write_log, "after them");
    return rc ? gr_failed(req, rc) : gr_text(req, "taken");
}
GR_GET("/failing", failing);

static int write_line(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    return gr_write(co, writer, "line", 4);
}

static gr_reply streamed(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_after(req, write_log, "log");
    return rc ? gr_failed(req, rc) : gr_stream(req, "text/plain", write_line, NULL);
}
GR_GET("/streamed", streamed);

/* Looks at its request once more as it is cancelled, and takes a while for it. */
static int work_beside(gr_co co, void *arg)
{
    gr_req *req = arg;
    int rc = gr_sleep(co, INT64_MAX);
    json_t *json;
    note(gr_body_json(req, &json) == 0 && json_is_array(json) ? "child" : "child without its request");
    return rc;
}

static gr_reply leaves_a_child(gr_co co, gr_req *req)
{
    gr_task *task;
    json_t *json;
    int rc = gr_defer(req, tear_down, "teardown");
    rc = rc ? rc : gr_after(req, write_log, "log");
    rc = rc ? rc : gr_body_json(req, &json);
    rc = rc ? rc : gr_spawn(co, &task, work_beside, req);
    return rc ? gr_failed(req, rc) : gr_text(req, "taken");
}
GR_POST("/leaves-a-child", leaves_a_child);

static void record_late(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)co, (void)outcome;
    int rc = gr_after(req, write_log, arg);
    note(rc == GR_EINVAL ? "refused" : "recorded");
}

static gr_reply records_late(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, record_late, "late");
    return rc ? gr_failed(req, rc) : gr_text(req, "taken");
}
GR_GET("/records-late", records_late);

static gr_app *make_app(void)
{
    gr_app *app = gr_app_create("tests", "1");
    trace[0] = '\0';
    ck_assert_int_eq(gr_app_add(app, &order_route, &order_anyway_route, &order_blocking_route, &failing_route,
                                &streamed_route, &leaves_a_child_route, &records_late_route),
                     0);
    return app;
}

static gr_app *app;
static gr_test *test;

static void begin(void)
{
    app = make_app();
    test = serve(app);
}

#define ALL "mail:nobody log second teardown "

START_TEST(background_tasks_run_in_order_after_the_reply_and_before_the_teardowns)
{
    begin();
    check_get(test, "/order?to=ann", 202, "taken");
    ck_assert_str_eq(trace, "");
    gr_test_advance(test, 100);
    ck_assert_str_eq(trace, "mail:ann log ");
    gr_test_advance(test, 100);
    ck_assert_str_eq(trace, "mail:ann log second teardown ");
    end(test, app);
}
END_TEST

START_TEST(a_blocking_handler_may_record_both_kinds)
{
    begin();
    check_get(test, "/blocking", 200, "taken");
    gr_test_advance(test, 100);
    ck_assert_str_eq(trace, "log mail ");
    end(test, app);
}
END_TEST

START_TEST(a_streamed_reply_has_background_tasks_too)
{
    begin();
    check_get(test, "/streamed", 200, "line");
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "log ");
    end(test, app);
}
END_TEST

START_TEST(a_child_that_was_not_joined_ends_before_the_reply_and_has_its_request_until_then)
{
    begin();
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, "POST /leaves-a-child HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
               "Content-Length: 2\r\n\r\n[]");
    gr_answer *answer = gr_test_next_answer(conn, false);
    check_answer(answer, 200, "taken");
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "child log teardown ");
    end(test, app);
}
END_TEST

START_TEST(a_teardown_is_too_late_for_a_background_task)
{
    begin();
    check_get(test, "/records-late", 200, "taken");
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "refused ");
    end(test, app);
}
END_TEST

START_TEST(the_connection_serves_its_next_request_meanwhile)
{
    begin();
    gr_test_conn *conn = gr_test_connect(test);
    for (int i = 0; i < 3; i++) {
        SEND(conn, GET("/order"));
        gr_answer *answer = gr_test_next_answer(conn, false);
        check_answer(answer, 202, "taken");
        gr_answer_free(answer);
    }
    ck_assert_uint_eq(gr_test_coroutines(test), 3);
    ck_assert_int_eq(gr_test_now_ms(test), 0);
    gr_test_conn_destroy(conn);
    gr_test_advance(test, 200);
    ck_assert_uint_eq(strlen(trace), 3 * strlen(ALL));
    end(test, app);
}
END_TEST

START_TEST(a_reply_that_waits_for_its_reader_holds_them_back)
{
    begin();
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_set_window(conn, 10);
    SEND(conn, GET("/blocking"));
    gr_test_advance(test, 5);
    ck_assert_str_eq(trace, "");
    gr_test_set_window(conn, SIZE_MAX);
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "log ");
    gr_test_conn_destroy(conn);
    gr_test_advance(test, 100);
    end(test, app);
}
END_TEST

START_TEST(a_failure_is_logged_with_both_names_and_the_next_one_runs)
{
    begin();
    begin_capture();
    check_get(test, "/failing", 200, "taken");
    gr_test_advance(test, 0);
    char *text = end_capture();
    HAS(text, "ERROR:    operation \"failing\": background task \"fail_late\" failed: -5 (input or output failed)");
    HAS(text, "operation \"failing\": background task \"fail_blocking\" failed: -16");
    ck_assert_str_eq(trace, "after them ");
    free(text);
    end(test, app);
}
END_TEST

START_TEST(a_reply_that_gr_failed_made_has_none_and_an_error_that_was_returned_has)
{
    begin();
    check_get(test, "/order?fail=1", 409, NULL);
    gr_test_advance(test, 1000);
    ck_assert_str_eq(trace, "teardown ");
    trace[0] = '\0';
    check_get(test, "/order?refuse=1", 404, "taken");
    gr_test_advance(test, 1000);
    ck_assert_str_eq(trace, ALL);
    end(test, app);
}
END_TEST

START_TEST(a_client_that_leaves_before_the_reply_has_none_and_after_it_changes_nothing)
{
    begin();
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/order?ms=50"));
    gr_test_reset(conn);
    gr_test_advance(test, 1000);
    ck_assert_str_eq(trace, "teardown ");
    gr_test_conn_destroy(conn);

    trace[0] = '\0';
    conn = gr_test_connect(test);
    SEND(conn, GET("/order"));
    gr_test_reset(conn);
    gr_test_advance(test, 1000);
    ck_assert_str_eq(trace, ALL);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(a_reply_that_was_made_for_a_client_that_has_left_has_its_tasks)
{
    begin();
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/order-anyway?ms=50"));
    gr_test_send_fin(conn);
    gr_test_advance(test, 1000);
    ck_assert_str_eq(trace, ALL);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(a_client_that_does_not_take_its_reply_has_the_tasks_none_the_less)
{
    begin();
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_set_window(conn, 10);
    SEND(conn, GET("/order"));
    gr_test_reset(conn);
    gr_test_advance(test, 1000);
    ck_assert_str_eq(trace, ALL);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

/* --- the stop --- */

START_TEST(a_stop_waits_for_them)
{
    struct rig *rig = rig_begin(make_app(), 1, 1);
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/order");
    rig_expect(client, "202 Accepted");
    gri_engine_stop(&rig->engine);
    rig_settle(rig);
    ck_assert(rig_is_closed(client) && !rig->engine.closing);
    gri_sched_advance(&rig->engine.sched, 100);
    rig_wait(rig);
    gri_sched_advance(&rig->engine.sched, 100);
    rig_wait(rig);
    ck_assert_str_eq(trace, ALL);
    gri_memory_destroy(client);
    rig_end(rig);
}
END_TEST

START_TEST(its_deadline_cancels_the_one_that_runs_and_drops_the_others)
{
    struct rig *rig = rig_begin(make_app(), 1, 1);
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/order");
    gri_engine_stop(&rig->engine);
    rig_settle(rig);
    begin_capture();
    gri_engine_cancel(&rig->engine);
    rig_wait(rig);
    char *text = end_capture();
    HAS(text, "background task \"send_mail\" failed: -125 (cancelled)");
    HAS(text, "operation \"order\": background task \"write_log\" dropped: the server stops");
    ck_assert_str_eq(trace, "the server stops teardown ");
    free(text);
    gri_memory_destroy(client);
    rig_end(rig);
}
END_TEST

/* --- a full pool --- */

static sem_t entered, gate;

static gr_reply hold(gr_req *req)
{
    sem_post(&entered);
    sem_wait(&gate);
    return gr_text(req, "held");
}
GR_GET("/hold", hold);

static gr_reply after_pool(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_after(req, write_log, "log");
    return rc ? gr_failed(req, rc) : gr_text(req, "taken");
}
GR_GET("/after-pool", after_pool);

START_TEST(a_blocking_one_waits_for_a_place_in_the_pool)
{
    sem_init(&entered, 0, 0);
    sem_init(&gate, 0, 0);
    app = make_app();
    ck_assert_int_eq(gr_app_add(app, &hold_route, &after_pool_route), 0);
    struct rig *rig = rig_begin(app, 1, 1);
    struct gri_memory *clients[3];
    for (int i = 0; i < 3; i++)
        clients[i] = rig_connect(rig);
    rig_get(rig, clients[0], "/hold");
    sem_wait(&entered);
    rig_get(rig, clients[1], "/hold");
    rig_get(rig, clients[2], "/after-pool");
    rig_expect(clients[2], "taken");
    gri_sched_advance(&rig->engine.sched, 100);
    ck_assert_str_eq(trace, "");
    sem_post(&gate);
    sem_post(&gate);
    rig_wait(rig);
    gri_sched_advance(&rig->engine.sched, 10);
    rig_wait(rig);
    ck_assert_str_eq(trace, "log ");
    for (int i = 0; i < 3; i++)
        gri_memory_destroy(clients[i]);
    rig_end(rig);
}
END_TEST

/* --- tasks of the application --- */

static int poll_device(gr_co co, void *arg)
{
    note(arg);
    int rc;
    while ((rc = gr_sleep(co, 10)) == 0)
        note("poll");
    note(gr_cancel_reason(co));
    return rc;
}

static int end_early(gr_co co, void *arg)
{
    (void)co, (void)arg;
    return GR_EIO;
}

static int started(gr_app *started_app, void *state)
{
    (void)started_app, (void)state;
    note("hook");
    return 0;
}

static void stopped(gr_app *stopped_app, void *state)
{
    (void)stopped_app, (void)state;
    note("stopped");
}

START_TEST(a_task_of_the_application_lives_from_the_start_hooks_to_the_stop_hooks)
{
    app = make_app();
    ck_assert_int_eq(gr_app_add_task(app, "device", poll_device, "begin"), 0);
    ck_assert_int_eq(gr_app_on(app, started, stopped), 0);
    test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    ck_assert_str_eq(trace, "hook begin ");
    gr_test_advance(test, 20);
    ck_assert_str_eq(trace, "hook begin poll poll ");
    gr_test_destroy(test);
    ck_assert_str_eq(trace, "hook begin poll poll the server stops stopped ");
    gr_app_destroy(app);
}
END_TEST

START_TEST(it_outlives_the_last_request)
{
    app = make_app();
    ck_assert_int_eq(gr_app_add_task(app, "device", poll_device, "begin"), 0);
    struct rig *rig = rig_begin(app, 1, 1);
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/order?ms=25");
    gri_engine_stop(&rig->engine);
    gri_sched_advance(&rig->engine.sched, 24);
    ck_assert_str_eq(trace, "begin poll poll ");
    gri_sched_advance(&rig->engine.sched, 1);
    rig_expect(client, "taken");
    ck_assert_ptr_null(strstr(trace, "the server stops"));
    rig_fin(rig, client);
    gri_sched_advance(&rig->engine.sched, 100);
    rig_wait(rig);
    gri_sched_advance(&rig->engine.sched, 100);
    rig_wait(rig);
    ck_assert_ptr_nonnull(strstr(trace, "teardown the server stops"));
    gri_memory_destroy(client);
    rig_end(rig);
}
END_TEST

START_TEST(one_that_fails_is_logged_and_the_server_goes_on)
{
    app = make_app();
    ck_assert_int_eq(gr_app_add_task(app, "broken", end_early, NULL), 0);
    begin_capture();
    test = serve(app);
    char *text = end_capture();
    HAS(text, "ERROR:    task \"broken\" of the application failed: -5 (input or output failed)");
    free(text);
    check_get(test, "/blocking", 200, "taken");
    gr_test_advance(test, 100);
    end(test, app);
}
END_TEST

int main(void)
{
    const test_list tests = {background_tasks_run_in_order_after_the_reply_and_before_the_teardowns,
                             a_blocking_handler_may_record_both_kinds,
                             a_streamed_reply_has_background_tasks_too,
                             a_child_that_was_not_joined_ends_before_the_reply_and_has_its_request_until_then,
                             a_teardown_is_too_late_for_a_background_task,
                             the_connection_serves_its_next_request_meanwhile,
                             a_reply_that_waits_for_its_reader_holds_them_back,
                             a_failure_is_logged_with_both_names_and_the_next_one_runs,
                             a_reply_that_gr_failed_made_has_none_and_an_error_that_was_returned_has,
                             a_client_that_leaves_before_the_reply_has_none_and_after_it_changes_nothing,
                             a_reply_that_was_made_for_a_client_that_has_left_has_its_tasks,
                             a_client_that_does_not_take_its_reply_has_the_tasks_none_the_less,
                             a_stop_waits_for_them,
                             its_deadline_cancels_the_one_that_runs_and_drops_the_others,
                             a_blocking_one_waits_for_a_place_in_the_pool,
                             a_task_of_the_application_lives_from_the_start_hooks_to_the_stop_hooks,
                             it_outlives_the_last_request,
                             one_that_fails_is_logged_and_the_server_goes_on,
                             NULL};
    return run_tests("background", tests, 20);
}
