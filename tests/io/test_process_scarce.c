/* Child processes where each allocation fails in turn: no child, no descriptor and no byte is left. */
#include "io/process_calls.h"

#include "app/scarce.h"

static gr_process_result result;

static int run_scarce(gr_co co, long n)
{
    left = n;
    int rc =
        gr_process_run(co, GR_PROCESS(.argv = SH("cat; head -c 20000 /dev/zero; echo oh >&2")), "input", 5, &result);
    plenty();
    return rc;
}

static void assert_complete(const gr_process_result *done)
{
    ck_assert_uint_eq(done->out_len, 20005);
    ck_assert_str_eq(done->err, "oh\n");
    assert_status(done->status, 0, 0);
}

static long fail_each(gr_co co)
{
    int rc = GR_ENOMEM;
    long n = 0;
    for (; rc != 0; n++) {
        rc = run_scarce(co, n);
        ck_assert_msg(rc == 0 || rc == GR_ENOMEM, "allocation %ld: %d", n, rc);
        if (rc == 0)
            assert_complete(&result);
        gr_process_result_finish(&result);
        assert_no_child();
    }
    return n;
}

IO_TEST(when_one_allocation_fails_nothing_is_left)
{
    once = true;
    ck_assert_int_gt(fail_each(co), 5);
    return 0;
}

IO_TEST(when_memory_stays_out_nothing_is_left)
{
    once = false;
    ck_assert_int_gt(fail_each(co), 5);
    return 0;
}

/* A close needs none. */
IO_TEST(a_process_is_closed_without_memory)
{
    gr_process *process = start_process(co, GR_PROCESS(.argv = GR_ARGV("cat"), .in = GR_STDIO_PIPE));
    gr_process_status status;
    scarce();
    int rc = gr_process_wait(gr_within(co, 5), process, &status);
    gr_process_close(co, process);
    plenty();
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    assert_no_child();
    return 0;
}

int main(void)
{
    const test_list tests = {when_one_allocation_fails_nothing_is_left, when_memory_stays_out_nothing_is_left,
                             a_process_is_closed_without_memory, NULL};
    return run_tests("process scarce", tests, 60);
}
