/* gr_process_start(): what the child gets, and how its end is told. */
#include "io/process_calls.h"

/* --- the end --- */

IO_TEST(a_child_s_exit_code_and_its_signal_are_told_apart)
{
    assert_status(end_of(co, "exit 0"), 0, 0);
    assert_status(end_of(co, "exit 7"), 7, 0);
    assert_status(end_of(co, "exit 255"), 255, 0);
    assert_status(end_of(co, "kill -TERM $$"), -SIGTERM, SIGTERM);
    assert_status(end_of(co, "kill -KILL $$"), -SIGKILL, SIGKILL);
    assert_status(end_of(co, "exit 143"), 143, 0);
    assert_no_child();
    return 0;
}

struct waiting {
    gr_process *process;
    gr_process_status status;
    int rc;
    gr_task *task;
};

static int wait_as_task(gr_co co, void *arg)
{
    struct waiting *self = arg;
    self->rc = gr_process_wait(co, self->process, &self->status);
    return 0;
}

static void begin_to_wait(gr_co co, struct waiting *self, gr_process *process)
{
    self->process = process;
    ck_assert_int_eq(gr_spawn(co, &self->task, wait_as_task, self), 0);
}

static struct waiting *joined(gr_co co, struct waiting *self)
{
    ck_assert_int_eq(gr_join(co, self->task), 0);
    return self;
}

IO_TEST(any_number_wait_for_it_and_later_ones_are_told_at_once)
{
    gr_process *process = start_process(co, GR_PROCESS(.argv = SH("read line; exit 3"), .in = GR_STDIO_PIPE));
    struct waiting a = {0}, b = {0};
    begin_to_wait(co, &a, process);
    begin_to_wait(co, &b, process);
    ck_assert_int_eq(gr_process_wait(gr_within(co, 5), process, NULL), GR_ETIMEDOUT);
    ck_assert_int_eq(gr_io_write(co, gr_process_in(process), "go\n", 3), 0);
    assert_status(joined(co, &a)->status, 3, 0);
    assert_status(joined(co, &b)->status, 3, 0);
    assert_status(wait_for(co, process), 3, 0);
    ck_assert_int_eq(gr_process_wait(co, process, NULL), 0);
    gr_process_close(co, process);
    assert_no_child();
    return 0;
}

IO_TEST(a_wait_that_is_cancelled_leaves_the_child_as_it_is)
{
    gr_process *process = start_process(co, GR_PROCESS(.argv = SH("read line; exit 3"), .in = GR_STDIO_PIPE));
    struct waiting a = {0}, b = {0};
    begin_to_wait(co, &a, process);
    begin_to_wait(co, &b, process);
    ck_assert_int_eq(gr_yield(co), 0);
    gr_cancel(a.task);
    ck_assert_int_eq(joined(co, &a)->rc, GR_ECANCELED);
    gr_process_close_in(process);
    assert_status(joined(co, &b)->status, 3, 0);
    gr_process_close(co, process);
    return 0;
}

/* --- signals --- */

IO_TEST(signals_are_sent_until_it_has_ended_and_never_after)
{
    gr_process *process =
        start_process(co, GR_PROCESS(.argv = SH("trap 'echo caught' USR1; echo ready; while :; do read line; done"),
                                     .in = GR_STDIO_PIPE, .out = GR_STDIO_PIPE));
    assert_says(co, gr_process_out(process), "ready\n");
    ck_assert_int_eq(gr_process_kill(process, 1000), GR_EINVAL);
    ck_assert_int_eq(gr_process_kill(process, 0), 0);
    ck_assert_int_eq(gr_process_kill(process, SIGUSR1), 0);
    ck_assert_int_eq(gr_io_write(co, gr_process_in(process), "\n", 1), 0);
    assert_says(co, gr_process_out(process), "caught\n");
    ck_assert_int_eq(gr_process_kill(process, SIGTERM), 0);
    assert_status(wait_for(co, process), -SIGTERM, SIGTERM);
    ck_assert_int_eq(gr_process_kill(process, SIGTERM), -ESRCH);
    ck_assert_int_gt(gr_process_pid(process), 0);
    gr_process_close(co, process);
    return 0;
}

/* The grandchild holds the pipe: it ends when both are gone. */
IO_TEST(a_signal_to_a_group_of_its_own_reaches_its_children_too)
{
    gr_process *process = start_process(
        co, GR_PROCESS(.argv = SH("sleep 1000 & echo ready; wait"), .out = GR_STDIO_PIPE, .own_group = true));
    assert_says(co, gr_process_out(process), "ready\n");
    ck_assert_int_ne(getpgid(gr_process_pid(process)), getpgid(0));
    ck_assert_int_eq(gr_process_kill(process, SIGTERM), 0);
    assert_ends(co, gr_process_out(process));
    assert_status(wait_for(co, process), -SIGTERM, SIGTERM);
    gr_process_close(co, process);
    return 0;
}

IO_TEST(in_the_child_no_signal_is_ignored_or_blocked)
{
    sigset_t all, before;
    signal(SIGPIPE, SIG_IGN);
    sigfillset(&all);
    sigdelset(&all, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    gr_process *process =
        start_process(co, GR_PROCESS(.argv = GR_ARGV("grep", "-E", "Sig(Ign|Blk).*[1-9a-f]", "/proc/self/status"),
                                     .out = GR_STDIO_NULL));
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    assert_status(wait_for(co, process), 1, 0);
    gr_process_close(co, process);
    return 0;
}

/* --- streams --- */

IO_TEST(it_is_talked_to_on_its_three_streams)
{
    gr_process *process = start_process(
        co, GR_PROCESS(.argv = SH("while read line; do echo \"out $line\"; echo \"err $line\" >&2; done; echo end"),
                       .in = GR_STDIO_PIPE, .out = GR_STDIO_PIPE, .err = GR_STDIO_PIPE));
    ck_assert_int_eq(gr_io_write(co, gr_process_in(process), "a\n", 2), 0);
    assert_says(co, gr_process_out(process), "out a\n");
    assert_says(co, gr_process_err(process), "err a\n");
    ck_assert_int_eq(gr_io_write(co, gr_process_in(process), "b\n", 2), 0);
    assert_says(co, gr_process_err(process), "err b\n");
    assert_says(co, gr_process_out(process), "out b\n");
    gr_process_close_in(process);
    gr_process_close_in(process);
    ck_assert_ptr_null(gr_process_in(process));
    assert_says(co, gr_process_out(process), "end\n");
    assert_ends(co, gr_process_out(process));
    assert_ends(co, gr_process_err(process));
    assert_status(wait_for(co, process), 0, 0);
    gr_process_close(co, process);
    return 0;
}

IO_TEST(errors_go_where_the_output_goes_in_the_order_of_writing)
{
    gr_process *process = start_process(co, GR_PROCESS(.argv = SH("echo a; echo b >&2; echo c; echo d >&2"),
                                                       .out = GR_STDIO_PIPE, .err = GR_STDIO_STDOUT));
    ck_assert_ptr_null(gr_process_in(process));
    ck_assert_ptr_null(gr_process_err(process));
    assert_says(co, gr_process_out(process), "a\n");
    assert_says(co, gr_process_out(process), "b\n");
    assert_says(co, gr_process_out(process), "c\n");
    assert_says(co, gr_process_out(process), "d\n");
    assert_ends(co, gr_process_out(process));
    gr_process_close(co, process);
    return 0;
}

IO_TEST(null_is_at_its_end_and_swallows_everything)
{
    assert_status(end_of(co, "cat && echo something && echo more >&2"), 0, 0);
    gr_process *process = start_process(
        co, GR_PROCESS(.argv = SH("echo lost; echo lost >&2"), .out = GR_STDIO_NULL, .err = GR_STDIO_STDOUT));
    assert_status(wait_for(co, process), 0, 0);
    gr_process_close(co, process);
    return 0;
}

IO_TEST(what_is_inherited_is_the_program_s_own)
{
    int fds[2], saved = dup(STDOUT_FILENO);
    char text[8] = "";
    ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
    fflush(stdout);
    dup2(fds[1], STDOUT_FILENO);
    gr_process *process = start_process(co, GR_PROCESS(.argv = GR_ARGV("echo", "mine")));
    dup2(saved, STDOUT_FILENO);
    assert_status(wait_for(co, process), 0, 0);
    gr_process_close(co, process);
    close(saved);
    close(fds[1]);
    ck_assert_int_eq(read(fds[0], text, sizeof text), 5);
    ck_assert_str_eq(text, "mine\n");
    close(fds[0]);
    return 0;
}

static void assert_has_three(gr_co co, gr_process *process)
{
    for (int fd = 0; fd <= 3; fd++)
        assert_says(co, gr_process_out(process), (const char *[]){"0\n", "1\n", "2\n", "3\n"}[fd]);
    assert_ends(co, gr_process_out(process));
}

/* Those of one that was started before must not keep a pipe open. 3 is the folder that it reads. */
IO_TEST(a_child_has_its_three_descriptors_and_no_other)
{
    for (int fd = 3; fd < 1000; fd++)
        fcntl(fd, F_SETFD, FD_CLOEXEC); /* what the tests were started with */
    gr_process *other =
        start_process(co, GR_PROCESS(.argv = GR_ARGV("cat"), .in = GR_STDIO_PIPE, .out = GR_STDIO_PIPE));
    gr_process *process = start_process(co, GR_PROCESS(.argv = GR_ARGV("ls", "/proc/self/fd"), .in = GR_STDIO_PIPE,
                                                       .out = GR_STDIO_PIPE, .err = GR_STDIO_PIPE));
    assert_has_three(co, process);
    gr_process_close(co, process);
    gr_process_close_in(other);
    assert_ends(co, gr_process_out(other));
    assert_status(wait_for(co, other), 0, 0);
    gr_process_close(co, other);
    return 0;
}

IO_TEST(a_child_that_closed_its_input_is_told_to_the_writer)
{
    static const char much[1 << 20];
    gr_process *process = start_process(
        co, GR_PROCESS(.argv = SH("exec 0<&-; echo closed; read line <&1"), .in = GR_STDIO_PIPE, .out = GR_STDIO_PIPE));
    assert_says(co, gr_process_out(process), "closed\n");
    ck_assert_int_eq(gr_io_write(co, gr_process_in(process), much, sizeof much), GR_EPIPE);
    gr_process_close(co, process);
    assert_no_child();
    return 0;
}

/* --- place and environment --- */

IO_TEST(it_gets_the_place_the_environment_and_the_arguments_that_were_given)
{
    const char *const env[] = {"PATH=/usr/bin:/bin", "COLOUR=red and blue", NULL};
    gr_process *process = start_process(
        co, GR_PROCESS(.argv = GR_ARGV("sh", "-c", "pwd; echo \"$COLOUR${HOME-, no home}\"; echo \"$#:$1:$2\"", "name",
                                       "a b", "$HOME \"*\""),
                       .env = env, .cwd = "/usr", .out = GR_STDIO_PIPE));
    assert_says(co, gr_process_out(process), "/usr\n");
    assert_says(co, gr_process_out(process), "red and blue, no home\n");
    assert_says(co, gr_process_out(process), "2:a b:$HOME \"*\"\n");
    gr_process_close(co, process);
    return 0;
}

IO_TEST(without_an_environment_it_inherits_the_program_s_own)
{
    setenv("GRIDDLE_TEST", "inherited", 1);
    gr_process *process =
        start_process(co, GR_PROCESS(.argv = GR_ARGV("printenv", "GRIDDLE_TEST"), .out = GR_STDIO_PIPE));
    assert_says(co, gr_process_out(process), "inherited\n");
    gr_process_close(co, process);
    return 0;
}

/* --- what cannot be started --- */

static void assert_fails(gr_co co, int rc, const gr_process_options *options)
{
    int some;
    gr_process *process = (gr_process *)(void *)&some;
    ck_assert_int_eq(gr_process_start(co, &process, options), rc);
    ck_assert_ptr_null(process);
    assert_no_child();
}

IO_TEST(a_program_that_cannot_run_is_the_start_s_failure)
{
    assert_fails(co, -ENOENT, GR_PROCESS(.argv = GR_ARGV("no-such-program"), .in = GR_STDIO_PIPE));
    assert_fails(co, -ENOENT, GR_PROCESS(.argv = GR_ARGV("/no/such/program"), .out = GR_STDIO_PIPE));
    assert_fails(co, -ENOENT, GR_PROCESS(.argv = GR_ARGV("")));
    assert_fails(co, -ENOENT, GR_PROCESS(.argv = GR_ARGV("true"), .cwd = "/no/such/place", .err = GR_STDIO_PIPE));
    assert_fails(co, -ENOTDIR, GR_PROCESS(.argv = GR_ARGV("true"), .cwd = "/etc/passwd"));
    assert_fails(co, -EACCES, GR_PROCESS(.argv = GR_ARGV("/etc/passwd")));
    return 0;
}

IO_TEST(options_that_make_no_sense_are_refused)
{
    gr_process_options options = {.size = sizeof options - 1, .argv = GR_ARGV("true")};
    assert_fails(co, GR_EINVAL, &options);
    assert_fails(co, GR_EINVAL, GR_PROCESS(.argv = NULL));
    assert_fails(co, GR_EINVAL, GR_PROCESS(.argv = (const char *const[]){NULL}));
    assert_fails(co, GR_EINVAL, GR_PROCESS(.argv = GR_ARGV("true"), .in = GR_STDIO_STDOUT));
    assert_fails(co, GR_EINVAL, GR_PROCESS(.argv = GR_ARGV("true"), .out = GR_STDIO_STDOUT));
    assert_fails(co, GR_EINVAL, GR_PROCESS(.argv = GR_ARGV("true"), .err = (gr_stdio)5));
    assert_fails(gr_within(co, 0), GR_ETIMEDOUT, GR_PROCESS(.argv = GR_ARGV("true")));
    return 0;
}

enum { DESCRIPTORS = 512, NEEDED = 8 }; /* both ends of three pipes, and of the one for exec()'s error */

static int start_with(gr_co co, size_t n_free)
{
    int all[DESCRIPTORS], null, rc;
    size_t n = 0;
    gr_process *process;
    while ((null = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
        all[n++] = null;
    for (size_t i = 0; i < n_free; i++)
        close(all[--n]);
    rc = gr_process_start(
        co, &process,
        GR_PROCESS(.argv = GR_ARGV("true"), .in = GR_STDIO_PIPE, .out = GR_STDIO_PIPE, .err = GR_STDIO_PIPE));
    gr_process_close(co, process);
    while (n > 0)
        close(all[--n]);
    return rc;
}

IO_TEST(without_descriptors_nothing_is_started_and_none_is_lost)
{
    struct rlimit few;
    size_t open = open_descriptors();
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &few), 0);
    few.rlim_cur = DESCRIPTORS;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    for (size_t n = 0; n <= NEEDED; n++) {
        ck_assert_int_eq(start_with(co, n), n < NEEDED ? -EMFILE : 0);
        ck_assert_uint_eq(open_descriptors(), open);
        assert_no_child();
    }
    return 0;
}

int main(void)
{
    const test_list tests = {a_child_s_exit_code_and_its_signal_are_told_apart,
                             any_number_wait_for_it_and_later_ones_are_told_at_once,
                             a_wait_that_is_cancelled_leaves_the_child_as_it_is,
                             signals_are_sent_until_it_has_ended_and_never_after,
                             a_signal_to_a_group_of_its_own_reaches_its_children_too,
                             in_the_child_no_signal_is_ignored_or_blocked,
                             it_is_talked_to_on_its_three_streams,
                             errors_go_where_the_output_goes_in_the_order_of_writing,
                             null_is_at_its_end_and_swallows_everything,
                             what_is_inherited_is_the_program_s_own,
                             a_child_has_its_three_descriptors_and_no_other,
                             a_child_that_closed_its_input_is_told_to_the_writer,
                             it_gets_the_place_the_environment_and_the_arguments_that_were_given,
                             without_an_environment_it_inherits_the_program_s_own,
                             a_program_that_cannot_run_is_the_start_s_failure,
                             options_that_make_no_sense_are_refused,
                             without_descriptors_nothing_is_started_and_none_is_lost,
                             NULL};
    return run_tests("process", tests, 30);
}
