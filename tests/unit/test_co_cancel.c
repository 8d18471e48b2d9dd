#include "unit/co_world.h"

static int sleep_long(gr_co co, void *arg)
{
    int rc = gr_sleep(co, 1000);
    *(int64_t *)arg = gr_now_ms(co);
    return rc;
}

static int cancel_a_sleeper(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, sleep_long, arg);
    ck_assert_int_eq(rc, 0);
    rc = gr_sleep(co, 10);
    ck_assert_int_eq(rc, 0);
    gr_cancel(task);
    gr_cancel(task);
    return gr_join(co, task);
}

START_TEST(cancelling_ends_a_sleep)
{
    int64_t ended = 0;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_a_sleeper, &ended), GR_ECANCELED);
    ck_assert_int_eq(ended, 10);
}
END_TEST

static int await_again_and_again(gr_co co, void *arg)
{
    gr_task *none;
    (void)arg;
    int rc = gr_sleep(co, 1000);
    ck_assert_int_eq(rc, GR_ECANCELED);
    rc = gr_sleep(co, 1000);
    ck_assert_int_eq(rc, GR_ECANCELED);
    rc = gr_yield(co);
    ck_assert_int_eq(rc, GR_ECANCELED);
    rc = gr_spawn(co, &none, sleep_long, NULL);
    ck_assert_int_eq(rc, GR_ECANCELED);
    rc = gr_gather(co, {sleep_long, NULL});
    ck_assert_int_eq(rc, GR_ECANCELED);
    return gr_sleep(gr_within(co, 5), 1000);
}

static int cancel_it_early(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, await_again_and_again, arg);
    ck_assert_int_eq(rc, 0);
    gr_cancel(task);
    rc = gr_join(co, task);
    ck_assert_int_eq(gr_now_ms(co), 0);
    return rc;
}

START_TEST(a_cancellation_is_sticky)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_it_early, NULL), GR_ECANCELED);
}
END_TEST

static int run_for_itself(gr_co co, void *arg)
{
    int *turns = arg;
    for (int i = 0; i < 150; i++) {
        int rc = gr_sleep(co, 1000);
        ck_assert_int_eq(rc, GR_ECANCELED);
    }
    return *turns;
}

static int count_turns(gr_co co, void *arg)
{
    int rc;
    while ((rc = gr_yield(co)) == 0)
        ++*(int *)arg;
    return rc;
}

static int ignore_beside_another(gr_co co, void *arg)
{
    gr_task *deaf, *other;
    int rc = gr_spawn(co, &other, count_turns, arg);
    ck_assert_int_eq(rc, 0);
    rc = gr_spawn(co, &deaf, run_for_itself, arg);
    ck_assert_int_eq(rc, 0);
    gr_cancel(deaf);
    int turns = gr_join(co, deaf);
    gr_cancel(other);
    rc = gr_join(co, other);
    ck_assert_int_eq(rc, GR_ECANCELED);
    return turns;
}

START_TEST(a_loop_that_ignores_its_cancellation_does_not_starve_the_others)
{
    int turns = 0;
    ck_assert_int_ge(run_alone(VIRTUAL_TIME, ignore_beside_another, &turns), 140);
}
END_TEST

static void ignore_for_long(void *arg)
{
    int turns = 0;
    (void)arg;
    run_alone(VIRTUAL_TIME, ignore_beside_another, &turns);
}

START_TEST(who_ignores_its_cancellation_is_named_once)
{
    struct death death = run_apart(ignore_for_long, NULL);
    const char *warning = "WARNING:  coroutine \"run_for_itself\"", *first = strstr(death.stderr_, warning);
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(strstr(first + 1, warning));
    ck_assert_int_eq(death.status, 0);
}
END_TEST

static int middle(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, sleep_long, arg);
    return rc < 0 ? rc : gr_join(co, task);
}

static int middle_that_gathers(gr_co co, void *arg)
{
    int64_t *ended = arg;
    return gr_gather(co, {sleep_long, &ended[0]}, {sleep_long, &ended[1]});
}

struct cancel {
    gr_task_fn *fn;
    void *arg;
};

static int cancel_after_10(gr_co co, void *arg)
{
    struct cancel *cancel = arg;
    gr_task *task;
    int rc = gr_spawn(co, &task, cancel->fn, cancel->arg);
    ck_assert_int_eq(rc, 0);
    rc = gr_sleep(co, 10);
    ck_assert_int_eq(rc, 0);
    gr_cancel(task);
    return gr_join(co, task);
}

START_TEST(cancelling_a_join_cancels_the_child)
{
    int64_t ended = 0;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_after_10, &(struct cancel){middle, &ended}), GR_ECANCELED);
    ck_assert_int_eq(ended, 10);
}
END_TEST

START_TEST(cancelling_a_gather_cancels_its_members)
{
    int64_t ended[2] = {0};
    struct cancel cancel = {middle_that_gathers, ended};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_after_10, &cancel), GR_ECANCELED);
    ck_assert_int_eq(ended[0], 10);
    ck_assert_int_eq(ended[1], 10);
}
END_TEST

static int return_5(gr_co co, void *arg)
{
    (void)co, (void)arg;
    return 5;
}

static int cancel_one_that_ended(gr_co co, void *arg)
{
    gr_task *task;
    (void)arg;
    int rc = gr_spawn(co, &task, return_5, NULL);
    ck_assert_int_eq(rc, 0);
    rc = gr_sleep(co, 5);
    ck_assert_int_eq(rc, 0);
    gr_cancel(task);
    return gr_join(co, task);
}

START_TEST(cancelling_a_task_that_has_ended_does_nothing)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_one_that_ended, NULL), 5);
}
END_TEST

static int sleep_to_its_end(gr_co co, void *arg)
{
    int64_t *ended = arg;
    int rc = gr_sleep(co, 50);
    ck_assert_int_eq(rc, 0);
    *ended = gr_now_ms(co);
    return rc;
}

static int shielded_then_not(gr_co co, void *arg)
{
    int rc = gr_shield(co, sleep_to_its_end, arg);
    return rc ? rc : gr_sleep(co, 50);
}

START_TEST(a_shielded_task_learns_of_its_cancellation_afterwards)
{
    int64_t ended = 0;
    struct cancel cancel = {shielded_then_not, &ended};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_after_10, &cancel), GR_ECANCELED);
    ck_assert_int_eq(ended, 50);
}
END_TEST

static int wait_for_a_wake(gr_co co, void *arg)
{
    int rc = gri_suspend(co, INT64_MAX, "a test");
    *(int *)arg = rc;
    return gr_yield(co);
}

START_TEST(a_wake_that_came_first_keeps_its_result)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    int rc = 0;
    gr_task *task = start_in(world, "waiter", wait_for_a_wake, &rc);
    gri_wake(task, 77);
    gr_cancel(task);
    gri_wake(task, 78);
    run_world(world);
    ck_assert_int_eq(rc, 77);
    world_end(world);
}
END_TEST

static int wait_shielded(gr_co co, void *arg)
{
    return *(int *)arg = gri_suspend_shielded(gr_within(co, 5), "a test");
}

START_TEST(a_shielded_wait_ends_only_by_its_wake)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    int rc = 0;
    gr_task *task = start_in(world, "waiter", wait_shielded, &rc);
    gr_cancel(task);
    gri_sched_advance(&world->sched, 1000);
    ck_assert_int_eq(rc, 0);
    gri_wake(task, 3);
    run_world(world);
    ck_assert_int_eq(rc, 3);
    world_end(world);
}
END_TEST

static int join_the_ended_when_cancelled(gr_co co, void *arg)
{
    gr_task *task;
    (void)arg;
    int rc = gr_spawn(co, &task, return_5, NULL);
    ck_assert_int_eq(rc, 0);
    rc = gr_sleep(co, 1000);
    ck_assert_int_eq(rc, GR_ECANCELED);
    return gr_join(co, task);
}

START_TEST(joining_one_that_has_ended_is_an_await_like_any_other)
{
    struct cancel cancel = {join_the_ended_when_cancelled, NULL};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_after_10, &cancel), GR_ECANCELED);
}
END_TEST

int main(void)
{
    const test_list tests = {cancelling_ends_a_sleep,
                             a_cancellation_is_sticky,
                             a_loop_that_ignores_its_cancellation_does_not_starve_the_others,
                             who_ignores_its_cancellation_is_named_once,
                             cancelling_a_join_cancels_the_child,
                             cancelling_a_gather_cancels_its_members,
                             cancelling_a_task_that_has_ended_does_nothing,
                             a_shielded_task_learns_of_its_cancellation_afterwards,
                             a_wake_that_came_first_keeps_its_result,
                             a_shielded_wait_ends_only_by_its_wake,
                             joining_one_that_has_ended_is_an_await_like_any_other,
                             NULL};
    return run_tests("cancellation", tests, 20);
}
