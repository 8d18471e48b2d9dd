/* Child processes that are not waited for to their own end: nothing is left of them. */
#include "io/process_calls.h"

/* Says "ready", and then does not end by itself, nor by SIGTERM. */
#define STUBBORN "trap '' TERM; echo ready; while :; do sleep 1000; done"

static gr_process *start_stubborn(gr_co co)
{
    gr_process *process = start_process(co, GR_PROCESS(.argv = SH(STUBBORN), .out = GR_STDIO_PIPE, .own_group = true));
    assert_says(co, gr_process_out(process), "ready\n");
    return process;
}

static void assert_is_gone(int pid)
{
    ck_assert_int_eq(kill(pid, 0), -1);
    ck_assert_int_eq(errno, ESRCH);
    ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}

IO_TEST(a_close_kills_what_does_not_heed_sigterm)
{
    gr_process *process = start_stubborn(co);
    int pid = gr_process_pid(process);
    ck_assert_int_eq(gr_process_kill(process, SIGTERM), 0);
    ck_assert_int_eq(gr_process_wait(gr_within(co, 20), process, NULL), GR_ETIMEDOUT);
    gr_process_close(co, process);
    assert_is_gone(pid);
    gr_process_close(co, NULL);
    return 0;
}

struct couple {
    gr_process *first, *second;
};

/* What it is told of the second is known as soon as it runs, without a wait. */
static int ask_for_the_second(gr_co co, struct couple *couple)
{
    int rc = gr_process_wait(co, couple->first, NULL);
    uint64_t turns = co.task->sched->turns;
    rc = rc ? rc : gr_process_wait(co, couple->second, NULL);
    ck_assert_uint_eq(co.task->sched->turns, turns);
    ck_assert_int_eq(gr_process_kill(couple->second, SIGTERM), -ESRCH);
    return rc;
}
GR_TASK(ask_for_the_second, struct couple);

IO_TEST(those_that_end_together_are_all_known_to_have_ended)
{
    for (int i = 0; i < 2; i++) {
        gr_process *a = start_process(co, GR_PROCESS(.argv = SH("read line"), .in = GR_STDIO_PIPE)),
                   *b = start_process(co, GR_PROCESS(.argv = SH("read line"), .in = GR_STDIO_PIPE));
        struct couple couple = {i ? a : b, i ? b : a};
        siginfo_t info;
        gr_task *task;
        ck_assert_int_eq(ask_for_the_second_spawn(co, &task, &couple), 0);
        ck_assert_int_eq(gr_yield(co), 0);
        gr_process_close_in(a);
        gr_process_close_in(b);
        ck_assert_int_eq(waitid(P_PID, (id_t)gr_process_pid(a), &info, WEXITED | WNOWAIT), 0);
        ck_assert_int_eq(waitid(P_PID, (id_t)gr_process_pid(b), &info, WEXITED | WNOWAIT), 0);
        ck_assert_int_eq(gr_join(co, task), 0);
        gr_process_close(co, a);
        gr_process_close(co, b);
    }
    return 0;
}

IO_TEST(a_stopped_child_is_killed_too)
{
    gr_process *process = start_stubborn(co);
    ck_assert_int_eq(gr_process_kill(process, SIGSTOP), 0);
    int pid = gr_process_pid(process);
    gr_process_close(co, process);
    assert_is_gone(pid);
    return 0;
}

struct waiting {
    gr_process *process;
    gr_process_status status;
    int rc;
};

static int wait_as_task(gr_co co, void *arg)
{
    struct waiting *self = arg;
    self->rc = gr_process_wait(co, self->process, &self->status);
    return 0;
}

/* Neither who waits nor who was just cancelled there looks at a process that is gone. */
IO_TEST(those_who_wait_for_one_that_is_closed_get_its_status)
{
    gr_process *process = start_stubborn(co);
    struct waiting a = {.process = process}, b = {.process = process};
    gr_task *tasks[2];
    ck_assert_int_eq(gr_spawn(co, &tasks[0], wait_as_task, &a), 0);
    ck_assert_int_eq(gr_spawn(co, &tasks[1], wait_as_task, &b), 0);
    ck_assert_int_eq(gr_yield(co), 0);
    gr_cancel(tasks[1]);
    gr_process_close(co, process);
    ck_assert_int_eq(gr_join(co, tasks[0]), 0);
    ck_assert_int_eq(gr_join(co, tasks[1]), 0);
    ck_assert_int_eq(a.rc, 0);
    assert_status(a.status, -SIGKILL, SIGKILL);
    ck_assert_int_eq(b.rc, GR_ECANCELED);
    return 0;
}

static int start_and_sleep(gr_co co, void *arg)
{
    gr_process *process = start_stubborn(co);
    *(int *)arg = gr_process_pid(process);
    int rc = gr_process_wait(co, process, NULL), again = gr_sleep(co, 1);
    ck_assert_int_eq(again, rc);
    gr_process_close(co, process);
    assert_is_gone(*(int *)arg);
    return rc;
}

static void await_pid(gr_co co, const int *pid)
{
    while (*pid == 0)
        ck_assert_int_eq(gr_sleep(co, 1), 0);
}

IO_TEST(a_close_in_a_cancelled_coroutine_waits_for_the_end_as_ever)
{
    gr_task *task;
    int pid = 0;
    ck_assert_int_eq(gr_spawn(co, &task, start_and_sleep, &pid), 0);
    await_pid(co, &pid);
    gr_cancel(task);
    ck_assert_int_eq(gr_join(co, task), GR_ECANCELED);
    assert_is_gone(pid);
    return 0;
}

static int read_in_task(gr_co co, void *process)
{
    char byte;
    size_t n;
    return gr_io_read(co, gr_process_out(process), &byte, 1, &n);
}

static int close_under_reader(gr_co co, GR_UNUSED void *arg)
{
    gr_process *process =
        start_process(co, GR_PROCESS(.argv = GR_ARGV("cat"), .in = GR_STDIO_PIPE, .out = GR_STDIO_PIPE));
    gr_task *reader;
    int rc = gr_spawn(co, &reader, read_in_task, process);
    rc = rc ? rc : gr_yield(co);
    gr_process_close(co, process);
    return rc;
}

static void run_close_under_reader(void *arg)
{
    run_alone(REAL_TIME, close_under_reader, arg);
}

START_TEST(a_close_while_a_coroutine_reads_aborts_naming_it)
{
    assert_aborts_saying(run_apart(run_close_under_reader, NULL), "read_in_task");
}
END_TEST

/* --- runs --- */

static int run_stubborn(gr_co co, void *arg)
{
    gr_process_result result;
    int rc = gr_process_run(co, GR_PROCESS(.argv = SH(STUBBORN), .own_group = true), NULL, 0, &result);
    ck_assert_uint_eq(result.err_len, 0);
    gr_process_result_finish(&result);
    assert_no_child();
    *(int *)arg = rc;
    return rc;
}

IO_TEST(a_run_that_is_cancelled_leaves_no_child)
{
    gr_task *task;
    int rc = 0;
    ck_assert_int_eq(gr_spawn(co, &task, run_stubborn, &rc), 0);
    ck_assert_int_eq(gr_sleep(co, 300), 0);
    gr_cancel(task);
    ck_assert_int_eq(gr_join(co, task), GR_ECANCELED);
    ck_assert_int_eq(rc, GR_ECANCELED);
    assert_no_child();
    return 0;
}

IO_TEST(a_deadline_ends_a_run_and_its_child)
{
    int rc = 0;
    ck_assert_int_eq(run_stubborn(gr_within(co, 300), &rc), GR_ETIMEDOUT);
    return 0;
}

/* Without a group of its own what the child left behind goes on, and keeps nobody waiting. */
IO_TEST(a_deadline_does_not_wait_for_those_that_hold_the_pipe)
{
    gr_process_result result;
    int64_t enough_ms = 1000 * (int64_t)tests_slowness();
    int rc = gr_process_run(gr_within(co, enough_ms), GR_PROCESS(.argv = SH("sleep 1000 & echo $!")), NULL, 0, &result);
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    ck_assert_ptr_nonnull(result.out);
    int left_behind = atoi(result.out);
    ck_assert_int_gt(left_behind, 1);
    ck_assert_int_eq(kill(left_behind, SIGKILL), 0);
    gr_process_result_finish(&result);
    assert_no_child();
    return 0;
}

static int fail_soon(gr_co co, void *arg)
{
    (void)arg;
    int rc = gr_sleep(co, 300);
    return rc ? rc : 7;
}

IO_TEST(the_failure_of_a_sibling_ends_a_run)
{
    int rc = 0;
    ck_assert_int_eq(gr_gather(co, {run_stubborn, &rc}, {fail_soon, NULL}), 7);
    ck_assert_int_eq(rc, GR_ECANCELED);
    assert_no_child();
    return 0;
}

/* A cancellation at any moment of a short life. */
static int run_short(gr_co co, void *arg)
{
    gr_process_result result;
    (void)arg;
    int rc = gr_process_run(co, GR_PROCESS(.argv = SH("read x; echo $x")), "word\n", 5, &result);
    gr_process_result_finish(&result);
    return rc;
}

IO_TEST(whenever_the_deadline_comes_nothing_is_left)
{
    size_t before = open_descriptors();
    for (int64_t ms = 0; ms < 20; ms++) {
        int rc = run_short(gr_within(co, ms), NULL);
        ck_assert_msg(rc == 0 || rc == GR_ETIMEDOUT, "%d", rc);
        assert_no_child();
        ck_assert_uint_eq(open_descriptors(), before);
    }
    return 0;
}

int main(void)
{
    const test_list tests = {a_close_kills_what_does_not_heed_sigterm,
                             those_that_end_together_are_all_known_to_have_ended,
                             a_stopped_child_is_killed_too,
                             those_who_wait_for_one_that_is_closed_get_its_status,
                             a_close_in_a_cancelled_coroutine_waits_for_the_end_as_ever,
                             a_close_while_a_coroutine_reads_aborts_naming_it,
                             a_run_that_is_cancelled_leaves_no_child,
                             a_deadline_ends_a_run_and_its_child,
                             a_deadline_does_not_wait_for_those_that_hold_the_pipe,
                             the_failure_of_a_sibling_ends_a_run,
                             whenever_the_deadline_comes_nothing_is_left,
                             NULL};
    return run_tests("process end", tests, 60);
}
