/* A coroutine that runs a function on another stack. */
#include "unit/co_world.h"

#include <sys/resource.h>

enum { MIB = 1024 * 1024 };

static bool is_within(const volatile char *p, const gr_task *task)
{
    return p >= task->base && p < task->base + task->stacks->size;
}

static int use_half_a_mebibyte(gr_co co, void *arg)
{
    volatile char large[MIB / 2];
    large[0] = large[sizeof large - 1] = 1;
    ck_assert(is_within(large, co.task));
    return *(int *)arg + large[0];
}

static int ask_for_a_mebibyte(gr_co co, void *arg)
{
    char *base = co.task->base;
    int rc = gr_on_stack(co, MIB, use_half_a_mebibyte, arg);
    ck_assert_ptr_eq(co.task->base, base);
    return rc;
}

START_TEST(a_function_has_the_stack_that_was_asked_for_and_its_result_comes_back)
{
    int arg = 41;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, ask_for_a_mebibyte, &arg), 42);
}
END_TEST

static int sleep_there(gr_co co, void *arg)
{
    volatile char large[MIB / 2];
    large[0] = 7;
    int *n = arg, rc = gr_sleep(co, 10);
    *n += large[0];
    return rc ? rc : gr_sleep(co, 10);
}

static int sleep_on_a_mebibyte(gr_co co, void *arg)
{
    int rc = gr_on_stack(co, MIB, sleep_there, arg);
    return rc ? rc : gr_sleep(co, 10);
}

static int many_sleep_on_a_mebibyte(gr_co co, void *arg)
{
    gr_job jobs[50];
    for (int i = 0; i < 50; i++)
        jobs[i] = (gr_job){sleep_on_a_mebibyte, arg};
    return gr_gather_n(co, jobs, 50);
}

START_TEST(it_awaits_there_as_elsewhere_among_others_and_the_stacks_come_back)
{
    int n = 0;
    struct world *world = world_begin(VIRTUAL_TIME);
    ck_assert_int_eq(run_in(world, many_sleep_on_a_mebibyte, &n), 0);
    ck_assert_int_eq(n, 350);
    struct gri_stacks *stacks = gri_stack_sizes_find(&world->sched.stacks, MIB);
    ck_assert_uint_ge(stacks->n_total, 50);
    ck_assert_uint_eq(stacks->n_free, stacks->n_total);
    world_end(world);
}
END_TEST

static int within_a_millisecond(gr_co co, void *arg)
{
    return gr_on_stack(gr_within(co, 1), MIB, sleep_there, arg);
}

START_TEST(a_deadline_ends_what_waits_there)
{
    int n = 0;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, within_a_millisecond, &n), GR_ETIMEDOUT);
}
END_TEST

static int cancel_one(gr_co co, void *arg)
{
    gr_task *task;
    ck_assert_int_eq(gr_spawn(co, &task, sleep_on_a_mebibyte, arg), 0);
    ck_assert_int_eq(gr_sleep(co, 1), 0);
    gr_cancel(task);
    return gr_join(co, task);
}

START_TEST(a_cancellation_ends_what_waits_there)
{
    int n = 0;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_one, &n), GR_ECANCELED);
}
END_TEST

static int own_size(gr_co co, void *arg)
{
    *(size_t *)arg = co.task->stacks->size;
    return gr_yield(co);
}

static int start_one(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, own_size, arg);
    return rc ? rc : gr_join(co, task);
}

static int start_one_from_a_mebibyte(gr_co co, void *arg)
{
    return gr_on_stack(co, MIB, start_one, arg);
}

START_TEST(a_task_has_a_stack_as_large_as_the_one_of_whoever_starts_it)
{
    size_t size = 0;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, start_one, &size), 0);
    ck_assert_uint_eq(size, GRI_SANITIZED ? 256 * 1024 : 64 * 1024);
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, start_one_from_a_mebibyte, &size), 0);
    ck_assert_uint_eq(size, GRI_SANITIZED ? 4 * MIB : MIB);
}
END_TEST

static int nest(gr_co co, void *arg)
{
    int *depth = arg;
    if (--*depth < 0)
        return gr_sleep(co, 1);
    int rc = gr_on_stack(co, 32 * 1024, nest, arg);
    return rc ? rc : gr_yield(co);
}

START_TEST(they_nest)
{
    int depth = 100;
    struct world *world = world_begin(VIRTUAL_TIME);
    ck_assert_int_eq(run_in(world, nest, &depth), 0);
    world_end(world);
}
END_TEST

static int ask_for_too_much(gr_co co, void *arg)
{
    return gr_on_stack(co, 64 * MIB + 1, use_half_a_mebibyte, arg);
}

START_TEST(more_than_64_mib_is_refused)
{
    int arg = 0;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, ask_for_too_much, &arg), GR_EINVAL);
}
END_TEST

#if !GRI_SANITIZED
static int nest_without_end(gr_co co, void *arg)
{
    ++*(int *)arg;
    return gr_on_stack(co, 16 * MIB, nest_without_end, arg);
}

static void run_out_of_stacks(void *arg)
{
    int depth = 0;
    (void)arg;
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &(struct rlimit){512 * MIB, 512 * MIB}), 0);
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, nest_without_end, &depth), GR_ENOMEM);
    ck_assert_int_gt(depth, 5);
    dprintf(STDERR_FILENO, "ended well\n");
}

START_TEST(where_there_is_none_the_function_does_not_run)
{
    struct death death = run_apart(run_out_of_stacks, NULL);
    ck_assert_ptr_nonnull(strstr(death.stderr_, "ended well"));
}
END_TEST
#endif

int main(void)
{
    const test_list tests = {
        a_function_has_the_stack_that_was_asked_for_and_its_result_comes_back,
        it_awaits_there_as_elsewhere_among_others_and_the_stacks_come_back,
        a_deadline_ends_what_waits_there,
        a_cancellation_ends_what_waits_there,
        a_task_has_a_stack_as_large_as_the_one_of_whoever_starts_it,
        they_nest,
        more_than_64_mib_is_refused,
#if !GRI_SANITIZED
        where_there_is_none_the_function_does_not_run,
#endif
        NULL
    };
    return run_tests("on stack", tests, 20);
}
