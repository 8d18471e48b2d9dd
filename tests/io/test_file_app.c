/* griddle/file.h in handlers, under the virtual time of griddle/testing.h. */
#include "app/app_test.h"
#include "io/file_world.h"

#include <griddle/thread.h>

static char path[] = "/tmp/griddle-app-XXXXXX";

static void make_fifo(void)
{
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
}

static void write_late(void *arg)
{
    uv_sleep(50);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    ck_assert_int_eq(write(fd, arg, 4), 4);
    close(fd);
}

/* Its deadline is nearer than the file, by the clock of the wall. */
static gr_reply read_slowly(gr_co co, gr_req *req)
{
    struct fifo_read read = {.path = path};
    int rc = read_fifo(gr_within(co, 1), &read);
    return rc ? gr_failed(req, rc) : gr_text(req, read.text);
}
GR_GET("/slow", read_slowly);

START_TEST(time_stands_still_while_a_file_is_read)
{
    MAKE_APP(app, &read_slowly_route);
    gr_test *test = serve(app);
    uv_thread_t thread;
    make_fifo();
    ck_assert_int_eq(uv_thread_create(&thread, write_late, "text"), 0);
    check_get(test, "/slow", 200, "text");
    ck_assert_int_eq(gr_test_now_ms(test), 0);
    uv_thread_join(&thread);
    ck_assert_int_eq(unlink(path), 0);
    end(test, app);
}
END_TEST

static gr_reply read_missing(gr_co co, gr_req *req)
{
    char *data;
    size_t len;
    int rc = gr_file_read_all(co, "/nowhere", 10, &data, &len);
    return rc == -ENOENT ? gr_error(req, 404, "no such file") : gr_failed(req, rc);
}
GR_GET("/missing", read_missing);

static int read_on_the_loop(gr_co co, void *arg)
{
    char *data;
    size_t len;
    int rc = gr_file_read_all(co, "/proc/self/comm", 100, &data, &len);
    *(size_t *)arg = len;
    free(data);
    return rc;
}

static gr_reply read_from_a_thread(gr_req *req)
{
    size_t len = 0;
    int rc = gr_call_on_loop(NULL, read_on_the_loop, &len);
    return rc ? gr_failed(req, rc) : gr_text(req, len > 0 ? "read" : "empty");
}
GR_GET("/from-a-thread", read_from_a_thread);

START_TEST(handlers_of_both_kinds_use_files)
{
    MAKE_APP(app, &read_missing_route, &read_from_a_thread_route);
    gr_test *test = serve(app);
    check_get(test, "/missing", 404, NULL);
    check_get(test, "/from-a-thread", 200, "read");
    end(test, app);
}
END_TEST

int main(void)
{
    const test_list tests = {time_stands_still_while_a_file_is_read, handlers_of_both_kinds_use_files, NULL};
    return run_tests("file app", tests, 20);
}
