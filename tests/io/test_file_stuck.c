/* griddle/file.h: calls that never return: a FIFO that nobody writes to stands for a file system that is gone. With
 * libuv's four threads three of them stop the files of a loop, and nothing else. */
#include <fcntl.h>
#include <griddle/net.h>
#include <griddle/server.h>
#include <signal.h>
#include <sys/wait.h>

#include "app/sockets.h"
#include "co/run.h"
#include "io/file_world.h"

enum { THREADS = 4, STUCK = THREADS - 1 };

static int open_fifo(gr_co co, void *path)
{
    int fd;
    int rc = gr_file_open(co, &fd, path, O_RDONLY, 0);
    return rc ? rc : gr_file_close(co, fd);
}

/* --- who is starved --- */

static char fifos[STUCK][8];

static void begin_stuck(gr_co co, gr_group *group)
{
    gr_group_open(co, group);
    for (int i = 0; i < STUCK; i++) {
        snprintf(fifos[i], sizeof fifos[i], "fifo%d", i);
        ck_assert_int_eq(mkfifo(fifos[i], 0600), 0);
        must(gr_group_spawn(co, group, open_fifo, fifos[i]));
    }
    take_a_nap(co);
}

static void end_stuck(gr_co co, gr_group *group)
{
    int writers[STUCK];
    for (int i = 0; i < STUCK; i++)
        writers[i] = open_writing_end(co, fifos[i]);
    must(gr_group_close(co, group, 0));
    for (int i = 0; i < STUCK; i++)
        close(writers[i]);
}

static void check_lookup(gr_co co)
{
    gr_address address;
    size_t n;
    int rc = gr_lookup(co, "localhost", 80, &address, 1, &n);
    ck_assert_msg(rc == 0 || rc == -EHOSTUNREACH || rc == GR_EAGAIN, "%d", rc);
}

FILE_TEST(three_calls_that_never_return_leave_a_thread_to_lookups)
{
    gr_group group;
    begin_stuck(co, &group);
    check_lookup(co);
    ck_assert_uint_eq(co.task->sched->n_files, STUCK);
    end_stuck(co, &group);
    return 0;
}

FILE_TEST(and_what_comes_after_waits_and_goes_on_when_one_of_them_returns)
{
    gr_group group;
    struct stat status;
    begin_stuck(co, &group);
    int rc = gr_file_stat(gr_within(co, 5), ".", &status);
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    ck_assert_uint_eq(co.task->sched->works, STUCK); /* it has not begun, and is not left behind */
    end_stuck(co, &group);
    must(gr_file_stat(co, ".", &status));
    ck_assert_uint_eq(co.task->sched->n_files, 0);
    return 0;
}

/* --- gr_run() --- */

/* One that its deadline has found in libuv's queue is back in the next turn: again. */
static int leave_fifo_behind(gr_co co, void *path)
{
    while (co.task->sched->works == 0) {
        int rc = open_fifo(gr_within(co, 20), path);
        ck_assert_int_eq(rc, GR_ETIMEDOUT);
        take_a_nap(co);
    }
    return 7;
}

static const char *in_new_folder(void)
{
    static char path[] = "/tmp/griddle-fifo-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(path));
    ck_assert_int_eq(chdir(path), 0);
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    return path;
}

static void remove_folder(const char *path)
{
    unlink("fifo");
    rmdir(path);
}

/* In a process of its own: what is left behind is there until it ends, and exit() would wait for it. */
START_TEST(gr_run_names_what_its_function_left_behind_and_returns)
{
    const char *folder = in_new_folder();
    int ends[2], status;
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 2);
        _exit(gri_run(leave_fifo_behind, "fifo", 20) == GR_ETIMEDOUT ? 33 : 1);
    }
    close(ends[1]);
    char text[1000] = "";
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_gt(read(ends[0], text, sizeof text - 1), 0);
    HAS(text, "WARNING:  gr_run() leaves behind: a file to open (\"fifo\"), by \"main\", since ");
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 33);
    close(ends[0]);
    remove_folder(folder);
}
END_TEST

static int open_later(void *path)
{
    usleep(2000);
    int fd = open(path, O_WRONLY);
    ck_assert_int_ge(fd, 0);
    close(fd);
    return 0;
}

static void *writer_thread(void *path)
{
    open_later(path);
    return NULL;
}

static pthread_t thread;

static int leave_and_let_write(gr_co co, void *path)
{
    int rc = leave_fifo_behind(co, path);
    ck_assert_int_eq(pthread_create(&thread, NULL, writer_thread, path), 0);
    return rc;
}

START_TEST(gr_run_waits_for_what_comes_back_in_time)
{
    const char *folder = in_new_folder();
    int rc = gri_run(leave_and_let_write, "fifo", 60000);
    ck_assert_int_eq(rc, 7);
    pthread_join(thread, NULL);
    remove_folder(folder);
}
END_TEST

/* --- servers --- */

static gr_reply read_fifo_of(gr_co co, gr_req *req)
{
    int rc = gr_shield(co, leave_fifo_behind, (char[]){"fifo"});
    rc = rc == 7 ? GR_ETIMEDOUT : rc;
    return rc ? gr_failed(req, rc) : gr_text(req, "read");
}
GR_GET("/fifo", read_fifo_of);

static void begin_site(struct site *site)
{
    *site = (struct site){.app = gr_app_create("Stuck", "1"), .own_loop = true};
    ck_assert_int_eq(gr_app_add(site->app, &read_fifo_of_route), 0);
    site->options.stop_timeout_ms = 1;
    open_site(site);
    int fd = dial(site);
    put(fd, GET("/fifo"));
    HAS(take(fd), "504 Gateway Timeout");
    close(fd);
}

static void wait_for(const char *part, char *text, size_t size)
{
    for (int i = 0; i < 5000 && !strstr(text, part); i++) {
        ssize_t n = pread(captured_fd, text, size - 1, 0);
        text[n > 0 ? n : 0] = '\0';
        usleep(2000);
    }
    HAS(text, part);
}

static const char left[] = "WARNING:  the stop leaves behind: a file to open (\"fifo\"), by \"read_fifo_of\", since ";

/* Its memory is what the thread uses, so it is lost: in a process of its own. */
START_TEST(a_server_on_its_own_loop_leaves_without_it_and_names_it)
{
    const char *folder = in_new_folder();
    char text[10000] = "";
    int status;
    begin_capture();
    pid_t child = fork();
    if (child == 0) {
        struct site site;
        begin_site(&site);
        gr_server_stop(site.server);
        pthread_join(site.thread, NULL);
        bool stuck = gr_server_stuck(site.server);
        gr_server_destroy(site.server); /* which leaves it as it is */
        _exit(site.rc == GR_ETIMEDOUT && stuck ? 33 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    wait_for(left, text, sizeof text);
    free(end_capture());
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 33);
    remove_folder(folder);
}
END_TEST

struct served {
    gr_server *server;
    int port;
};

static void *ask_and_stop(void *arg)
{
    const struct served *served = arg;
    int fd = dial_port(served->port);
    ck_assert_int_ge(fd, 0);
    put(fd, GET("/fifo"));
    HAS(take(fd), "504 Gateway Timeout");
    close(fd);
    gr_server_stop(served->server);
    return NULL;
}

START_TEST(on_a_loop_of_the_callers_it_stops_when_it_is_back)
{
    const char *folder = in_new_folder();
    gr_server_options options = {.size = sizeof options, .stop_timeout_ms = 1};
    MAKE_APP(app, &read_fifo_of_route);
    struct served served;
    pthread_t client;
    uv_loop_t loop;
    begin_capture();
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_int_eq(gr_server_start(&served.server, app, &options, &loop), 0);
    served.port = gr_server_port(served.server);
    ck_assert_int_eq(pthread_create(&client, NULL, ask_and_stop, &served), 0);
    while (!gr_server_stuck(served.server))
        uv_run(&loop, UV_RUN_ONCE);
    pthread_join(client, NULL);
    ck_assert(!gr_server_stopped(served.server));
    open_later("fifo");
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert(gr_server_stopped(served.server) && !gr_server_stuck(served.server));
    gr_server_destroy(served.server);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    gr_app_destroy(app);
    char *text = end_capture();
    HAS(text, left);
    free(text);
    remove_folder(folder);
}
END_TEST

int main(void)
{
    setenv("UV_THREADPOOL_SIZE", "4", 1);
    signal(SIGPIPE, SIG_IGN);
    const test_list tests = {three_calls_that_never_return_leave_a_thread_to_lookups,
                             and_what_comes_after_waits_and_goes_on_when_one_of_them_returns,
                             gr_run_names_what_its_function_left_behind_and_returns,
                             gr_run_waits_for_what_comes_back_in_time,
                             a_server_on_its_own_loop_leaves_without_it_and_names_it,
                             on_a_loop_of_the_callers_it_stops_when_it_is_back,
                             NULL};
    return run_tests("file stuck", tests, 60);
}
