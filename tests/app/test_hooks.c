/* Start and stop hooks: in their order, async and blocking, and what becomes of one that fails or does not end. */
#include "app_test.h"

#include <griddle/server.h>
#include <griddle/sync.h>
#include <signal.h>
#include <sys/wait.h>
#include <uv.h>

static char order[400];

static void note(const char *what)
{
    strncat(order, what, sizeof order - strlen(order) - 1);
}

static gr_reply plain(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "plain");
}
GR_GET("/", plain);

static int connect_db(gr_co co, gr_app *app, void *state)
{
    ck_assert_str_eq(state, "state");
    ck_assert_str_eq(gr_app_title(app), "tests");
    note("[connect");
    int rc = gr_sleep(co, 3600 * 1000);
    note(rc ? " was cancelled]" : "]");
    return rc;
}

static void close_db(gr_co co, gr_app *app, void *state)
{
    (void)app;
    ck_assert_str_eq(state, "state");
    note("(close");
    note(gr_sleep(co, 1000) ? " was cancelled)" : ")");
}

static int load(gr_app *app, void *state)
{
    (void)app, (void)state;
    note("[load]");
    return 0;
}

static void unload(gr_app *app, void *state)
{
    (void)app, (void)state;
    note("(unload)");
}

static int job(void *arg)
{
    return *(int *)arg;
}

static int warm_up(gr_co co, gr_app *app, void *state)
{
    int seven = 7;
    (void)app, (void)state;
    int rc = gr_offload(co, job, &seven);
    note(rc == 7 ? "[warm]" : "[cold]");
    return 0;
}

static gr_app *with_hooks(void)
{
    MAKE_APP(app, &plain_route);
    order[0] = '\0';
    ck_assert_int_eq(gr_app_set_state(app, "state"), 0);
    ck_assert_int_eq(gr_app_on_start(app, connect_db), 0);
    ck_assert_int_eq(gr_app_on_stop(app, close_db), 0);
    ck_assert_int_eq(gr_app_on_start(app, load), 0);
    ck_assert_int_eq(gr_app_on_stop(app, unload), 0);
    return app;
}

/* --- in their order --- */

START_TEST(hooks_of_both_kinds_run_in_order_and_in_reverse)
{
    gr_app *app = with_hooks();
    ck_assert_int_eq(gr_app_on_start(app, warm_up), 0);
    gr_test *test = serve(app);
    ck_assert_str_eq(order, "[connect][load][warm]");
    ck_assert_int_eq(gr_test_now_ms(test) % (3600 * 1000), 0);
    check_get(test, "/", 200, "plain");
    end(test, app);
    ck_assert_str_eq(order, "[connect][load][warm](unload)(close)");
}
END_TEST

START_TEST(an_application_is_served_again_with_its_hooks)
{
    gr_app *app = with_hooks();
    gr_test_destroy(serve(app));
    gr_test_destroy(serve(app));
    ck_assert_str_eq(order, "[connect][load](unload)(close)[connect][load](unload)(close)");
    gr_app_destroy(app);
}
END_TEST

static int child(gr_co co, void *arg)
{
    (void)arg;
    int rc = gr_sleep(co, 100);
    note(rc ? "{child cancelled}" : "{child}");
    return rc;
}

static int leaves_a_child(gr_co co, gr_app *app, void *state)
{
    (void)app, (void)state;
    gr_task *task;
    int rc = gr_spawn(co, &task, child, NULL);
    return rc ? rc : gr_sleep(co, 10);
}

START_TEST(what_a_hook_has_spawned_ends_with_it)
{
    MAKE_APP(app, &plain_route);
    order[0] = '\0';
    ck_assert_int_eq(gr_app_on_start(app, leaves_a_child), 0);
    ck_assert_int_eq(gr_app_on_start(app, load), 0);
    gr_test *test = serve(app);
    ck_assert_str_eq(order, "{child cancelled}[load]");
    end(test, app);
}
END_TEST

/* --- one that fails --- */

static bool refused;

static int refuse(gr_co co, gr_app *app, void *state)
{
    (void)state;
    int rc = gr_sleep(co, 10);
    if (rc || !refused)
        return rc;
    rc = gr_app_fail(app, "no connection to %s", "db.example");
    ck_assert_int_eq(rc, GR_EIO);
    ck_assert_int_eq(gr_app_fail(app, "a second reason"), GR_EIO);
    return rc;
}

static int refuse_blocking(gr_app *app, void *state)
{
    (void)app, (void)state;
    return GR_EPIPE;
}

START_TEST(one_that_fails_is_named_with_its_reason_and_the_others_stop)
{
    gr_app *app = with_hooks();
    ck_assert_int_eq(gr_app_on_start(app, refuse), 0);
    ck_assert_int_eq(gr_app_on_stop(app, unload), 0);
    refused = true;
    char *text = refusal(app);
    HAS(text, "start hook \"refuse\" failed: no connection to db.example\n");
    LACKS(text, "second");
    ck_assert_str_eq(order, "[connect][load](unload)(close)");
    free(text);
    refused = false;
    gr_test_destroy(serve(app));
    gr_app_destroy(app);
}
END_TEST

START_TEST(the_reason_of_an_earlier_start_is_forgotten)
{
    MAKE_APP(app, &plain_route);
    refused = true;
    ck_assert_int_eq(gr_app_on_start(app, refuse), 0);
    ck_assert_int_eq(gr_app_on_start(app, refuse_blocking), 0);
    free(refusal(app));
    refused = false;
    char *text = refusal(app);
    HAS(text, "start hook \"refuse_blocking\" failed: -32 (the other side is gone)\n");
    LACKS(text, "db.example");
    free(text);
    gr_app_destroy(app);
    ck_assert_int_eq(gr_app_fail(NULL, "nothing"), GR_ENOMEM);
}
END_TEST

START_TEST(one_without_a_name_is_counted)
{
    MAKE_APP(app, &plain_route);
    ck_assert_int_eq(gr_app_on(app, load, unload), 0);
    ck_assert_int_eq(gr_app_on(app, refuse_blocking, unload), 0);
    order[0] = '\0';
    char *text = refusal(app);
    HAS(text, "start hook 2 of the application failed: -32");
    ck_assert_str_eq(order, "[load](unload)");
    free(text);
    gr_app_destroy(app);
}
END_TEST

/* --- one that does not end --- */

static int wait_for_ever(gr_co co, gr_app *app, void *state)
{
    gr_event event = {0};
    (void)app, (void)state;
    note("[waits");
    int rc = gr_event_wait(co, &event);
    note(rc == GR_ECANCELED ? ", cancelled]" : "]");
    return 0;
}

START_TEST(a_start_that_nothing_can_end_is_no_start)
{
    gr_app *app = with_hooks();
    ck_assert_int_eq(gr_app_on_start(app, wait_for_ever), 0);
    char *text = refusal(app);
    HAS(text, "start hook \"wait_for_ever\" does not end: it waits for event");
    ck_assert_str_eq(order, "[connect][load][waits, cancelled](unload)(close)");
    free(text);
    gr_app_destroy(app);
}
END_TEST

static void close_slowly(gr_co co, gr_app *app, void *state)
{
    (void)app, (void)state;
    note(gr_sleep(co, (int64_t)48 * 3600 * 1000) ? "(slowly, cancelled)" : "(slowly)");
}

START_TEST(a_stop_hook_has_until_the_deadline_and_those_left_begin_cancelled)
{
    gr_app *app = with_hooks();
    ck_assert_int_eq(gr_app_on_stop(app, close_slowly), 0);
    gr_test *test = serve(app);
    order[0] = '\0';
    begin_capture();
    end(test, app);
    char *text = end_capture();
    ck_assert_str_eq(order, "(slowly, cancelled)(unload)(close was cancelled)");
    HAS(text, "cancelled at the stop's deadline: \"close_slowly\", which waits for sleep");
    free(text);
}
END_TEST

/* --- a server --- */

static int start_soon(gr_co co, gr_app *app, void *state)
{
    (void)app, (void)state;
    int rc = gr_sleep(co, 5);
    note(rc ? "[soon was cancelled]" : "[soon]");
    return rc;
}

static void stop_soon(gr_co co, gr_app *app, void *state)
{
    (void)app, (void)state;
    note(gr_sleep(co, 5) ? "(soon was cancelled)" : "(soon)");
}

static gr_app *soon_app(void)
{
    MAKE_APP(app, &plain_route);
    order[0] = '\0';
    ck_assert_int_eq(gr_app_on_start(app, start_soon), 0);
    ck_assert_int_eq(gr_app_on_stop(app, stop_soon), 0);
    ck_assert_int_eq(gr_app_on_start(app, warm_up), 0);
    return app;
}

static const gr_server_options any_port = {.size = sizeof any_port, .port = 0};

START_TEST(a_server_starts_when_its_hooks_have_ended)
{
    gr_app *app = soon_app();
    gr_server *server;
    ck_assert_int_eq(gr_server_start(&server, app, &any_port, NULL), 0);
    ck_assert_str_eq(order, "[soon][warm]");
    ck_assert_int_gt(gr_server_port(server), 0);
    gr_server_stop(server);
    ck_assert_int_eq(gr_server_run(server), 0);
    ck_assert_str_eq(order, "[soon][warm](soon)");
    gr_server_destroy(server);
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_server_runs_the_loop_that_it_is_given_until_then)
{
    gr_app *app = soon_app();
    gr_server *server;
    uv_loop_t loop;
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_int_eq(gr_server_start(&server, app, &any_port, &loop), 0);
    ck_assert_str_eq(order, "[soon][warm]");
    gr_server_stop(server);
    while (!gr_server_stopped(server))
        uv_run(&loop, UV_RUN_ONCE);
    ck_assert_str_eq(order, "[soon][warm](soon)");
    gr_server_destroy(server);
    gr_app_destroy(app);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
}
END_TEST

START_TEST(a_server_whose_hook_fails_stops_the_others_and_leaves_nothing)
{
    gr_server *server;
    uv_loop_t loop;
    for (int own = 0; own < 2; own++) {
        gr_app *app = soon_app();
        ck_assert_int_eq(gr_app_on_start(app, refuse), 0);
        ck_assert_int_eq(uv_loop_init(&loop), 0);
        refused = true;
        begin_capture();
        ck_assert_int_eq(gr_server_start(&server, app, &any_port, own ? NULL : &loop), GR_EIO);
        uv_run(&loop, UV_RUN_DEFAULT);
        char *text = end_capture();
        HAS(text, "start hook \"refuse\" failed: no connection to db.example");
        ck_assert_str_eq(order, "[soon][warm](soon)");
        free(text);
        ck_assert_int_eq(uv_loop_close(&loop), 0);
        gr_app_destroy(app);
    }
}
END_TEST

START_TEST(a_stop_hook_after_a_failed_start_has_its_deadline)
{
    const gr_server_options options = {.size = sizeof options, .port = 0, .stop_timeout_ms = 20};
    gr_server *server;
    MAKE_APP(app, &plain_route);
    order[0] = '\0';
    ck_assert_int_eq(gr_app_on_stop(app, close_slowly), 0);
    ck_assert_int_eq(gr_app_on_start(app, refuse_blocking), 0);
    begin_capture();
    ck_assert_int_eq(gr_server_start(&server, app, &options, NULL), GR_EPIPE);
    free(end_capture());
    ck_assert_str_eq(order, "(slowly, cancelled)");
    gr_app_destroy(app);
}
END_TEST

/* --- gr_main() --- */

static int told_fd;

static int start_and_tell(gr_co co, gr_app *app, void *state)
{
    (void)app, (void)state;
    if (write(told_fd, "+", 1) != 1)
        return GR_EIO;
    int rc = gr_sleep(co, 60000);
    if (write(told_fd, rc == GR_ECANCELED ? "c" : "?", 1) != 1)
        return GR_EIO;
    return rc;
}

static void stop_and_tell(gr_co co, gr_app *app, void *state)
{
    (void)app, (void)state;
    if (gr_sleep(co, 1) == 0 && write(told_fd, "-", 1) != 1)
        abort();
}

static int main_of_child(gr_async_start_fn *start)
{
    char program[] = "program", port[] = "--port=0";
    char *argv[] = {program, port, NULL};
    gr_app *app = gr_app_create("child", "1");
    int rc = gr_app_add(app, &plain_route);
    rc = rc ? rc : gr_app_on_stop(app, stop_and_tell);
    rc = rc ? rc : gr_app_on_start_async(app, "start", start);
    return rc ? 99 : gr_main(app, 2, argv);
}

/* The exit status of gr_main(), which is sent SIGTERM when it has told that it starts. */
static int exit_status(gr_async_start_fn *start, bool is_signalled, char told[8])
{
    int fds[2], status;
    ck_assert_int_eq(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        told_fd = fds[1];
        close(fds[0]);
        _exit(main_of_child(start));
    }
    close(fds[1]);
    memset(told, 0, 8);
    if (is_signalled) {
        ck_assert_int_eq(read(fds[0], told, 1), 1);
        ck_assert_int_eq(kill(pid, SIGTERM), 0);
    }
    for (ssize_t n; (n = read(fds[0], told + strlen(told), 7 - strlen(told))) > 0;)
        continue;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    close(fds[0]);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

START_TEST(a_signal_while_a_start_hook_awaits_cancels_it_and_ends_cleanly)
{
    char told[8];
    begin_capture();
    int status = exit_status(start_and_tell, true, told);
    char *text = end_capture();
    ck_assert_msg(status == 0, "%d: %s", status, text);
    ck_assert_str_eq(told, "+c-");
    LACKS(text, "failed");
    free(text);
}
END_TEST

START_TEST(a_start_hook_that_fails_ends_the_program_with_its_message)
{
    char told[8];
    refused = true;
    begin_capture();
    int status = exit_status(refuse, false, told);
    char *text = end_capture();
    ck_assert_int_eq(status, 1);
    ck_assert_str_eq(told, "-");
    HAS(text, "start hook \"start\" failed: no connection to db.example\n");
    HAS(text, "program: the application did not start\n");
    LACKS(text, "mistakes");
    free(text);
}
END_TEST

int main(void)
{
    return run_tests(
        "app hooks",
        (test_list){hooks_of_both_kinds_run_in_order_and_in_reverse, an_application_is_served_again_with_its_hooks,
                    what_a_hook_has_spawned_ends_with_it, one_that_fails_is_named_with_its_reason_and_the_others_stop,
                    the_reason_of_an_earlier_start_is_forgotten, one_without_a_name_is_counted,
                    a_start_that_nothing_can_end_is_no_start,
                    a_stop_hook_has_until_the_deadline_and_those_left_begin_cancelled,
                    a_server_starts_when_its_hooks_have_ended, a_server_runs_the_loop_that_it_is_given_until_then,
                    a_server_whose_hook_fails_stops_the_others_and_leaves_nothing,
                    a_stop_hook_after_a_failed_start_has_its_deadline,
                    a_signal_while_a_start_hook_awaits_cancels_it_and_ends_cleanly,
                    a_start_hook_that_fails_ends_the_program_with_its_message, NULL},
        10);
}
