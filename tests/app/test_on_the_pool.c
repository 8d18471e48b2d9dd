/* docs/lifetimes.md, what concerns the pool, over real sockets: what FIN, RST, a deadline and a stop do while a request
 * is queued, on a thread, in a teardown, or outlives its deadline there. */
#include <griddle/thread.h>

#include "sockets.h"

static sem_t entered, gate;
static _Atomic int calls, cancelled, torn_down, told;

static gr_reply wait_at_gate(gr_req *req)
{
    calls++;
    sem_post(&entered);
    sem_wait(&gate);
    return gr_text(req, "through");
}
GR_GET("/gate", wait_at_gate);
GR_ROUTE_AS(gate_late, "GET", "/gate-late", wait_at_gate, .deadline_ms = 100);

static gr_reply wait_for_cancel(gr_req *req)
{
    calls++;
    sem_post(&entered);
    while (!gr_job_cancelled())
        usleep(1000);
    cancelled++;
    return gr_text(req, "nobody reads this");
}
GR_GET("/cancel", wait_for_cancel);
GR_ROUTE_AS(cancel_late, "GET", "/cancel-late", wait_for_cancel, .deadline_ms = 100);

/* What the request itself says, whatever the reason. */
static gr_reply wait_until_unwanted(gr_req *req)
{
    calls++;
    sem_post(&entered);
    while (!gr_is_cancelled(req))
        usleep(1000);
    cancelled++;
    return gr_text(req, "late");
}
GR_GET("/unwanted", wait_until_unwanted);
GR_ROUTE_AS(unwanted_late, "GET", "/unwanted-late", wait_until_unwanted, .deadline_ms = 100);

static gr_reply plain(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "plain");
}
GR_GET("/plain", plain);

static void tear_down(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg;
    sem_post(&entered);
    sem_wait(&gate);
    told = (int)outcome;
    torn_down++;
}

static gr_reply background(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, tear_down, NULL);
    return rc ? gr_failed(req, rc) : gr_text(req, "answered");
}
GR_GET("/background", background);

static struct site site;

static void begin(void)
{
    calls = cancelled = torn_down = 0;
    sem_init(&entered, 0, 0);
    sem_init(&gate, 0, 0);
    site = (struct site){.app = gr_app_create("Pool", "1")};
    site.options.threads = 1;
    site.options.log_level = "off";
    gr_app_add(site.app, &wait_at_gate_route, &gate_late_route, &wait_for_cancel_route, &cancel_late_route,
               &background_route, &plain_route, &wait_until_unwanted_route, &unwanted_late_route);
    open_site(&site);
}

static void get(int fd, const char *target)
{
    char request[100];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target);
    put(fd, request);
}

static int ask(const char *target)
{
    int fd = dial(&site);
    get(fd, target);
    return fd;
}

/* A request that is on the pool, and keeps its only thread. */
static int ask_and_enter(const char *target)
{
    int fd = ask(target);
    sem_wait(&entered);
    return fd;
}

/* By then the server has seen what was done before: it serves this on the same loop. */
static void let_it_be_seen(void)
{
    int fd = ask("/plain");
    ck_assert_ptr_nonnull(strstr(take(fd), "plain"));
    close(fd);
}

static void expect_status(int fd, const char *status)
{
    const char *answer = take(fd);
    ck_assert_msg(strncmp(answer, "HTTP/1.1 ", 9) == 0 && strncmp(answer + 9, status, 3) == 0, "%s", answer);
}

/* A client that has its 504, while its request is on the pool: asks again where that was taken back before it ran. */
static int ask_and_time_out(const char *target)
{
    int fd = dial(&site);
    do {
        get(fd, target);
        expect_status(fd, "504");
        let_it_be_seen();
    } while (sem_trywait(&entered));
    return fd;
}

START_TEST(on_the_pool_a_fin_changes_nothing)
{
    begin();
    int fd = ask_and_enter("/gate");
    shutdown(fd, SHUT_WR);
    let_it_be_seen();
    sem_post(&gate);
    expect_status(fd, "200");
    check_end(fd);
    close_site(&site);
}
END_TEST

START_TEST(on_the_pool_a_reset_tells_the_job)
{
    begin();
    reset(ask_and_enter("/cancel"));
    while (!cancelled)
        usleep(1000);
    close_site(&site);
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(case_89_on_the_pool_the_client_gets_504_at_the_deadline_and_is_served_on)
{
    begin();
    int fd = ask_and_time_out("/gate-late");
    get(fd, "/plain");
    expect_status(fd, "200");
    close(fd);
    sem_post(&gate); /* the thread had the request's memory until here */
    close_site(&site);
}
END_TEST

START_TEST(on_the_pool_the_deadline_tells_the_job)
{
    begin();
    close(ask_and_time_out("/cancel-late"));
    close_site(&site);
    ck_assert_int_ge(calls, 1);
    ck_assert_int_eq(cancelled, calls);
}
END_TEST

START_TEST(on_the_pool_a_handler_learns_that_its_client_has_closed_and_may_still_answer)
{
    begin();
    int fd = ask_and_enter("/unwanted");
    shutdown(fd, SHUT_WR);
    expect_status(fd, "200");
    check_end(fd);
    reset(ask_and_enter("/unwanted"));
    while (cancelled < 2)
        usleep(1000);
    close(ask_and_time_out("/unwanted-late"));
    close_site(&site);
    ck_assert_int_eq(cancelled, calls);
}
END_TEST

START_TEST(on_the_pool_a_stop_waits_and_answers)
{
    begin();
    int fd = ask_and_enter("/gate");
    gr_server_stop(site.server);
    ck_assert(!comes(fd, 100));
    sem_post(&gate);
    expect_status(fd, "200");
    check_end(fd);
    join_site(&site);
}
END_TEST

START_TEST(in_the_queue_a_fin_changes_nothing)
{
    begin();
    int first = ask_and_enter("/gate"), second = ask("/gate");
    shutdown(second, SHUT_WR);
    let_it_be_seen();
    sem_post(&gate);
    sem_post(&gate);
    expect_status(first, "200");
    expect_status(second, "200");
    check_end(second);
    close(first);
    close_site(&site);
}
END_TEST

START_TEST(in_the_queue_a_reset_takes_the_job_back)
{
    begin();
    int first = ask_and_enter("/gate"), second = ask("/gate");
    let_it_be_seen();
    reset(second);
    let_it_be_seen();
    sem_post(&gate);
    expect_status(first, "200");
    close(first);
    close_site(&site);
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(in_the_queue_the_deadline_takes_the_job_back)
{
    begin();
    int first = ask_and_enter("/gate"), second = ask("/gate-late");
    expect_status(second, "504");
    let_it_be_seen(); /* the answer is sent before the job is taken back: by now it is */
    sem_post(&gate);
    expect_status(first, "200");
    close(first);
    close(second);
    close_site(&site);
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(in_the_queue_a_stop_lets_it_run)
{
    begin();
    int first = ask_and_enter("/gate"), second = ask("/gate");
    let_it_be_seen();
    gr_server_stop(site.server);
    sem_post(&gate);
    sem_post(&gate);
    expect_status(first, "200");
    expect_status(second, "200");
    close(first);
    close(second);
    join_site(&site);
}
END_TEST

/* --- a teardown on a thread --- */

static int ask_and_be_answered(void)
{
    int fd = ask("/background");
    expect_status(fd, "200");
    sem_wait(&entered);
    return fd;
}

static void expect_torn_down(void)
{
    ck_assert_int_eq(torn_down, 1);
    ck_assert_int_eq(told, GR_ANSWERED);
}

START_TEST(a_teardown_on_a_thread_outlives_a_fin)
{
    begin();
    int fd = ask_and_be_answered();
    shutdown(fd, SHUT_WR);
    check_end(fd);
    sem_post(&gate);
    close_site(&site);
    expect_torn_down();
}
END_TEST

START_TEST(a_teardown_on_a_thread_outlives_a_reset)
{
    begin();
    reset(ask_and_be_answered());
    let_it_be_seen();
    sem_post(&gate);
    close_site(&site);
    expect_torn_down();
}
END_TEST

START_TEST(a_stop_waits_for_a_teardown_on_a_thread)
{
    begin();
    int fd = ask_and_be_answered();
    gr_server_stop(site.server);
    check_end(fd); /* of an idle connection: the stop was seen */
    ck_assert_int_eq(torn_down, 0);
    sem_post(&gate);
    join_site(&site);
    expect_torn_down();
}
END_TEST

/* --- a zombie on a thread --- */

START_TEST(a_zombie_on_a_thread_outlives_a_fin)
{
    begin();
    int fd = ask_and_time_out("/gate-late");
    shutdown(fd, SHUT_WR);
    check_end(fd);
    sem_post(&gate);
    close_site(&site);
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(a_zombie_on_a_thread_outlives_a_reset)
{
    begin();
    reset(ask_and_time_out("/gate-late"));
    let_it_be_seen();
    sem_post(&gate);
    close_site(&site);
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(a_stop_waits_for_a_zombie_on_a_thread)
{
    begin();
    int fd = ask_and_time_out("/gate-late");
    gr_server_stop(site.server);
    check_end(fd);
    sem_post(&gate);
    join_site(&site);
    ck_assert_int_eq(calls, 1);
}
END_TEST

int main(void)
{
    const test_list tests = {on_the_pool_a_fin_changes_nothing,
                             on_the_pool_a_reset_tells_the_job,
                             case_89_on_the_pool_the_client_gets_504_at_the_deadline_and_is_served_on,
                             on_the_pool_the_deadline_tells_the_job,
                             on_the_pool_a_handler_learns_that_its_client_has_closed_and_may_still_answer,
                             on_the_pool_a_stop_waits_and_answers,
                             in_the_queue_a_fin_changes_nothing,
                             in_the_queue_a_reset_takes_the_job_back,
                             in_the_queue_the_deadline_takes_the_job_back,
                             in_the_queue_a_stop_lets_it_run,
                             a_teardown_on_a_thread_outlives_a_fin,
                             a_teardown_on_a_thread_outlives_a_reset,
                             a_stop_waits_for_a_teardown_on_a_thread,
                             a_zombie_on_a_thread_outlives_a_fin,
                             a_zombie_on_a_thread_outlives_a_reset,
                             a_stop_waits_for_a_zombie_on_a_thread,
                             NULL};
    return run_tests("on the pool", tests, 30);
}
