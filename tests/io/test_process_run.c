/* gr_process_run(): a child as a function, fed and collected from at the same time. */
#include "io/process_calls.h"

enum { MEGABYTE = 1 << 20 };

#if GRI_TSAN
/* libuv closes descriptors by the bare call of the system, which ThreadSanitizer does not see: a number that another
 * thread is given then looks as if both used the same pipe. */
GR_API const char *__tsan_default_suppressions(void);
GR_API const char *__tsan_default_suppressions(void)
{
    return "race:pipe2\n";
}
#endif

static gr_process_result run(gr_co co, const gr_process_options *options, const char *input)
{
    gr_process_result result;
    ck_assert_int_eq(gr_process_run(co, options, input, input ? strlen(input) : 0, &result), 0);
    assert_no_child();
    return result;
}

static void assert_out(const gr_process_result *result, const char *out)
{
    ck_assert_ptr_nonnull(result->out);
    ck_assert_str_eq(result->out, out);
    ck_assert_uint_eq(result->out_len, strlen(out));
}

static void assert_err(const gr_process_result *result, const char *err)
{
    ck_assert_ptr_nonnull(result->err);
    ck_assert_str_eq(result->err, err);
    ck_assert_uint_eq(result->err_len, strlen(err));
}

IO_TEST(output_and_errors_are_collected_each_by_itself)
{
    gr_process_result result = run(co, GR_PROCESS(.argv = SH("echo out; echo err >&2; exit 4")), NULL);
    assert_status(result.status, 4, 0);
    assert_out(&result, "out\n");
    assert_err(&result, "err\n");
    gr_process_result_finish(&result);
    ck_assert_ptr_null(result.out);
    gr_process_result_finish(&result);
    return 0;
}

IO_TEST(input_is_fed_and_ends)
{
    gr_process_result result = run(co, GR_PROCESS(.argv = GR_ARGV("tr", "a-z", "A-Z")), "burger");
    assert_status(result.status, 0, 0);
    assert_out(&result, "BURGER");
    assert_err(&result, "");
    gr_process_result_finish(&result);
    result = run(co, GR_PROCESS(.argv = GR_ARGV("cat")), NULL);
    assert_out(&result, "");
    gr_process_result_finish(&result);
    result = run(co, GR_PROCESS(.argv = GR_ARGV("cat"), .in = GR_STDIO_PIPE), NULL);
    assert_out(&result, "");
    gr_process_result_finish(&result);
    return 0;
}

IO_TEST(streams_that_lead_elsewhere_are_not_collected)
{
    gr_process_result result = run(co, GR_PROCESS(.argv = SH("echo out; echo err >&2"), .err = GR_STDIO_STDOUT), NULL);
    assert_out(&result, "out\nerr\n");
    ck_assert_ptr_null(result.err);
    gr_process_result_finish(&result);
    result = run(co, GR_PROCESS(.argv = SH("echo out; echo err >&2"), .out = GR_STDIO_NULL), NULL);
    assert_err(&result, "err\n");
    ck_assert_ptr_null(result.out);
    gr_process_result_finish(&result);
    result = run(co, GR_PROCESS(.argv = SH("kill -9 $$"), .out = GR_STDIO_NULL, .err = GR_STDIO_NULL), NULL);
    assert_status(result.status, -SIGKILL, SIGKILL);
    gr_process_result_finish(&result);
    return 0;
}

/* --- much of it --- */

static char *pattern(size_t len)
{
    char *bytes = malloc(len);
    uint32_t x = 1;
    for (size_t i = 0; i < len; i++) {
        x = x * 1664525 + 1013904223;
        bytes[i] = (char)(x >> 24);
    }
    return bytes;
}

/* `cat` stops to read while nobody takes its output: who wrote first and read then would wait for ever. */
IO_TEST(a_megabyte_goes_through_a_child_and_comes_back)
{
    char *bytes = pattern(MEGABYTE);
    gr_process_result result;
    ck_assert_int_eq(gr_process_run(co, GR_PROCESS(.argv = GR_ARGV("cat")), bytes, MEGABYTE, &result), 0);
    assert_status(result.status, 0, 0);
    ck_assert_uint_eq(result.out_len, MEGABYTE);
    ck_assert(memcmp(result.out, bytes, MEGABYTE) == 0);
    ck_assert_int_eq(result.out[MEGABYTE], '\0');
    gr_process_result_finish(&result);
    free(bytes);
    return 0;
}

IO_TEST(a_megabyte_of_output_and_one_of_errors_come_at_the_same_time)
{
    gr_process_result result =
        run(co, GR_PROCESS(.argv = SH("head -c 1048576 /dev/zero >&2; head -c 1048576 /dev/zero")), NULL);
    ck_assert_uint_eq(result.out_len, MEGABYTE);
    ck_assert_uint_eq(result.err_len, MEGABYTE);
    gr_process_result_finish(&result);
    return 0;
}

IO_TEST(a_child_that_does_not_read_its_input_is_no_failure)
{
    char *bytes = pattern(MEGABYTE);
    gr_process_result result;
    ck_assert_int_eq(gr_process_run(co, GR_PROCESS(.argv = SH("exec 0<&-; echo enough")), bytes, MEGABYTE, &result), 0);
    assert_status(result.status, 0, 0);
    assert_out(&result, "enough\n");
    gr_process_result_finish(&result);
    free(bytes);
    return 0;
}

/* --- the limit --- */

static int run_head(gr_co co, const char *command, size_t max, gr_process_result *result)
{
    int rc = gr_process_run(co, GR_PROCESS(.argv = SH(command), .max_output_bytes = max), NULL, 0, result);
    assert_no_child();
    return rc;
}

IO_TEST(output_up_to_the_limit_is_taken_and_a_byte_more_is_not)
{
    static const char command[] = "head -c 60000 /dev/zero; head -c 40000 /dev/zero >&2";
    gr_process_result result;
    ck_assert_int_eq(run_head(co, command, 100000, &result), 0);
    ck_assert_uint_eq(result.out_len, 60000);
    ck_assert_uint_eq(result.err_len, 40000);
    gr_process_result_finish(&result);
    ck_assert_int_eq(run_head(co, command, 99999, &result), GR_EMSGSIZE);
    ck_assert_ptr_nonnull(result.out);
    gr_process_result_finish(&result);
    ck_assert_int_eq(run_head(co, "echo", 1, &result), 0);
    gr_process_result_finish(&result);
    ck_assert_int_eq(run_head(co, "echo 1", 1, &result), GR_EMSGSIZE);
    gr_process_result_finish(&result);
    ck_assert_int_eq(run_head(co, "echo some", SIZE_MAX, &result), 0);
    gr_process_result_finish(&result);
    return 0;
}

IO_TEST(one_that_writes_for_ever_is_stopped_by_the_limit)
{
    gr_process_result result;
    ck_assert_int_eq(
        gr_process_run(co, GR_PROCESS(.argv = GR_ARGV("yes"), .max_output_bytes = MEGABYTE), NULL, 0, &result),
        GR_EMSGSIZE);
    ck_assert_uint_ge(result.out_len, MEGABYTE);
    ck_assert_uint_le(result.out_len, MEGABYTE + 1);
    gr_process_result_finish(&result);
    assert_no_child();
    ck_assert_int_eq(run_head(co, "exec cat /dev/zero", 0, &result), GR_EMSGSIZE);
    ck_assert_uint_ge(result.out_len, 16 * MEGABYTE);
    gr_process_result_finish(&result);
    return 0;
}

/* --- many --- */

enum { CHILDREN = 50 };

struct one_of_many {
    int i;
    gr_process_result result;
};

static int run_one(gr_co co, void *arg)
{
    struct one_of_many *self = arg;
    char command[64], input[64];
    snprintf(command, sizeof command, "read x; echo $x; exit %d", self->i);
    int len = snprintf(input, sizeof input, "number %d\n", self->i);
    return gr_process_run(co, GR_PROCESS(.argv = SH(command)), input, (size_t)len, &self->result);
}

IO_TEST(fifty_run_at_once)
{
    struct one_of_many many[CHILDREN];
    gr_job jobs[CHILDREN];
    for (int i = 0; i < CHILDREN; i++) {
        many[i].i = i;
        jobs[i] = (gr_job){run_one, &many[i]};
    }
    ck_assert_int_eq(gr_gather_n(co, jobs, CHILDREN), 0);
    for (int i = 0; i < CHILDREN; i++) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, "number %d\n", i);
        assert_status(many[i].result.status, i, 0);
        assert_out(&many[i].result, wanted);
        gr_process_result_finish(&many[i].result);
    }
    assert_no_child();
    return 0;
}

enum { LOOPS = 4 };

static int run_some(gr_co co, void *arg)
{
    struct one_of_many first = {.i = 1}, second = {.i = 2};
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(gr_gather(co, {run_one, &first}, {run_one, &second}), 0);
        assert_out(&first.result, "number 1\n");
        assert_status(second.result.status, 2, 0);
        gr_process_result_finish(&first.result);
        gr_process_result_finish(&second.result);
    }
    *(bool *)arg = true;
    return 0;
}

static void run_loop(void *done)
{
    ck_assert_int_eq(gr_run(run_some, done), 0);
}

/* The signal that tells of an end comes to all of them. */
START_TEST(several_loops_run_children_each_its_own)
{
    uv_thread_t threads[LOOPS];
    bool done[LOOPS] = {false};
    for (int i = 0; i < LOOPS; i++)
        ck_assert_int_eq(uv_thread_create(&threads[i], run_loop, &done[i]), 0);
    for (int i = 0; i < LOOPS; i++) {
        uv_thread_join(&threads[i]);
        ck_assert(done[i]);
    }
    if (!GRI_TSAN) /* whose symbolizer, which looks at what is suppressed, is a child too */
        assert_no_child();
}
END_TEST

/* --- what cannot be --- */

static void assert_fails(gr_co co, int rc, const gr_process_options *options, size_t input_len)
{
    gr_process_result result;
    ck_assert_int_eq(gr_process_run(co, options, "some input", input_len, &result), rc);
    ck_assert_ptr_null(result.out);
    ck_assert_ptr_null(result.err);
    gr_process_result_finish(&result);
    assert_no_child();
}

IO_TEST(what_cannot_be_started_or_fed_is_refused)
{
    gr_process_options options = {.size = sizeof options - 1, .argv = GR_ARGV("true")};
    assert_fails(co, GR_EINVAL, &options, 0);
    assert_fails(co, -ENOENT, GR_PROCESS(.argv = GR_ARGV("no-such-program")), 5);
    assert_fails(co, GR_EINVAL, GR_PROCESS(.argv = GR_ARGV("cat"), .in = GR_STDIO_NULL), 5);
    assert_fails(co, GR_EINVAL, GR_PROCESS(.argv = GR_ARGV("cat"), .in = GR_STDIO_INHERIT), 5);
    assert_fails(co, GR_EINVAL, GR_PROCESS(.argv = GR_ARGV("cat"), .out = GR_STDIO_STDOUT), 0);
    assert_fails(gr_within(co, 0), GR_ETIMEDOUT, GR_PROCESS(.argv = GR_ARGV("cat")), 0);
    return 0;
}

int main(void)
{
    const test_list tests = {output_and_errors_are_collected_each_by_itself,
                             input_is_fed_and_ends,
                             streams_that_lead_elsewhere_are_not_collected,
                             a_megabyte_goes_through_a_child_and_comes_back,
                             a_megabyte_of_output_and_one_of_errors_come_at_the_same_time,
                             a_child_that_does_not_read_its_input_is_no_failure,
                             output_up_to_the_limit_is_taken_and_a_byte_more_is_not,
                             one_that_writes_for_ever_is_stopped_by_the_limit,
                             fifty_run_at_once,
                             several_loops_run_children_each_its_own,
                             what_cannot_be_started_or_fed_is_refused,
                             NULL};
    return run_tests("process run", tests, 60);
}
