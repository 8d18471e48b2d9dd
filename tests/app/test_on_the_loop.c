/* docs/lifetimes.md, running on the loop, over real sockets: what comes meanwhile is seen only afterwards. The handler
 * holds the loop until the test has done what it is about. */
#include "sockets.h"

static sem_t entered, gate;
static _Atomic int calls, torn_down, told, rc_of_await;

static void tear_down(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)co, (void)req, (void)arg;
    told = (int)outcome;
    torn_down++;
}

static void hold_the_loop(void)
{
    calls++;
    sem_post(&entered);
    sem_wait(&gate);
}

static gr_reply run(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, tear_down, NULL);
    hold_the_loop();
    return rc ? gr_failed(req, rc) : gr_text(req, "through");
}
GR_GET("/run", run);

/* More than a socket takes of a client that does not read. */
static gr_reply run_large(gr_co co, gr_req *req)
{
    static char bytes[8 << 20];
    (void)co;
    int rc = gr_defer(req, tear_down, NULL);
    hold_the_loop();
    return rc ? gr_failed(req, rc) : gr_content(req, "text/plain", bytes, sizeof bytes);
}
GR_GET("/run-large", run_large);

static gr_reply run_and_await(gr_co co, gr_req *req)
{
    int rc = gr_defer(req, tear_down, NULL);
    hold_the_loop();
    rc_of_await = gr_sleep(co, 600000);
    return rc ? gr_failed(req, rc) : gr_failed(req, rc_of_await);
}
GR_GET("/run-and-await", run_and_await);

/* Its deadline passes while it runs. */
static gr_reply run_late(gr_co co, gr_req *req)
{
    int64_t began_ms = gr_now_ms(co);
    while (gr_now_ms(co) < began_ms + 10)
        continue;
    return gr_text(req, "late");
}
GR_GET("/run-late", run_late, .deadline_ms = 1);

static gr_reply run_late_and_await(gr_co co, gr_req *req)
{
    int64_t began_ms = gr_now_ms(co);
    while (gr_now_ms(co) < began_ms + 10)
        continue;
    rc_of_await = gr_sleep(co, 600000);
    return gr_failed(req, rc_of_await);
}
GR_GET("/run-late-and-await", run_late_and_await, .deadline_ms = 1);

static struct site site;

static void begin(void)
{
    sem_init(&entered, 0, 0);
    sem_init(&gate, 0, 0);
    site = (struct site){.app = gr_app_create("Loop", "1")};
    site.options.log_level = "off";
    gr_app_add(site.app, &run_route, &run_large_route, &run_and_await_route, &run_late_route,
               &run_late_and_await_route);
    open_site(&site);
}

static int ask(const char *target)
{
    char request[100];
    int fd = dial(&site);
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target);
    put(fd, request);
    return fd;
}

static int ask_and_enter(const char *target)
{
    int fd = ask(target);
    sem_wait(&entered);
    return fd;
}

static void expect_torn_down(gr_outcome outcome)
{
    ck_assert_int_eq(calls, 1);
    ck_assert_int_eq(torn_down, 1);
    ck_assert_int_eq(told, (int)outcome);
}

START_TEST(a_fin_while_it_runs_does_not_lose_the_reply)
{
    begin();
    int fd = ask_and_enter("/run");
    shutdown(fd, SHUT_WR);
    sem_post(&gate);
    HAS(take(fd), "through");
    check_end(fd);
    close_site(&site);
    expect_torn_down(GR_ANSWERED);
}
END_TEST

START_TEST(a_fin_while_it_runs_cancels_its_next_await)
{
    begin();
    int fd = ask_and_enter("/run-and-await");
    shutdown(fd, SHUT_WR);
    sem_post(&gate);
    check_end(fd);
    close_site(&site);
    ck_assert_int_eq(rc_of_await, GR_ECANCELED);
    expect_torn_down(GR_ABANDONED);
}
END_TEST

START_TEST(a_reset_while_it_runs_drops_the_reply)
{
    begin();
    reset(ask_and_enter("/run-large"));
    sem_post(&gate);
    close_site(&site);
    expect_torn_down(GR_ABANDONED);
}
END_TEST

START_TEST(a_reset_while_it_runs_cancels_its_next_await)
{
    begin();
    reset(ask_and_enter("/run-and-await"));
    sem_post(&gate);
    close_site(&site);
    ck_assert_int_eq(rc_of_await, GR_ECANCELED);
    expect_torn_down(GR_ABANDONED);
}
END_TEST

START_TEST(a_reply_made_without_an_await_has_no_deadline)
{
    begin();
    int fd = ask("/run-late");
    HAS(take(fd), "late");
    close(fd);
    close_site(&site);
}
END_TEST

START_TEST(a_deadline_that_passed_while_it_ran_ends_its_next_await)
{
    begin();
    int fd = ask("/run-late-and-await");
    HAS(take(fd), "HTTP/1.1 504 ");
    close(fd);
    close_site(&site);
    ck_assert_int_eq(rc_of_await, GR_ECANCELED);
}
END_TEST

START_TEST(a_stop_while_it_runs_waits_and_answers)
{
    begin();
    int fd = ask_and_enter("/run");
    gr_server_stop(site.server);
    sem_post(&gate);
    HAS(take(fd), "through");
    check_end(fd);
    join_site(&site);
    expect_torn_down(GR_ANSWERED);
}
END_TEST

int main(void)
{
    const test_list tests = {
        a_fin_while_it_runs_does_not_lose_the_reply,   a_fin_while_it_runs_cancels_its_next_await,
        a_reset_while_it_runs_drops_the_reply,         a_reset_while_it_runs_cancels_its_next_await,
        a_reply_made_without_an_await_has_no_deadline, a_deadline_that_passed_while_it_ran_ends_its_next_await,
        a_stop_while_it_runs_waits_and_answers,        NULL};
    return run_tests("on the loop", tests, 30);
}
