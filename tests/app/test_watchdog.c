/* The watchdogs of servers that a program runs on loops of its own. */
#include <alloca.h>
#include <errno.h>
#include <signal.h>
#include <sys/select.h>

#include "app_test.h"
#include "co/task.h"
#include "sockets.h"

enum { WATCHDOG_MS = 40, PATIENCE_MS = 20000 };

static _Atomic bool released;
static sem_t entered;

static gr_reply spin(gr_req *req)
{
    sem_post(&entered);
    while (!released)
        ;
    return gr_text(req, "sorry");
}

static gr_reply stuck_here(gr_co co, gr_req *req)
{
    (void)co;
    return spin(req);
}
GR_GET("/here", stuck_here);

static gr_reply stuck_there(gr_co co, gr_req *req)
{
    (void)co;
    return spin(req);
}
GR_GET("/there", stuck_there);

static gr_reply stuck_in_malloc(gr_co co, gr_req *req)
{
    (void)co;
    sem_post(&entered);
    for (size_t size = 1; !released; size = size * 3 % 200003) {
        char *volatile block = malloc(size);
        free(block);
    }
    return gr_text(req, "sorry");
}
GR_GET("/malloc", stuck_in_malloc);

/* Less than what a backtrace takes; a sanitizer's own calls take more. */
static gr_reply stuck_at_the_end_of_its_stack(gr_co co, gr_req *req)
{
    enum { LEFT = GRI_SANITIZED ? 32 * 1024 : 1600 };
    size_t room = (size_t)((char *)__builtin_frame_address(0) - co.task->base);
    sem_post(&entered);
    volatile char *rest = alloca(room - LEFT);
    rest[0] = 1;
    while (!released)
        ;
    return gr_text(req, rest[0] ? "sorry" : "");
}
GR_GET("/end", stuck_at_the_end_of_its_stack);

static int sleep_400_ms(void)
{
    return usleep(400000);
}

static int poll_for_400_ms(void)
{
    return poll(NULL, 0, 400);
}

static int select_for_400_ms(void)
{
    struct timeval time = {.tv_usec = 400000};
    return select(0, NULL, NULL, NULL, &time);
}

static int wait_for_400_ms(void)
{
    struct timespec until;
    sem_t nobody;
    sem_init(&nobody, 0, 0);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 400000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return sem_timedwait(&nobody, &until) < 0 && errno == ETIMEDOUT ? 0 : -1;
}

static int (*sleeps_so)(void);

/* A sleep that was ended early says so. */
static gr_reply asleep(gr_co co, gr_req *req)
{
    (void)co;
    sem_post(&entered);
    return gr_text(req, sleeps_so() == 0 ? "slept, sorry" : "woken");
}
GR_GET("/asleep", asleep);

static gr_reply fine(gr_co co, gr_req *req)
{
    int rc = gr_yield(co);
    return rc ? gr_failed(req, rc) : gr_text(req, "fine");
}
GR_GET("/fine", fine);

static gr_app *make_app(void)
{
    MAKE_APP(app, &stuck_here_route, &stuck_there_route, &stuck_in_malloc_route, &stuck_at_the_end_of_its_stack_route,
             &fine_route, &asleep_route);
    return app;
}

/* --- what the servers write to standard error --- */

static int log_fd;

static void catch_log(void)
{
    char name[] = "/tmp/griddle-XXXXXX";
    log_fd = mkstemp(name);
    ck_assert_int_ge(log_fd, 0);
    unlink(name);
    ck_assert_int_ge(dup2(log_fd, STDERR_FILENO), 0);
    sem_init(&entered, 0, 0);
    released = false;
}

static const char *logged(void)
{
    static char text[1 << 16];
    ssize_t n = pread(log_fd, text, sizeof text - 1, 0);
    ck_assert_int_ge(n, 0);
    text[n] = '\0';
    return text;
}

static void wait_for_log(const char *text)
{
    int64_t end_ms = now_ms() + PATIENCE_MS;
    while (!strstr(logged(), text) && now_ms() < end_ms)
        usleep(2000);
    ck_assert_msg(strstr(logged(), text), "wanted \"%s\" in: %s", text, logged());
}

static void begin(struct site *site)
{
    *site = (struct site){.app = make_app(), .options = {.watchdog_ms = WATCHDOG_MS}};
    open_site(site);
}

static int ask(const struct site *site, const char *request)
{
    int fd = dial(site);
    put(fd, request);
    sem_wait(&entered);
    return fd;
}

static void end_request(int fd)
{
    HAS(take(fd), "sorry");
    close(fd);
}

#define HELD(name) "coroutine \"" name "\" has held the loop for more than 40 ms"
#define BACK(name) "coroutine \"" name "\" gave the loop back"

/* --- tests --- */

static void check_is_named(const char *request, const char *held, const char *back)
{
    struct site site;
    catch_log();
    begin(&site);
    int fd = ask(&site, request);
    wait_for_log(held);
    released = true;
    end_request(fd);
    wait_for_log(back);
    close_site(&site);
}

START_TEST(a_server_on_a_loop_of_the_callers_names_who_holds_it)
{
    check_is_named(GET("/here"), HELD("stuck_here"), BACK("stuck_here"));
}
END_TEST

START_TEST(it_may_be_inside_malloc)
{
    check_is_named(GET("/malloc"), HELD("stuck_in_malloc"), BACK("stuck_in_malloc"));
}
END_TEST

START_TEST(it_may_be_at_the_end_of_its_stack)
{
    check_is_named(GET("/end"), HELD("stuck_at_the_end_of_its_stack"), BACK("stuck_at_the_end_of_its_stack"));
}
END_TEST

static void check_sleeper(int (*sleep_so)(void), const char *call)
{
    sleeps_so = sleep_so;
    check_is_named(GET("/asleep"), HELD("asleep"), BACK("asleep"));
    HAS(logged(), call);
    ck_assert_msg(strstr(strstr(logged(), "its stack shows:"), "test_app_watchdog("), "%s", logged());
}

START_TEST(one_that_sleeps_is_named_and_sleeps_as_long_as_it_wanted)
{
    check_sleeper(sleep_400_ms, "nanosleep; its stack shows:"); /* clock_nanosleep in glibc, nanosleep in musl */
}
END_TEST

START_TEST(one_that_polls_is_not_woken_either)
{
    check_sleeper(poll_for_400_ms, "It waits in the system call p");
}
END_TEST

START_TEST(nor_one_that_selects)
{
    check_sleeper(select_for_400_ms, "It waits in the system call ");
}
END_TEST

START_TEST(nor_one_that_waits_for_a_semaphore)
{
    check_sleeper(wait_for_400_ms, "It waits in the system call futex");
}
END_TEST

START_TEST(of_two_loops_on_two_threads_each_names_its_own)
{
    struct site here, there;
    catch_log();
    begin(&here);
    begin(&there);
    int fds[2] = {ask(&here, GET("/here")), ask(&there, GET("/there"))};
    wait_for_log(HELD("stuck_here"));
    wait_for_log(HELD("stuck_there"));
    ck_assert_msg(!strstr(logged(), "does not say"), "%s", logged());
    released = true;
    end_request(fds[0]);
    end_request(fds[1]);
    wait_for_log(BACK("stuck_here"));
    wait_for_log(BACK("stuck_there"));
    close_site(&here);
    released = false;
    fds[1] = ask(&there, GET("/end"));
    wait_for_log(HELD("stuck_at_the_end_of_its_stack"));
    released = true;
    end_request(fds[1]);
    close_site(&there);
}
END_TEST

struct pair {
    gr_app *app;
    gr_server *servers[2];
    int ports[2];
    sem_t ready;
};

static void *run_pair(void *arg)
{
    struct pair *pair = arg;
    gr_server_options options = {.size = sizeof options, .watchdog_ms = WATCHDOG_MS};
    uv_loop_t loop;
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(gr_server_start(&pair->servers[i], pair->app, &options, &loop), 0);
        pair->ports[i] = gr_server_port(pair->servers[i]);
    }
    sem_post(&pair->ready);
    uv_run(&loop, UV_RUN_DEFAULT);
    gr_server_destroy(pair->servers[0]);
    gr_server_destroy(pair->servers[1]);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    return NULL;
}

START_TEST(two_servers_may_share_a_loop_and_one_may_stop_before_the_other)
{
    struct pair pair = {.app = make_app()};
    pthread_t thread;
    catch_log();
    sem_init(&pair.ready, 0, 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, run_pair, &pair), 0);
    sem_wait(&pair.ready);
    for (int i = 0; i < 2; i++) {
        struct site site = {.port = pair.ports[i]};
        released = false;
        int fd = ask(&site, i == 0 ? GET("/here") : GET("/end"));
        wait_for_log(i == 0 ? HELD("stuck_here") : HELD("stuck_at_the_end_of_its_stack"));
        released = true;
        end_request(fd);
        gr_server_stop(pair.servers[i]);
    }
    pthread_join(thread, NULL);
    ck_assert_msg(!strstr(logged(), "does not say"), "%s", logged());
    gr_app_destroy(pair.app);
}
END_TEST

START_TEST(a_signal_that_no_watchdog_sent_blames_nobody)
{
    struct site site;
    catch_log();
    begin(&site);
    int fd = dial(&site);
    for (int i = 0; i < 200; i++) {
        put(fd, GET("/fine"));
        pthread_kill(site.thread, SIGURG);
        kill(getpid(), SIGURG);
        HAS(take(fd), "fine");
    }
    close(fd);
    close_site(&site);
    kill(getpid(), SIGURG);
    ck_assert_str_eq(logged(), "");
}
END_TEST

START_TEST(without_a_time_there_is_no_watchdog)
{
    struct site site = {.app = make_app()};
    catch_log();
    open_site(&site);
    int fd = ask(&site, GET("/here"));
    usleep(4 * WATCHDOG_MS * 1000);
    released = true;
    end_request(fd);
    close_site(&site);
    ck_assert_str_eq(logged(), "");
}
END_TEST

int main(void)
{
    const test_list tests = {a_server_on_a_loop_of_the_callers_names_who_holds_it,
                             it_may_be_inside_malloc,
                             it_may_be_at_the_end_of_its_stack,
                             one_that_sleeps_is_named_and_sleeps_as_long_as_it_wanted,
                             one_that_polls_is_not_woken_either,
                             nor_one_that_selects,
                             nor_one_that_waits_for_a_semaphore,
                             of_two_loops_on_two_threads_each_names_its_own,
                             two_servers_may_share_a_loop_and_one_may_stop_before_the_other,
                             a_signal_that_no_watchdog_sent_blames_nobody,
                             without_a_time_there_is_no_watchdog,
                             NULL};
    return run_tests("watchdog", tests, 40);
}
