/* gr_io: what is read is what was written, whole and in order, and every wait can be left. */
#include <griddle/sync.h>
#include <signal.h>
#include <sys/socket.h>

#include "io/io_world.h"

/* --- some, so many, a line --- */

static void put(gr_co co, gr_io *io, const char *text)
{
    ck_assert_int_eq(gr_io_write(co, io, text, strlen(text)), 0);
}

static void assert_until(gr_co co, gr_io *io, const char *separator, size_t max, const char *wanted)
{
    const char *data;
    size_t len;
    ck_assert_int_eq(gr_io_read_until(co, io, separator, max, &data, &len), 0);
    ck_assert_msg(len == strlen(wanted) && memcmp(data, wanted, len) == 0, "wanted \"%s\", got \"%.*s\"", wanted,
                  (int)len, data);
}

static void assert_read(gr_co co, gr_io *io, const char *wanted)
{
    char buf[64];
    size_t n;
    ck_assert_int_eq(gr_io_read(co, io, buf, sizeof buf, &n), 0);
    ck_assert_msg(n == strlen(wanted) && memcmp(buf, wanted, n) == 0, "wanted \"%s\", got \"%.*s\"", wanted, (int)n,
                  buf);
}

IO_TEST(bytes_go_both_ways_until_the_end)
{
    struct pair pair = open_pair(co);
    put(co, pair.a, "hello");
    assert_read(co, pair.b, "hello");
    put(co, pair.b, "you");
    assert_read(co, pair.a, "you");
    ck_assert_int_eq(gr_io_shutdown(pair.a), 0);
    assert_read(co, pair.b, "");
    assert_read(co, pair.b, "");
    put(co, pair.b, "still here");
    assert_read(co, pair.a, "still here");
    ck_assert_int_eq(gr_io_write(co, pair.a, "x", 1), GR_EPIPE);
    close_pair(pair);
    return 0;
}

IO_TEST(lines_are_read_with_their_separator_and_the_rest_without)
{
    struct pair pair = open_pair(co);
    put(co, pair.a, "one\ntwo\n\nthree\r\n\r\nrest");
    assert_until(co, pair.b, "\n", 100, "one\n");
    assert_until(co, pair.b, "\n", 100, "two\n");
    assert_until(co, pair.b, "\n", 100, "\n");
    assert_until(co, pair.b, "\r\n\r\n", 100, "three\r\n\r\n");
    ck_assert_int_eq(gr_io_shutdown(pair.a), 0);
    assert_until(co, pair.b, "\n", 100, "rest");
    assert_until(co, pair.b, "\n", 100, "");
    assert_until(co, pair.b, "\n", 100, "");
    close_pair(pair);
    return 0;
}

static int put_piece_by_piece(gr_co co, gr_io *io)
{
    for (const char *at = "ab--\r-\r\n--\r\nz"; *at; at++) {
        int rc = gr_io_write(co, io, at, 1);
        rc = rc ? rc : gr_sleep(co, 1);
        if (rc)
            return rc;
    }
    return gr_io_shutdown(io);
}
GR_TASK(put_piece_by_piece, gr_io);

IO_TEST(a_separator_that_comes_in_pieces_is_found)
{
    struct pair pair = open_pair(co);
    gr_task *task;
    ck_assert_int_eq(put_piece_by_piece_spawn(co, &task, pair.a), 0);
    assert_until(co, pair.b, "--\r\n", 100, "ab--\r-\r\n--\r\n");
    assert_until(co, pair.b, "--\r\n", 100, "z");
    ck_assert_int_eq(gr_join(co, task), 0);
    close_pair(pair);
    return 0;
}

IO_TEST(a_line_above_its_limit_is_refused_and_nothing_is_lost)
{
    struct pair pair = open_pair(co);
    const char *data;
    size_t len;
    put(co, pair.a, "12345\n67");
    ck_assert_int_eq(gr_io_read_until(co, pair.b, "\n", 5, &data, &len), GR_EMSGSIZE);
    ck_assert_uint_eq(len, 0);
    assert_until(co, pair.b, "\n", 6, "12345\n");
    ck_assert_int_eq(gr_io_read_until(gr_within(co, 5), pair.b, "\n", 100, &data, &len), GR_ETIMEDOUT);
    put(co, pair.a, "8");
    ck_assert_int_eq(gr_io_read_until(co, pair.b, "\n", 3, &data, &len), GR_EMSGSIZE);
    ck_assert_int_eq(gr_io_shutdown(pair.a), 0);
    assert_until(co, pair.b, "\n", 4, "678");
    ck_assert_int_eq(gr_io_read_until(co, pair.b, "", 4, &data, &len), GR_EINVAL);
    ck_assert_int_eq(gr_io_read_until(co, pair.b, "\n", 0, &data, &len), GR_EINVAL);
    close_pair(pair);
    return 0;
}

IO_TEST(the_ways_to_read_can_be_mixed)
{
    struct pair pair = open_pair(co);
    char buf[8] = {0};
    size_t n;
    put(co, pair.a, "head\nbodybodytail");
    assert_until(co, pair.b, "\n", 100, "head\n");
    ck_assert_int_eq(gr_io_read_exactly(co, pair.b, buf, 8), 0);
    ck_assert_mem_eq(buf, "bodybody", 8);
    ck_assert_int_eq(gr_io_read(co, pair.b, buf, 3, &n), 0);
    ck_assert_uint_eq(n, 3);
    ck_assert_int_eq(gr_io_shutdown(pair.a), 0);
    ck_assert_int_eq(gr_io_read_exactly(co, pair.b, buf, 2), GR_EPIPE);
    ck_assert_int_eq(buf[0], 'l');
    ck_assert_int_eq(gr_io_read(co, pair.b, buf, 0, &n), GR_EINVAL);
    ck_assert_int_eq(gr_io_read_exactly(co, pair.b, buf, 0), 0);
    close_pair(pair);
    return 0;
}

/* --- much --- */

/* Check notes each assertion for its parent: a byte is not worth one. */
enum { MUCH = 8 * 1024 * 1024 };

static unsigned char byte_at(size_t i)
{
    return (unsigned char)(i * 2654435761u >> 13);
}

static int write_much(gr_co co, gr_io *io)
{
    unsigned char *much = malloc(MUCH);
    for (size_t i = 0; i < MUCH; i++)
        much[i] = byte_at(i);
    int rc = gr_io_write(co, io, much, MUCH);
    free(much);
    return rc ? rc : gr_io_shutdown(io);
}
GR_TASK(write_much, gr_io);

static int read_much(gr_co co, gr_io *io)
{
    unsigned char buf[10007];
    size_t total = 0, wrong = 0, n;
    int rc;
    while ((rc = gr_io_read(co, io, buf, sizeof buf, &n)) == 0 && n) {
        for (size_t i = 0; i < n; i++)
            wrong += buf[i] != byte_at(total + i);
        total += n;
    }
    ck_assert_uint_eq(total, MUCH);
    ck_assert_uint_eq(wrong, 0);
    return rc;
}
GR_TASK(read_much, gr_io);

IO_TEST(eight_megabytes_pass_in_each_direction_at_once)
{
    struct pair pair = open_pair(co);
    ck_assert_int_eq(
        gr_gather(co, write_much_job(pair.a), read_much_job(pair.b), write_much_job(pair.b), read_much_job(pair.a)), 0);
    close_pair(pair);
    return 0;
}

static int fill(gr_co co, gr_io *io, size_t *sent)
{
    char block[1000] = {0};
    int rc;
    for (*sent = 0; (rc = gr_io_write(gr_within(co, 20), io, block, sizeof block)) == 0;)
        *sent += sizeof block;
    return rc;
}

IO_TEST(a_reader_that_does_not_read_holds_the_writer_back)
{
    struct pair pair = open_pair(co);
    size_t sent;
    ck_assert_int_eq(fill(co, pair.a, &sent), GR_ETIMEDOUT);
    ck_assert_uint_gt(sent, 1000);
    ck_assert_uint_lt(sent, 16 * 1024 * 1024);
    close_pair(pair);
    return 0;
}

IO_TEST(a_write_that_was_cut_ends_the_writing)
{
    struct pair pair = open_pair(co);
    size_t len = 16 * 1024 * 1024;
    char *much = calloc(1, len);
    ck_assert_int_eq(gr_io_write(gr_within(co, 20), pair.a, much, len), GR_ETIMEDOUT);
    ck_assert_int_eq(gr_io_write(co, pair.a, "x", 1), GR_EPIPE);
    free(much);
    close_pair(pair);
    return 0;
}

IO_TEST(a_write_that_was_left_before_its_first_byte_spoils_nothing)
{
    struct pair pair = open_pair(co);
    size_t sent = 0;
    char byte = 'x', buf[4096];
    while (gr_io_write(gr_within(co, 20), pair.a, &byte, 1) == 0)
        sent++;
    while (sent > 0) {
        size_t n;
        ck_assert_int_eq(gr_io_read(co, pair.b, buf, sizeof buf, &n), 0);
        sent -= n;
    }
    put(co, pair.a, "on");
    assert_read(co, pair.b, "on");
    close_pair(pair);
    return 0;
}

struct message {
    gr_io *io;
    char fill;
};

static int write_message(gr_co co, struct message *message)
{
    enum { LEN = 300000 };
    char *bytes = malloc(LEN);
    memset(bytes, message->fill, LEN);
    int rc = gr_io_write(co, message->io, bytes, LEN);
    free(bytes);
    return rc;
}
GR_TASK(write_message, struct message);

static int read_messages(gr_co co, gr_io *io)
{
    static char bytes[300000];
    for (int fill = 'a'; fill <= 'c'; fill++) {
        int rc = gr_io_read_exactly(co, io, bytes, sizeof bytes);
        if (rc)
            return rc;
        size_t wrong = 0;
        for (size_t i = 0; i < sizeof bytes; i++)
            wrong += bytes[i] != fill;
        ck_assert_uint_eq(wrong, 0);
    }
    return 0;
}
GR_TASK(read_messages, gr_io);

IO_TEST(the_bytes_of_each_writer_stay_together_and_in_order)
{
    struct pair pair = open_pair(co);
    struct message a = {pair.a, 'a'}, b = {pair.a, 'b'}, c = {pair.a, 'c'};
    ck_assert_int_eq(
        gr_gather(co, write_message_job(&a), write_message_job(&b), write_message_job(&c), read_messages_job(pair.b)),
        0);
    close_pair(pair);
    return 0;
}

/* --- being left --- */

static int read_one(gr_co co, gr_io *io)
{
    char byte;
    size_t n;
    return gr_io_read(co, io, &byte, 1, &n);
}
GR_TASK(read_one, gr_io);

IO_TEST(a_cancelled_read_takes_nothing_and_the_next_one_reads_on)
{
    struct pair pair = open_pair(co);
    gr_task *task;
    ck_assert_int_eq(read_one_spawn(co, &task, pair.b), 0);
    ck_assert_int_eq(gr_sleep(co, 5), 0);
    gr_cancel(task);
    ck_assert_int_eq(gr_join(co, task), GR_ECANCELED);
    put(co, pair.a, "later");
    assert_read(co, pair.b, "later");
    close_pair(pair);
    return 0;
}

static int read_after_cancel(gr_co co, gr_io *io)
{
    int rc = gr_sleep(co, 1000);
    ck_assert_int_eq(rc, GR_ECANCELED);
    return read_one(co, io);
}
GR_TASK(read_after_cancel, gr_io);

IO_TEST(a_cancelled_coroutine_does_not_even_read_what_is_there)
{
    struct pair pair = open_pair(co);
    gr_task *task;
    put(co, pair.a, "x");
    ck_assert_int_eq(read_after_cancel_spawn(co, &task, pair.b), 0);
    ck_assert_int_eq(gr_sleep(co, 5), 0);
    gr_cancel(task);
    ck_assert_int_eq(gr_join(co, task), GR_ECANCELED);
    assert_read(co, pair.b, "x");
    close_pair(pair);
    return 0;
}

static int drink(gr_co co, gr_io *io)
{
    char buf[256];
    size_t n;
    int rc;
    while ((rc = gr_io_read(co, io, buf, sizeof buf, &n)) == 0 && n)
        continue;
    return rc;
}
GR_TASK(drink, gr_io);

static int pour(gr_co co, gr_io *io)
{
    char buf[256] = {0};
    int rc;
    while ((rc = gr_io_write(co, io, buf, sizeof buf)) == 0)
        continue;
    return rc;
}
GR_TASK(pour, gr_io);

IO_TEST(two_that_are_always_ready_leave_the_loop_to_others)
{
    struct pair pair = open_pair(co);
    gr_task *from, *to;
    ck_assert_int_eq(drink_spawn(co, &to, pair.b), 0);
    ck_assert_int_eq(pour_spawn(co, &from, pair.a), 0);
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(gr_sleep(co, 1), 0);
    gr_cancel(from);
    gr_cancel(to);
    ck_assert_int_eq(gr_join(co, from), GR_ECANCELED);
    ck_assert_int_eq(gr_join(co, to), GR_ECANCELED);
    close_pair(pair);
    return 0;
}

/* --- pipes, and other ends --- */

static gr_io *open_fd(gr_co co, int fd)
{
    gr_io *io;
    ck_assert_int_eq(gr_io_open(co, &io, fd), 0);
    ck_assert_int_eq(gr_io_fd(io), fd);
    return io;
}

IO_TEST(a_pipe_is_a_stream_and_its_broken_end_raises_no_signal)
{
    int fds[2];
    sigset_t pending;
    signal(SIGPIPE, SIG_DFL);
    ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
    gr_io *reader = open_fd(co, fds[0]), *writer = open_fd(co, fds[1]);
    put(co, writer, "through");
    assert_read(co, reader, "through");
    gr_io_close(reader);
    ck_assert_int_eq(gr_io_write(co, writer, "x", 1), GR_EPIPE);
    sigpending(&pending);
    ck_assert(!sigismember(&pending, SIGPIPE));
    ck_assert_int_eq(gr_io_shutdown(writer), GR_EINVAL);
    gr_io_close(writer);
    return 0;
}

IO_TEST(a_socket_whose_peer_is_gone_raises_no_signal)
{
    struct pair pair = open_pair(co);
    signal(SIGPIPE, SIG_DFL);
    gr_io_close(pair.b);
    ck_assert_int_eq(gr_io_write(co, pair.a, "x", 1), GR_EPIPE);
    gr_io_close(pair.a);
    gr_io_close(NULL);
    return 0;
}

IO_TEST(a_descriptor_that_cannot_be_a_stream_is_closed)
{
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    gr_io *io;
    ck_assert_int_eq(gr_io_open(co, &io, fd), -EPERM);
    ck_assert_ptr_null(io);
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
    ck_assert_int_eq(gr_io_open(co, &io, -1), -EBADF);
    return 0;
}

IO_TEST(the_writing_of_a_socket_without_a_peer_cannot_be_ended)
{
    gr_io *io = open_fd(co, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ck_assert_int_ne(fcntl(gr_io_fd(io), F_GETFL) & O_NONBLOCK, 0);
    ck_assert_int_eq(gr_io_shutdown(io), -ENOTCONN);
    gr_io_close(io);
    return 0;
}

/* --- misuse --- */

static int two_readers(gr_co co, GR_UNUSED void *arg)
{
    struct pair pair = open_pair(co);
    gr_task *first;
    int rc = read_one_spawn(co, &first, pair.a);
    rc = rc ? rc : gr_sleep(co, 1);
    return rc ? rc : read_one(co, pair.a);
}

static int close_under_a_reader(gr_co co, GR_UNUSED void *arg)
{
    struct pair pair = open_pair(co);
    gr_task *first;
    int rc = read_one_spawn(co, &first, pair.a);
    rc = rc ? rc : gr_sleep(co, 1);
    gr_io_close(pair.a);
    return rc;
}

static int read_elsewhere(gr_co co, void *arg)
{
    return read_one(co, arg);
}

static int run_elsewhere(void *arg)
{
    return gr_run(read_elsewhere, arg);
}

static int read_on_another_loop(gr_co co, GR_UNUSED void *arg)
{
    struct pair pair = open_pair(co);
    return gr_offload(co, run_elsewhere, pair.a);
}

static int wait_for_it(gr_co co, gr_io *io)
{
    return gr_wait_fd(co, gr_io_fd(io), GR_READABLE, NULL);
}
GR_TASK(wait_for_it, gr_io);

static int close_under_a_wait(gr_co co, GR_UNUSED void *arg)
{
    struct pair pair = open_pair(co);
    gr_task *task;
    int rc = wait_for_it_spawn(co, &task, pair.a);
    rc = rc ? rc : gr_sleep(co, 1);
    gr_io_close(pair.a);
    return rc;
}

static int wait_in_vain(gr_co co, GR_UNUSED void *arg)
{
    gr_event event = {0};
    struct pair pair = open_pair(co);
    put(co, pair.a, "x");
    assert_read(co, pair.b, "x");
    return gr_event_wait(co, &event);
}

static int leave_open(gr_co co, GR_UNUSED void *arg)
{
    (void)open_pair(co);
    return 0;
}

static void run_it(void *arg)
{
    gr_task_fn *fn;
    memcpy(&fn, arg, sizeof fn);
    _exit(gr_run(fn, NULL));
}

static struct death run_to_death(gr_task_fn *fn)
{
    return run_apart(run_it, &fn);
}

START_TEST(misuse_is_named)
{
    assert_aborts_saying(run_to_death(two_readers),
                         "\"main\" reads from a stream that \"read_one\" reads from already");
    assert_aborts_saying(run_to_death(close_under_a_reader), "gr_io_close() while \"read_one\" is in a call for it");
    assert_aborts_saying(run_to_death(read_on_another_loop),
                         "\"main\" uses a stream, or a socket, of another event loop");
    assert_aborts_saying(run_to_death(close_under_a_wait), "gr_io_close() while a coroutine is in gr_wait_fd()");
    assert_aborts_saying(run_to_death(wait_in_vain), "deadlock: the coroutine \"main\" waits for event");
}
END_TEST

START_TEST(a_stream_left_open_is_named_in_the_log)
{
    struct death death = run_to_death(leave_open);
    ck_assert_msg(strstr(death.stderr_, "was left open: call gr_io_close()"), "got: %s", death.stderr_);
}
END_TEST

int main(void)
{
    const test_list tests = {bytes_go_both_ways_until_the_end,
                             lines_are_read_with_their_separator_and_the_rest_without,
                             a_separator_that_comes_in_pieces_is_found,
                             a_line_above_its_limit_is_refused_and_nothing_is_lost,
                             the_ways_to_read_can_be_mixed,
                             eight_megabytes_pass_in_each_direction_at_once,
                             a_reader_that_does_not_read_holds_the_writer_back,
                             a_write_that_was_cut_ends_the_writing,
                             a_write_that_was_left_before_its_first_byte_spoils_nothing,
                             the_bytes_of_each_writer_stay_together_and_in_order,
                             a_cancelled_read_takes_nothing_and_the_next_one_reads_on,
                             a_cancelled_coroutine_does_not_even_read_what_is_there,
                             two_that_are_always_ready_leave_the_loop_to_others,
                             a_pipe_is_a_stream_and_its_broken_end_raises_no_signal,
                             a_socket_whose_peer_is_gone_raises_no_signal,
                             a_descriptor_that_cannot_be_a_stream_is_closed,
                             the_writing_of_a_socket_without_a_peer_cannot_be_ended,
                             misuse_is_named,
                             a_stream_left_open_is_named_in_the_log,
                             NULL};
    return run_tests("stream", tests, 30);
}
