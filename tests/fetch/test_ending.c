/* How requests end otherwise: cancelled, late, refused, cut off; and that nothing is left of them. */
#include <netdb.h>
#include <sys/wait.h>

#include "world.h"

static int entered, left; /* atomic */

static gr_reply sleep_long(gr_co co, gr_req *req)
{
    __atomic_add_fetch(&entered, 1, __ATOMIC_RELAXED);
    int rc = gr_sleep(co, 60000);
    __atomic_add_fetch(&left, 1, __ATOMIC_RELAXED);
    return gr_failed(req, rc);
}
GR_GET("/sleep", sleep_long, .deadline_ms = -1);

static gr_reply hello(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "hello");
}
GR_GET("/hello", hello);

static void open_world(void)
{
    site.app = gr_app_create("ending", "1");
    gr_app_add(site.app, &sleep_long_route, &hello_route);
}

static void wait_for(gr_co co, const int *counter, int n)
{
    while (__atomic_load_n(counter, __ATOMIC_RELAXED) < n)
        ck_assert_int_eq(gr_sleep(co, 1), 0);
}

/* Nobody is where `entered` was counted any more. */
static void wait_for_all_to_leave(gr_co co)
{
    wait_for(co, &left, __atomic_load_n(&entered, __ATOMIC_RELAXED));
}

/* --- a coroutine that does not wait any longer --- */

static int fetch_sleep(gr_co co, void *client)
{
    gr_response response;
    int rc = gr_fetch(co, client, GR_FETCH(.url = url("/sleep")), &response);
    ck_assert_str_eq(response.error, gr_strerror(rc));
    ck_assert_ptr_null(response.head);
    return rc;
}

CLIENT_TEST(a_cancelled_request_is_gone_at_once)
{
    gr_task *task;
    ck_assert_int_eq(gr_spawn(co, &task, fetch_sleep, client), 0);
    wait_for(co, &entered, 1);
    gr_cancel(task);
    ck_assert_int_eq(gr_join(co, task), GR_ECANCELED);
    wait_for(co, &left, 1);
    expect_get(co, client, "/hello", 200, "hello");
}

static int ignore_the_cancellation(gr_co co, void *client)
{
    ck_assert_int_eq(gr_sleep(co, 60000), GR_ECANCELED);
    return fetch_sleep(co, client);
}

CLIENT_TEST(a_cancelled_coroutine_sends_nothing)
{
    gr_task *task;
    ck_assert_int_eq(gr_spawn(co, &task, ignore_the_cancellation, client), 0);
    ck_assert_int_eq(gr_yield(co), 0);
    gr_cancel(task);
    ck_assert_int_eq(gr_join(co, task), GR_ECANCELED);
    expect_get(co, client, "/hello", 200, "hello");
    ck_assert_int_eq(entered, 0);
}

CLIENT_TEST(the_deadline_of_the_scope_ends_it)
{
    expect_failure(gr_within(co, 300), client, GR_FETCH(.url = url("/sleep")), GR_ETIMEDOUT, "deadline");
    wait_for_all_to_leave(co);
    expect_failure(gr_within(co, 0), client, GR_FETCH(.url = url("/hello")), GR_ETIMEDOUT, "deadline");
}

CLIENT_TEST(so_does_its_own_timeout)
{
    expect_failure(co, client, GR_FETCH(.url = url("/sleep"), .timeout_ms = 50), GR_ETIMEDOUT, "deadline");
    gr_client *hasty;
    ck_assert_int_eq(gr_client_create(&hasty, &(gr_client_options){.size = sizeof options, .timeout_ms = 50}), 0);
    expect_failure(co, hasty, GR_FETCH(.url = url("/sleep")), GR_ETIMEDOUT, "deadline");
    gr_client_destroy(hasty);
    wait_for_all_to_leave(co);
}

/* --- a name look-up that hangs --- */

static sem_t looked_up;

/* In place of the system's, for the one name; the others in these tests are numbers. */
__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                       const struct addrinfo *hints, struct addrinfo **result)
{
    (void)service, (void)hints, (void)result;
    if (strcmp(node, "hangs.test") == 0) {
        __atomic_add_fetch(&entered, 1, __ATOMIC_RELAXED);
        sem_wait(&looked_up);
        __atomic_add_fetch(&left, 1, __ATOMIC_RELAXED);
    }
    return EAI_NONAME;
}

CLIENT_TEST(a_name_look_up_that_hangs_holds_nobody)
{
    sem_init(&looked_up, 0, 0);
    expect_failure(co, client, GR_FETCH(.url = "http://hangs.test/", .timeout_ms = 100), GR_ETIMEDOUT, "deadline");
    expect_get(co, client, "/hello", 200, "hello");
    sem_post(&looked_up);
    wait_for_all_to_leave(co);
    ck_assert_int_eq(gr_sleep(co, 10), 0);
}

CLIENT_TEST(a_name_without_an_address_is_told)
{
    expect_failure(co, client, GR_FETCH(.url = "http://nowhere.test/"), -EHOSTUNREACH, "resolve host: nowhere.test");
}

/* --- a server that does not answer as it should --- */

static void expect_lie(gr_co co, gr_client *client, const char *says, int wanted, const char *why)
{
    struct liar liar;
    expect_failure(co, client, GR_FETCH(.url = begin_lying(&liar, says)), wanted, why);
    end_lying(&liar);
}

CLIENT_TEST(a_refused_connection_is_told)
{
    expect_failure(co, client, GR_FETCH(.url = "http://127.0.0.1:1/"), -ECONNREFUSED, "127.0.0.1 port 1");
}

CLIENT_TEST(an_answer_that_is_cut_is_none)
{
    expect_lie(co, client, "", -ECONNRESET, "Empty reply");
    expect_lie(co, client, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst", -ECONNRESET, "5 bytes remaining");
    expect_lie(co, client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n", -ECONNRESET, "");
}

CLIENT_TEST(what_is_not_http_is_none)
{
    expect_lie(co, client, "220 mail.example.com ESMTP\r\n", -EPROTO, "HTTP/0.9");
    expect_lie(co, client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfirst", -ECONNRESET, "");
}

CLIENT_TEST(a_head_without_end_is_refused)
{
    static char head[400000] = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 20; i++)
        snprintf(head + strlen(head), sizeof head - strlen(head), "X-%d: %019000d\r\n", i, 1);
    expect_lie(co, client, head, GR_EMSGSIZE, "head");
}

/* --- misuse --- */

static int fetch_elsewhere(gr_co co, void *client)
{
    expect_failure(co, client, GR_FETCH(.url = url("/hello")), GR_EINVAL, "another event loop");
    return 0;
}

static int run_elsewhere(void *client)
{
    return gr_run(fetch_elsewhere, client);
}

CLIENT_TEST(a_client_belongs_to_one_loop)
{
    expect_get(co, client, "/hello", 200, "hello");
    ck_assert_int_eq(gr_offload(co, run_elsewhere, client), 0);
}

/* What a process of its own says on standard error before it aborts. */
static void expect_abort(gr_task_fn *fn, const char *wanted)
{
    int fds[2], status;
    char said[4096];
    open_world();
    open_site(&site);
    ck_assert_int_eq(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDERR_FILENO);
        (void)!gr_run(fn, NULL);
        _exit(0);
    }
    close(fds[1]);
    size_t len = 0;
    for (ssize_t n; len < sizeof said - 1 && (n = read(fds[0], said + len, sizeof said - 1 - len)) > 0;)
        len += (size_t)n;
    said[len] = '\0';
    close(fds[0]);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    HAS(said, wanted);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    close_site(&site);
}

static int destroy_in_use(gr_co co, void *arg)
{
    gr_client *client;
    gr_response response;
    gr_fetch_stream *stream;
    (void)arg;
    ck_assert_int_eq(gr_client_create(&client, NULL), 0);
    ck_assert_int_eq(gr_fetch_open(co, client, GR_FETCH(.url = url("/hello")), &response, &stream), 0);
    gr_client_destroy(client);
    return 0;
}

/* gr_run() aborts where nothing is left that could wake a coroutine. */
static int wait_beside_an_idle_client(gr_co co, void *arg)
{
    gr_client *client;
    gr_event never = {0};
    (void)arg;
    ck_assert_int_eq(gr_client_create(&client, NULL), 0);
    expect_get(co, client, "/hello", 200, "hello");
    return gr_event_wait(co, &never);
}

START_TEST(a_client_in_use_is_not_destroyed)
{
    expect_abort(destroy_in_use, "gr_client_destroy() while 1 of its requests or streams are open");
}
END_TEST

START_TEST(an_idle_client_keeps_no_loop_alive)
{
    expect_abort(wait_beside_an_idle_client, "nothing is left that could wake it");
}
END_TEST

START_TEST(a_client_that_was_never_used_is_destroyed_without_a_loop)
{
    gr_client *client;
    gr_client_options all = {.size = sizeof all, .ca_file = "/x", .proxy = "", .user_agent = "me", .connections = 1};
    ck_assert_int_eq(gr_client_create(&client, NULL), 0);
    gr_client_destroy(client);
    ck_assert_int_eq(gr_client_create(&client, &all), 0);
    gr_client_destroy(client);
    gr_client_destroy(NULL);
}
END_TEST

int main(void)
{
    const test_list tests = {a_cancelled_request_is_gone_at_once,
                             a_cancelled_coroutine_sends_nothing,
                             the_deadline_of_the_scope_ends_it,
                             so_does_its_own_timeout,
                             a_name_look_up_that_hangs_holds_nobody,
                             a_name_without_an_address_is_told,
                             a_refused_connection_is_told,
                             an_answer_that_is_cut_is_none,
                             what_is_not_http_is_none,
                             a_head_without_end_is_refused,
                             a_client_belongs_to_one_loop,
                             a_client_in_use_is_not_destroyed,
                             an_idle_client_keeps_no_loop_alive,
                             a_client_that_was_never_used_is_destroyed_without_a_loop,
                             NULL};
    return run_tests("fetch ending", tests, 30);
}
