/* gr_main(): what it makes of the process that it is called in, again and again. */
#include <griddle.h>
#include <griddle/process.h>
#include <signal.h>
#include <sys/resource.h>

#include "unit/co_world.h"

static int serve(gr_app *app)
{
    char *argv[] = {(char[]){"program"}, (char[]){"--port"}, (char[]){"0"}, NULL};
    return gr_main(app, 3, argv);
}

static int serve_with_task(gr_task_fn *task)
{
    gr_app *app = gr_app_create("Main", "1.0");
    return gr_app_add_task(app, "task", task, NULL) == 0 ? serve(app) : 99;
}

static void assert_says(struct death death, const char *text)
{
    ck_assert_msg(WIFEXITED(death.status) && WEXITSTATUS(death.status) == 0, "wanted exit status 0, got %x: %s",
                  (unsigned)death.status, death.stderr_);
    ck_assert_msg(strstr(death.stderr_, text) != NULL, "wanted \"%s\" in: %s", text, death.stderr_);
}

/* Stops the program as an operator does. */
static int stop(gr_co co)
{
    raise(SIGTERM);
    int rc = gr_sleep(co, 60000);
    return rc == GR_ECANCELED ? 0 : rc;
}

/* --- standard streams that are closed --- */

static int say_where_they_lead(gr_co co, void *arg)
{
    char name[40], where[3][100] = {"", "", ""};
    (void)arg;
    for (int fd = 0; fd < 3; fd++) {
        sprintf(name, "/proc/self/fd/%d", fd);
        ssize_t ignored = readlink(name, where[fd], sizeof where[fd] - 1);
        (void)ignored;
    }
    dprintf(STDERR_FILENO, "in %s, out %s\n", where[0], where[1]);
    return stop(co);
}

static void serve_without_streams(void *arg)
{
    (void)arg;
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    _exit(serve_with_task(say_where_they_lead));
}

START_TEST(missing_standard_streams_are_dev_null)
{
    assert_says(run_apart(serve_without_streams, NULL), "in /dev/null, out /dev/null\n");
}
END_TEST

static void serve_without_any(void *arg)
{
    (void)arg;
    for (int fd = 0; fd < 3; fd++)
        close(fd);
    _exit(serve_with_task(say_where_they_lead));
}

START_TEST(without_any_it_ends_as_ever)
{
    struct death death = run_apart(serve_without_any, NULL);
    ck_assert_msg(WIFEXITED(death.status) && WEXITSTATUS(death.status) == 0, "got %x", (unsigned)death.status);
    ck_assert_str_eq(death.stderr_, "");
}
END_TEST

/* --- more than once --- */

static int say_and_stop(gr_co co, void *arg)
{
    (void)arg;
    int rc = gr_sleep(co, 20);
    dprintf(STDERR_FILENO, "it ran: %d\n", rc);
    return rc ? rc : stop(co);
}

static void serve_twice(void *arg)
{
    (void)arg;
    int status = serve_with_task(say_and_stop);
    dprintf(STDERR_FILENO, "between\n");
    _exit(status + serve_with_task(say_and_stop));
}

START_TEST(it_serves_again_after_a_stop)
{
    struct death death = run_apart(serve_twice, NULL);
    const char *between = strstr(death.stderr_, "between\n");
    assert_says(death, "it ran: 0\n");
    ck_assert_ptr_nonnull(between);
    ck_assert_msg(strstr(between, "it ran: 0\n") != NULL, "got: %s", death.stderr_);
}
END_TEST

static int run_with(const char *option)
{
    char name[] = "program", text[40];
    char *argv[] = {name, strcpy(text, option), NULL};
    return gr_main(gr_app_create("Main", "1.0"), 2, argv);
}

START_TEST(a_mistake_on_one_command_line_spoils_no_other)
{
    ck_assert_int_eq(run_with("-xyz"), 2);
    ck_assert_int_eq(run_with("--version"), 0);
    ck_assert_int_eq(run_with("--no-such"), 2);
    ck_assert_int_eq(run_with("--version"), 0);
}
END_TEST

/* --- descriptors --- */

enum { SOFT = 200, MANY = 300 };

static int run_child(gr_co co, const char *name, const gr_process_options *options)
{
    gr_process_result result;
    int rc = gr_process_run(co, options, NULL, 0, &result);
    dprintf(STDERR_FILENO, "%s: %d %d %s", name, rc, result.status.code, result.out ? result.out : "\n");
    gr_process_result_finish(&result);
    return rc;
}

#define SH_ULIMIT GR_ARGV("sh", "-c", "ulimit -Sn; ulimit -Sn >&2")

static int start_children(gr_co co, void *arg)
{
    struct rlimit limit;
    (void)arg;
    for (int i = 0; i < MANY; i++)
        if (fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) < 0)
            return -errno;
    getrlimit(RLIMIT_NOFILE, &limit);
    dprintf(STDERR_FILENO, "own limit raised: %d\n", limit.rlim_cur == limit.rlim_max);
    int rc = run_child(co, "piped", GR_PROCESS(.argv = SH_ULIMIT));
    rc = rc ? rc : run_child(co, "one", GR_PROCESS(.argv = SH_ULIMIT, .err = GR_STDIO_STDOUT));
    rc = rc ? rc : run_child(co, "null", GR_PROCESS(.argv = SH_ULIMIT, .out = GR_STDIO_NULL, .err = GR_STDIO_STDOUT));
    rc =
        rc ? rc
           : run_child(co, "inherited", GR_PROCESS(.argv = SH_ULIMIT, .out = GR_STDIO_INHERIT, .err = GR_STDIO_STDOUT));
    limit.rlim_cur = limit.rlim_max - 1;
    setrlimit(RLIMIT_NOFILE, &limit);
    dprintf(STDERR_FILENO, "its own is %lld\n", (long long)limit.rlim_cur);
    rc = rc ? rc : run_child(co, "meant", GR_PROCESS(.argv = SH_ULIMIT));
    return rc ? rc : stop(co);
}

static void serve_with_children(void *arg)
{
    struct rlimit limit;
    (void)arg;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = SOFT;
    limit.rlim_max = limit.rlim_max < 5000 ? limit.rlim_max : 5000;
    setrlimit(RLIMIT_NOFILE, &limit);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    _exit(serve_with_task(start_children));
}

START_TEST(children_have_the_limit_of_descriptors_that_the_program_was_started_with)
{
    struct death death = run_apart(serve_with_children, NULL);
    assert_says(death, "own limit raised: 1\n");
    assert_says(death, "piped: 0 0 200\n");
    assert_says(death, "one: 0 0 200\n200\n");
    assert_says(death, "null: 0 0 \n");
    assert_says(death, "200\n200\ninherited: 0 0 \n");
    assert_says(death, "meant: 0 0 4999\n");
}
END_TEST

/* --- the table of operations --- */

static gr_reply around(gr_co co, gr_req *req, gr_next *next)
{
    return gr_call_next(co, req, next);
}

static int database(gr_req *req, int *value)
{
    (void)req;
    *value = 1;
    return 0;
}
GR_DEPENDENCY(database, int);

static int settings(gr_app *app, int *value)
{
    (void)app;
    *value = 1;
    return 0;
}
GR_APP_DEPENDENCY(settings, int);

struct needy {
    int db, settings;
};
static GR_INPUT(needy, GR_NEEDS(db, database), GR_NEEDS(settings, settings));
static gr_reply needy(gr_req *req, const struct needy *in)
{
    (void)in;
    return gr_empty(req, 204);
}
GR_GET("/needy", needy);

static gr_reply plainly(gr_co co, gr_req *req)
{
    (void)co;
    return gr_empty(req, 204);
}
GR_POST("/plain", plainly);

static GR_ROUTER(inner, "/inner", .routes = GR_ROUTES(&needy_route), .host = "api.example.com",
                 .middleware = GR_MIDDLEWARES(GR_MIDDLEWARE(around)));
static GR_ROUTER(outer, "/outer", .routers = GR_ROUTERS(&inner_router));

static gr_app *app_of_all(void)
{
    gr_app *app = gr_app_create("Main", "1.0"), *mounted = gr_app_create("Mounted", "1.0");
    int rc = gr_app_include(app, &outer_router);
    rc = rc ? rc : gr_app_add(app, &plainly_route);
    rc = rc ? rc : gr_app_mount(app, "/admin", mounted);
    rc = rc ? rc : gr_app_add(mounted, &plainly_route);
    rc = rc ? rc : gr_app_set_openapi_url(app, NULL);
    rc = rc ? rc : gr_app_set_openapi_url(mounted, NULL);
    return rc ? NULL : app;
}

static void print_routes(void *arg)
{
    char *argv[] = {(char[]){"program"}, (char[]){"--routes"}, (char[]){"--root-path"}, (char[]){"/api"}, NULL};
    (void)arg;
    dup2(STDERR_FILENO, STDOUT_FILENO);
    _exit(gr_main(app_of_all(), 4, argv));
}

START_TEST(the_table_of_operations_says_what_is_around_each)
{
    struct death death = run_apart(print_routes, NULL);
    assert_says(death, "GET     /outer/inner/needy  blocking  outer:inner:needy  router outer > inner  host "
                       "api.example.com  needs database, settings  inside around\n"
                       "POST    /plain              async     plainly\n"
                       "POST    /admin/plain        async     admin:plainly      mounted at /admin\n");
}
END_TEST

static int stop_at_once(gr_co co, void *arg)
{
    (void)arg;
    return stop(co);
}

static void serve_all(void *arg)
{
    gr_app *app = app_of_all();
    (void)arg;
    _exit(gr_app_add_task(app, "task", stop_at_once, NULL) == 0 ? serve(app) : 99);
}

START_TEST(so_does_the_log_of_a_start)
{
    struct death death = run_apart(serve_all, NULL);
    assert_says(death, "router outer > inner  host api.example.com  needs database, settings  inside around\n");
    assert_says(death, "async     plainly\n");
}
END_TEST

static void print_document(void *arg)
{
    char *argv[] = {(char[]){"program"}, (char[]){"--openapi"}, (char[]){"--root-path=/api"}, NULL};
    gr_app *app = gr_app_create("Main", "1.0");
    (void)arg;
    dup2(STDERR_FILENO, STDOUT_FILENO);
    _exit(gr_main(app, 3, argv));
}

START_TEST(the_document_that_is_printed_has_the_root_path)
{
    assert_says(run_apart(print_document, NULL), "\"url\": \"/api\"");
}
END_TEST

static void print_with_a_wrong_option(void *arg)
{
    char *argv[] = {(char[]){"program"}, (char[]){"--routes"}, (char[]){"--root-path"}, (char[]){"api"}, NULL};
    (void)arg;
    _exit(gr_main(app_of_all(), 4, argv) == 2 ? 0 : 1);
}

START_TEST(a_root_path_that_is_none_is_refused)
{
    assert_says(run_apart(print_with_a_wrong_option, NULL),
                "program: --root-path: \"api\" is not a path that begins with '/', does not end with it");
}
END_TEST

int main(void)
{
    const test_list tests = {missing_standard_streams_are_dev_null,
                             without_any_it_ends_as_ever,
                             it_serves_again_after_a_stop,
                             a_mistake_on_one_command_line_spoils_no_other,
                             children_have_the_limit_of_descriptors_that_the_program_was_started_with,
                             the_table_of_operations_says_what_is_around_each,
                             so_does_the_log_of_a_start,
                             the_document_that_is_printed_has_the_root_path,
                             a_root_path_that_is_none_is_refused,
                             NULL};
    return run_tests("app main", tests, 30);
}
