#include "unit/co_world.h"

#include "co/pool.h"

static gr_co stolen;

static int lend(gr_co co, void *arg)
{
    (void)arg;
    stolen = co;
    return gr_sleep(co, 1000);
}

static int await_with_anothers(gr_co co, void *arg)
{
    (void)co, (void)arg;
    return gr_sleep(stolen, 1);
}

static void use_anothers_co(void *arg)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    start_in(world, "lender", lend, NULL);
    start_in(world, "thief", await_with_anothers, NULL);
    (void)arg;
}

START_TEST(awaiting_with_anothers_gr_co_aborts_with_both_names)
{
    struct death death = run_apart(use_anothers_co, NULL);
    assert_aborts_saying(death, "griddle: the gr_co of \"lender\" was used in \"thief\": await only");
    const char *line = strstr(death.stderr_, "griddle: ");
    ck_assert_ptr_eq(strchr(line, '\n'), strrchr(line, '\n'));
}
END_TEST

static void await_on_the_loop(void *arg)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    start_in(world, "lender", lend, NULL);
    int rc = gr_yield(stolen);
    (void)arg, (void)rc;
}

START_TEST(awaiting_where_no_coroutine_runs_aborts_with_the_name)
{
    assert_aborts_saying(run_apart(await_on_the_loop, NULL), "\"lender\" was used where no coroutine runs");
}
END_TEST

static int await_while_blocking(void *arg)
{
    return gr_sleep(*(gr_co *)arg, 1);
}

static int offload_an_await(gr_co co, void *arg)
{
    (void)arg;
    return gr_offload(co, await_while_blocking, &co);
}

static void await_on_the_pool(void *arg)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool;
    ck_assert_int_eq(gri_pool_create(&pool, &world->sched, NULL), 0);
    start_in(world, "handler", offload_an_await, NULL);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    (void)arg;
}

START_TEST(awaiting_on_a_pool_thread_aborts_with_the_name)
{
    assert_aborts_saying(run_apart(await_on_the_pool, NULL),
                         "\"handler\" was used where no coroutine runs (a pool thread");
}
END_TEST

static void await_with_nothing(void *arg)
{
    int rc = gr_yield((gr_co){0});
    (void)arg, (void)rc;
}

START_TEST(awaiting_with_a_zeroed_gr_co_aborts)
{
    assert_aborts_saying(run_apart(await_with_nothing, NULL), "\"(none)\"");
}
END_TEST

static gr_task *someones;

static int spawn_for_another(gr_co co, void *arg)
{
    int rc = gr_spawn_named(co, &someones, "child", lend, arg);
    return rc < 0 ? rc : gr_sleep(co, 100);
}

static int join_anothers(gr_co co, void *arg)
{
    (void)arg;
    return gr_join(co, someones);
}

static void join_anothers_child(void *arg)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    start_in(world, "mother", spawn_for_another, NULL);
    start_in(world, "stranger", join_anothers, NULL);
    (void)arg;
}

START_TEST(joining_anothers_child_aborts_with_all_names)
{
    assert_aborts_saying(run_apart(join_anothers_child, NULL),
                         "\"stranger\" joins \"child\", which \"mother\" spawned");
}
END_TEST

#if !GRI_ASAN
static int nothing(gr_co co, void *arg)
{
    (void)co, (void)arg;
    return 0;
}

static int join_twice(gr_co co, void *arg)
{
    gr_task *task;
    (void)arg;
    int rc = gr_spawn(co, &task, nothing, NULL);
    if (rc == 0)
        rc = gr_join(co, task);
    return rc < 0 ? rc : gr_join(co, task);
}

static void run_join_twice(void *arg)
{
    (void)arg;
    run_alone(VIRTUAL_TIME, join_twice, NULL);
}
#else
static int use_after_join(gr_co co, void *arg)
{
    gr_task *task;
    (void)arg;
    int rc = gr_spawn_named(co, &task, "gone", lend, NULL);
    if (rc == 0)
        rc = gr_join(gr_within(co, 1), task);
    gr_cancel(task);
    return rc;
}

static void run_join_twice(void *arg)
{
    (void)arg;
    run_alone(VIRTUAL_TIME, use_after_join, NULL);
}
#endif

START_TEST(a_task_that_was_joined_is_gone)
{
    struct death death = run_apart(run_join_twice, NULL);
    if (GRI_ASAN)
        ck_assert_msg(strstr(death.stderr_, "use-after-poison") != NULL, "wanted a report, got: %s", death.stderr_);
    else
        assert_aborts_saying(death, "\"main\" joins a task that it did not spawn, or has joined before");
}
END_TEST

int main(void)
{
    const test_list tests = {awaiting_with_anothers_gr_co_aborts_with_both_names,
                             awaiting_where_no_coroutine_runs_aborts_with_the_name,
                             awaiting_on_a_pool_thread_aborts_with_the_name,
                             awaiting_with_a_zeroed_gr_co_aborts,
                             joining_anothers_child_aborts_with_all_names,
                             a_task_that_was_joined_is_gone,
                             NULL};
    return run_tests("misuse", tests, 20);
}
