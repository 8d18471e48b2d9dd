/* gr_wait_fd(): any descriptor, any number of coroutines, nothing left behind. */
#include "io/io_world.h"

#include <sys/eventfd.h>
#include <sys/socket.h>

struct wait {
    int fd, events, within_ms;
    int rc, ready;
};

static int wait_for(gr_co co, struct wait *wait)
{
    gr_co scope = wait->within_ms ? gr_within(co, wait->within_ms) : co;
    wait->rc = gr_wait_fd(scope, wait->fd, wait->events, &wait->ready);
    return 0;
}
GR_TASK(wait_for, struct wait);

static int open_pipe(int fds[2])
{
    return pipe2(fds, O_CLOEXEC);
}

static void close_both(int fds[2])
{
    close(fds[0]);
    close(fds[1]);
}

IO_TEST(a_descriptor_that_is_ready_is_told_so_at_once)
{
    int fds[2], ready;
    ck_assert_int_eq(open_pipe(fds), 0);
    ck_assert_int_eq(gr_wait_fd(co, fds[1], GR_WRITABLE, &ready), 0);
    ck_assert_int_eq(ready, GR_WRITABLE);
    ck_assert_int_eq(write(fds[1], "x", 1), 1);
    ck_assert_int_eq(gr_wait_fd(co, fds[0], GR_READABLE, NULL), 0);
    close_both(fds);
    return 0;
}

IO_TEST(a_wait_lasts_until_the_descriptor_is_ready)
{
    int fds[2];
    gr_task *task;
    ck_assert_int_eq(open_pipe(fds), 0);
    struct wait wait = {.fd = fds[0], .events = GR_READABLE, .rc = 1};
    ck_assert_int_eq(wait_for_spawn(co, &task, &wait), 0);
    ck_assert_int_eq(gr_sleep(co, 20), 0);
    ck_assert_int_eq(wait.rc, 1);
    ck_assert_int_eq(write(fds[1], "x", 1), 1);
    ck_assert_int_eq(gr_join(co, task), 0);
    ck_assert_int_eq(wait.rc, 0);
    ck_assert_int_eq(wait.ready, GR_READABLE);
    close_both(fds);
    return 0;
}

IO_TEST(two_coroutines_wait_for_one_descriptor_in_both_directions)
{
    int fds[2];
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    struct wait reader = {.fd = fds[0], .events = GR_READABLE, .within_ms = 20},
                writer = {.fd = fds[0], .events = GR_WRITABLE},
                both = {.fd = fds[0], .events = GR_READABLE | GR_WRITABLE};
    ck_assert_int_eq(gr_gather(co, wait_for_job(&reader), wait_for_job(&writer), wait_for_job(&both)), 0);
    ck_assert_int_eq(reader.rc, GR_ETIMEDOUT);
    ck_assert_int_eq(reader.ready, 0);
    ck_assert_int_eq(writer.rc, 0);
    ck_assert_int_eq(writer.ready, GR_WRITABLE);
    ck_assert_int_eq(both.ready, GR_WRITABLE);
    close_both(fds);
    return 0;
}

IO_TEST(a_thousand_coroutines_wait_for_one_descriptor)
{
    enum { N = 1000 };
    static struct wait waits[N];
    int fd = eventfd(0, EFD_CLOEXEC);
    gr_task *task[N];
    for (int i = 0; i < N; i++) {
        waits[i] = (struct wait){.fd = fd, .events = GR_READABLE, .rc = 1};
        ck_assert_int_eq(wait_for_spawn(co, &task[i], &waits[i]), 0);
    }
    ck_assert_int_eq(gr_sleep(co, 5), 0);
    ck_assert_int_eq(eventfd_write(fd, 1), 0);
    for (int i = 0; i < N; i++) {
        ck_assert_int_eq(gr_join(co, task[i]), 0);
        ck_assert_int_eq(waits[i].rc, 0);
    }
    close(fd);
    return 0;
}

IO_TEST(a_cancelled_wait_leaves_nothing_behind)
{
    int fds[2];
    gr_task *task;
    ck_assert_int_eq(open_pipe(fds), 0);
    struct wait wait = {.fd = fds[0], .events = GR_READABLE};
    ck_assert_int_eq(wait_for_spawn(co, &task, &wait), 0);
    ck_assert_int_eq(gr_sleep(co, 5), 0);
    gr_cancel(task);
    ck_assert_int_eq(gr_join(co, task), 0);
    ck_assert_int_eq(wait.rc, GR_ECANCELED);
    close_both(fds);
    ck_assert_int_eq(open_pipe(fds), 0); /* the same numbers, other pipes */
    ck_assert_int_eq(gr_wait_fd(co, fds[1], GR_WRITABLE, NULL), 0);
    ck_assert_int_eq(gr_wait_fd(gr_within(co, 10), fds[0], GR_READABLE, NULL), GR_ETIMEDOUT);
    close_both(fds);
    return 0;
}

IO_TEST(a_hangup_and_an_error_end_a_wait)
{
    int fds[2], ready;
    ck_assert_int_eq(open_pipe(fds), 0);
    close(fds[1]);
    ck_assert_int_eq(gr_wait_fd(co, fds[0], GR_READABLE, &ready), 0);
    ck_assert_int_eq(ready, GR_READABLE);
    close(fds[0]);
    ck_assert_int_eq(open_pipe(fds), 0);
    close(fds[0]); /* EPOLLERR */
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(gr_wait_fd(co, fds[1], GR_WRITABLE, &ready), 0);
        ck_assert_int_eq(ready, GR_WRITABLE);
    }
    close(fds[1]);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    shutdown(fds[1], SHUT_WR);
    ck_assert_int_eq(gr_wait_fd(co, fds[0], GR_HANGUP, &ready), 0);
    ck_assert_int_eq(ready, GR_HANGUP);
    close_both(fds);
    return 0;
}

IO_TEST(what_cannot_be_waited_for_is_refused)
{
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), ready = 7;
    ck_assert_int_eq(gr_wait_fd(co, fd, GR_READABLE, &ready), -EPERM);
    ck_assert_int_eq(ready, 0);
    ck_assert_int_eq(gr_wait_fd(co, fd, 0, NULL), GR_EINVAL);
    ck_assert_int_eq(gr_wait_fd(co, fd, 64, NULL), GR_EINVAL);
    close(fd);
    ck_assert_int_eq(gr_wait_fd(co, fd, GR_READABLE, NULL), -EBADF);
    ck_assert_int_eq(gr_wait_fd(co, -1, GR_READABLE, NULL), -EBADF);
    size_t n_watches = co.task->sched->n_watches;
    ck_assert_int_eq(gr_wait_fd(co, 1 << 20, GR_READABLE, NULL), -EBADF);
    ck_assert_uint_eq(co.task->sched->n_watches, n_watches); /* a number that is none takes no room */
    return 0;
}

IO_TEST(a_descriptor_becomes_non_blocking)
{
    int fds[2];
    ck_assert_int_eq(open_pipe(fds), 0);
    ck_assert_int_eq(gr_wait_fd(co, fds[1], GR_WRITABLE, NULL), 0);
    ck_assert_int_ne(fcntl(fds[1], F_GETFL) & O_NONBLOCK, 0);
    close_both(fds);
    return 0;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    (void)poll, (void)status, (void)events;
}

IO_TEST(a_descriptor_that_a_handle_of_libuv_watches_is_refused)
{
    int fds[2];
    static uv_poll_t poll;
    ck_assert_int_eq(open_pipe(fds), 0);
    ck_assert_int_eq(uv_poll_init(gr_loop(co), &poll, fds[0]), 0);
    ck_assert_int_eq(uv_poll_start(&poll, UV_READABLE, on_poll), 0);
    ck_assert_int_eq(gr_wait_fd(co, fds[0], GR_READABLE, NULL), -EEXIST);
    uv_close((uv_handle_t *)&poll, NULL);
    ck_assert_int_eq(write(fds[1], "x", 1), 1);
    ck_assert_int_eq(gr_wait_fd(co, fds[0], GR_READABLE, NULL), 0);
    close_both(fds);
    return 0;
}

IO_TEST(urgent_data_are_told_apart)
{
    gr_listener *listener;
    gr_io *client, *server;
    int ready = 0;
    ck_assert_int_eq(gr_tcp_listen(co, &listener, "127.0.0.1", 0), 0);
    gr_address address = gr_listener_address(listener);
    ck_assert_int_eq(gr_tcp_connect(co, &client, "127.0.0.1", gr_address_port(&address)), 0);
    ck_assert_int_eq(gr_accept(co, listener, &server), 0);
    ck_assert_int_eq(gr_wait_fd(gr_within(co, 5), gr_io_fd(server), GR_URGENT, NULL), GR_ETIMEDOUT);
    ck_assert_int_eq(send(gr_io_fd(client), "!", 1, MSG_OOB), 1);
    ck_assert_int_eq(gr_wait_fd(co, gr_io_fd(server), GR_URGENT, &ready), 0);
    ck_assert_int_eq(ready, GR_URGENT);
    gr_io_close(client);
    gr_io_close(server);
    gr_listener_close(listener);
    return 0;
}

static int await_the_pipe(gr_co co, void *arg)
{
    return gr_wait_fd(co, *(int *)arg, GR_READABLE, NULL);
}

START_TEST(an_idle_stream_does_not_hide_a_deadlock_and_a_wait_is_none)
{
    int fds[2];
    ck_assert_int_eq(open_pipe(fds), 0);
    ck_assert_int_eq(write(fds[1], "x", 1), 1);
    ck_assert_int_eq(gr_run(await_the_pipe, &fds[0]), 0);
    close_both(fds);
}
END_TEST

int main(void)
{
    const test_list tests = {a_descriptor_that_is_ready_is_told_so_at_once,
                             a_wait_lasts_until_the_descriptor_is_ready,
                             two_coroutines_wait_for_one_descriptor_in_both_directions,
                             a_thousand_coroutines_wait_for_one_descriptor,
                             a_cancelled_wait_leaves_nothing_behind,
                             a_hangup_and_an_error_end_a_wait,
                             what_cannot_be_waited_for_is_refused,
                             a_descriptor_becomes_non_blocking,
                             a_descriptor_that_a_handle_of_libuv_watches_is_refused,
                             urgent_data_are_told_apart,
                             an_idle_stream_does_not_hide_a_deadlock_and_a_wait_is_none,
                             NULL};
    return run_tests("wait_fd", tests, 20);
}
