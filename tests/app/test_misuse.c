/* Requests on threads that do not have them: the process ends, and says whose fault it was. */
#include <signal.h>
#include <sys/wait.h>

#include "serve.h"

static int uses_request(void *arg)
{
    return gr_header(arg, "host") ? 1 : 0;
}

static gr_reply offloads_its_request(gr_co co, gr_req *req)
{
    int rc = gr_offload(co, uses_request, req);
    return gr_failed(req, rc);
}
GR_GET("/offloads", offloads_its_request);

static gr_reply plain(gr_req *req)
{
    return gr_text(req, "x");
}
GR_GET("/plain", plain);

static void run(const char *raw)
{
    SERVE(&offloads_its_request_route, &plain_route);
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_send(conn, raw, strlen(raw));
}

static void expect_abort(const char *raw, const char *text)
{
    char err[8192] = "";
    int fds[2], status;
    ck_assert_int_eq(pipe(fds), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], 2);
        run(raw);
        _exit(0);
    }
    close(fds[1]);
    size_t len = 0;
    ssize_t n;
    while (len < sizeof err - 1 && (n = read(fds[0], err + len, sizeof err - 1 - len)) > 0)
        len += (size_t)n;
    close(fds[0]);
    waitpid(pid, &status, 0);
    ck_assert_msg(strstr(err, text) != NULL, "wanted \"%s\" in: %s", text, err);
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "wanted SIGABRT, got %x", (unsigned)status);
}

START_TEST(a_request_used_by_an_offloaded_job_aborts_and_names_the_operation)
{
    expect_abort("GET /offloads HTTP/1.1\r\nHost: a\r\n\r\n",
                 "griddle: the request of \"offloads_its_request\" was used");
}
END_TEST

static gr_reply calls_back(gr_co co, gr_req *req, gr_next *next)
{
    (void)co;
    return gr_call_next((gr_co){NULL, 0}, req, next);
}

static void run_bad_co(void)
{
    begin();
    gr_app_add(app, &plain_route);
    gr_use(app, calls_back);
    go();
    gr_test_conn *conn = gr_test_connect(test);
    static const char raw[] = "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";
    gr_test_send(conn, raw, sizeof raw - 1);
}

START_TEST(awaiting_with_a_right_that_was_made_up_aborts)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        run_bad_co();
        _exit(0);
    }
    int status;
    waitpid(pid, &status, 0);
    ck_assert_msg(WIFSIGNALED(status), "wanted a signal, got %x", (unsigned)status);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_request_used_by_an_offloaded_job_aborts_and_names_the_operation,
        awaiting_with_a_right_that_was_made_up_aborts,
        NULL,
    };
    return run_tests("misuse", tests, 20);
}
