#include "unit/co_world.h"

static int return_its_argument(gr_co co, void *arg)
{
    (void)co;
    return *(int *)arg;
}

static int append_digit(gr_co co, void *arg)
{
    int *sum = arg;
    *sum = *sum * 10 + gr_co_name(co)[0] - '0';
    return 0;
}

static int sleep_then_append(gr_co co, void *arg)
{
    int rc = gr_sleep(co, gr_co_name(co)[0] - '0');
    return rc < 0 ? rc : append_digit(co, arg);
}

START_TEST(a_root_started_from_the_loop_runs_at_once)
{
    struct world *world = world_begin(REAL_TIME);
    int sum = 0;
    start_in(world, "7", append_digit, &sum);
    ck_assert_int_eq(sum, 7);
    world_end(world);
}
END_TEST

static int spawn_and_join(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, return_its_argument, arg);
    return rc < 0 ? rc : gr_join(co, task);
}

START_TEST(join_returns_what_the_child_returned)
{
    int value = 42;
    ck_assert_int_eq(run_alone(REAL_TIME, spawn_and_join, &value), 42);
}
END_TEST

static int spawn_two_then_append(gr_co co, void *arg)
{
    gr_task *one, *two;
    int rc = gr_spawn_named(co, &one, "1", append_digit, arg);
    ck_assert_int_eq(rc, 0);
    rc = gr_spawn_named(co, &two, "2", append_digit, arg);
    ck_assert_int_eq(rc, 0);
    *(int *)arg = 9;
    rc = gr_join(co, two);
    return rc < 0 ? rc : gr_join(co, one);
}

START_TEST(children_first_run_when_the_parent_awaits_in_the_order_they_were_spawned)
{
    int sum = 0;
    ck_assert_int_eq(run_alone(REAL_TIME, spawn_two_then_append, &sum), 0);
    ck_assert_int_eq(sum, 912);
}
END_TEST

static int name_of_child(gr_co co, void *arg)
{
    *(const char **)arg = gr_co_name(co);
    return 0;
}

static int spawn_nameless(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn_named(co, &task, NULL, name_of_child, arg);
    return rc < 0 ? rc : gr_join(co, task);
}

static int spawn_by_macro(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, name_of_child, arg);
    return rc < 0 ? rc : gr_join(co, task);
}

START_TEST(a_child_without_a_name_has_its_parents)
{
    const char *name = NULL;
    ck_assert_int_eq(run_alone(REAL_TIME, spawn_nameless, &name), 0);
    ck_assert_str_eq(name, "main");
}
END_TEST

START_TEST(gr_spawn_names_a_child_after_its_function)
{
    const char *name = NULL;
    ck_assert_int_eq(run_alone(REAL_TIME, spawn_by_macro, &name), 0);
    ck_assert_str_eq(name, "name_of_child");
}
END_TEST

static int join_late(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, return_its_argument, arg);
    ck_assert_int_eq(rc, 0);
    rc = gr_sleep(co, 10);
    ck_assert_int_eq(rc, 0);
    int64_t before = gr_now_ms(co);
    rc = gr_join(co, task);
    ck_assert_int_eq(gr_now_ms(co), before);
    return rc;
}

START_TEST(a_child_that_ended_earlier_is_joined_at_once)
{
    int value = 5;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, join_late, &value), 5);
}
END_TEST

static int leave_children(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn_named(co, &task, "1", append_digit, arg);
    ck_assert_int_eq(rc, 0);
    rc = gr_yield(co);
    ck_assert_int_eq(rc, 0);
    rc = gr_spawn_named(co, &task, "5", sleep_then_append, arg);
    ck_assert_int_eq(rc, 0);
    return gr_sleep(co, 1);
}

START_TEST(unjoined_children_are_cancelled_and_waited_for)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    int sum = 0;
    ck_assert_int_eq(run_in(world, leave_children, &sum), 0);
    ck_assert_int_eq(sum, 1);
    ck_assert_uint_eq(world->sched.n_tasks, 0);
    world_end(world);
}
END_TEST

static int hold_on(gr_co co, void *arg)
{
    int rc = gr_sleep(co, 1000);
    ck_assert_int_eq(rc, GR_ECANCELED);
    co.task->shielded = true;
    rc = gr_sleep(co, 30);
    co.task->shielded = false;
    *(int64_t *)arg = gr_now_ms(co);
    return rc;
}

static int leave_a_slow_child(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, hold_on, arg);
    ck_assert_int_eq(rc, 0);
    return gr_sleep(co, 10);
}

static int outlive(gr_co co, void *arg)
{
    int64_t *ended = arg;
    gr_task *task;
    int rc = gr_spawn(co, &task, leave_a_slow_child, ended);
    ck_assert_int_eq(rc, 0);
    rc = gr_join(co, task);
    ck_assert_int_eq((int)gr_now_ms(co), 40);
    return rc;
}

START_TEST(a_parent_ends_only_after_its_unjoined_child_has_cleaned_up)
{
    int64_t ended = 0;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, outlive, &ended), 0);
    ck_assert_int_eq(ended, 40);
}
END_TEST

struct beside {
    int calls;
    unsigned char *bytes;
};

static struct beside beside;

static void count_end(gr_task *task)
{
    ck_assert_ptr_null(gri_running());
    ck_assert_ptr_null(task->sched->current);
    ck_assert_uint_eq(beside.bytes[99], 7);
    beside.calls++;
}

START_TEST(extra_bytes_live_until_ended_was_called_on_the_loops_stack)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    int sum = 0;
    void *extra;
    gr_task *task = gri_task_create(&world->sched, "5", 100, &extra);
    ck_assert_uint_eq((uintptr_t)extra % 16, 0);
    beside = (struct beside){.bytes = memset(extra, 7, 100)};
    task->ended = count_end;
    gri_task_start(task, sleep_then_append, &sum);
    ck_assert_int_eq(beside.calls, 0);
    gri_sched_advance(&world->sched, 5);
    ck_assert_int_eq(beside.calls, 1);
    world_end(world);
}
END_TEST

START_TEST(more_extra_bytes_than_a_stack_has_are_refused)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    void *extra;
    ck_assert_ptr_null(gri_task_create(&world->sched, "big", world->sched.stacks.usual->size, &extra));
    ck_assert_ptr_null(gri_task_create(&world->sched, "big", SIZE_MAX, &extra));
    world_end(world);
}
END_TEST

START_TEST(a_task_that_was_never_started_can_be_discarded)
{
    struct world *world = world_begin(REAL_TIME);
    gri_task_discard(gri_task_create(&world->sched, "never", 0, NULL));
    world_end(world);
}
END_TEST

static int start_a_root(gr_co co, void *arg)
{
    int *sum = arg;
    gr_task *root = gri_task_create(co.task->sched, "3", 0, NULL);
    gri_task_start(root, append_digit, sum);
    ck_assert_int_eq(*sum, 0);
    int rc = gr_yield(co);
    ck_assert_int_eq(*sum, 3);
    return rc;
}

START_TEST(a_root_started_from_a_coroutine_is_queued)
{
    int sum = 0;
    ck_assert_int_eq(run_alone(REAL_TIME, start_a_root, &sum), 0);
}
END_TEST

static int see_what_it_waits_for(gr_co co, void *arg)
{
    (void)arg;
    ck_assert_ptr_null(co.task->waits_for);
    ck_assert_ptr_eq(gri_running(), co.task);
    return gr_sleep(co, 10);
}

START_TEST(a_task_knows_what_it_waits_for_and_since_when)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    gri_sched_advance(&world->sched, 100);
    gr_task *task = start_in(world, "sleeper", see_what_it_waits_for, NULL);
    ck_assert_str_eq(task->waits_for, "sleep");
    ck_assert_int_eq(task->waits_since_ms, 100);
    run_world(world);
    world_end(world);
}
END_TEST

int main(void)
{
    const test_list tests = {a_root_started_from_the_loop_runs_at_once,
                             join_returns_what_the_child_returned,
                             children_first_run_when_the_parent_awaits_in_the_order_they_were_spawned,
                             a_child_without_a_name_has_its_parents,
                             gr_spawn_names_a_child_after_its_function,
                             a_child_that_ended_earlier_is_joined_at_once,
                             unjoined_children_are_cancelled_and_waited_for,
                             a_parent_ends_only_after_its_unjoined_child_has_cleaned_up,
                             extra_bytes_live_until_ended_was_called_on_the_loops_stack,
                             more_extra_bytes_than_a_stack_has_are_refused,
                             a_task_that_was_never_started_can_be_discarded,
                             a_root_started_from_a_coroutine_is_queued,
                             a_task_knows_what_it_waits_for_and_since_when,
                             NULL};
    return run_tests("tasks", tests, 20);
}
