#include "unit/co_world.h"

struct step {
    int64_t ms; /* how long it sleeps */
    int result; /* what it returns then */
    int rc;     /* what its sleep returned */
    int64_t ended_ms;
};

static int step(gr_co co, void *arg)
{
    struct step *self = arg;
    self->rc = gr_sleep(co, self->ms);
    self->ended_ms = gr_now_ms(co);
    return self->rc < 0 ? self->rc : self->result;
}

static int take_20_ms(gr_co co, void *arg)
{
    (void)arg;
    return gr_sleep(co, 20);
}

/* Takes 20 ms to clean up when it is cancelled. */
static int slow_to_leave(gr_co co, void *arg)
{
    struct step *self = arg;
    self->rc = gr_sleep(co, self->ms);
    int rc = gr_shield(co, take_20_ms, NULL);
    self->ended_ms = gr_now_ms(co);
    return self->rc < 0 ? self->rc : rc;
}

static int gather_three(gr_co co, void *arg)
{
    struct step *steps = arg;
    return gr_gather(co, {step, &steps[0]}, {step, &steps[1]}, {step, &steps[2]});
}

START_TEST(a_gather_takes_as_long_as_its_slowest)
{
    struct step steps[3] = {{.ms = 30}, {.ms = 10}, {.ms = 20}};
    struct world *world = world_begin(VIRTUAL_TIME);
    start_in(world, "main", gather_three, steps);
    gri_sched_advance(&world->sched, 29);
    ck_assert_uint_eq(world->sched.n_tasks, 2);
    gri_sched_advance(&world->sched, 1);
    ck_assert_uint_eq(world->sched.n_tasks, 0);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(steps[i].ended_ms, steps[i].ms);
    world_end(world);
}
END_TEST

START_TEST(a_gather_whose_members_all_succeed_returns_0)
{
    struct step steps[3] = {{.ms = 3}, {.ms = 0}, {.ms = 2}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, gather_three, steps), 0);
}
END_TEST

START_TEST(the_first_failure_in_time_is_the_gathers_result_and_cancels_the_others)
{
    struct step steps[3] = {{.ms = 100}, {.ms = 20, .result = 404}, {.ms = 10, .result = GR_EIO}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, gather_three, steps), GR_EIO);
    ck_assert_int_eq(steps[0].rc, GR_ECANCELED);
    ck_assert_int_eq(steps[1].rc, GR_ECANCELED);
    ck_assert_int_eq(steps[0].ended_ms, 10);
}
END_TEST

static int gather_beside_a_slow_one(gr_co co, void *arg)
{
    struct step *steps = arg;
    int rc = gr_gather(co, {slow_to_leave, &steps[0]}, {step, &steps[1]});
    ck_assert_int_eq(gr_now_ms(co), 30);
    return rc;
}

START_TEST(a_gather_that_failed_waits_until_the_others_have_cleaned_up)
{
    struct step steps[2] = {{.ms = 100}, {.ms = 10, .result = GR_EIO}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, gather_beside_a_slow_one, steps), GR_EIO);
    ck_assert_int_eq(steps[0].ended_ms, 30);
}
END_TEST

static int gather_within_50(gr_co co, void *arg)
{
    struct step *steps = arg;
    int rc = gr_gather(gr_within(co, 50), {step, &steps[0]}, {step, &steps[1]});
    ck_assert_int_eq(gr_now_ms(co), 50);
    return rc;
}

START_TEST(a_gather_ends_with_its_deadline)
{
    struct step steps[2] = {{.ms = 100}, {.ms = 10}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, gather_within_50, steps), GR_ETIMEDOUT);
    ck_assert_int_lt(steps[0].rc, 0);
    ck_assert_int_eq(steps[1].rc, 0);
}
END_TEST

static int gather_nothing(gr_co co, void *arg)
{
    (void)arg;
    return gr_gather_n(co, NULL, 0);
}

START_TEST(a_gather_of_nothing_returns_0)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, gather_nothing, NULL), 0);
}
END_TEST

static int gather_twenty(gr_co co, void *arg)
{
    struct step *steps = arg;
    return gr_gather_n(co, (gr_job[]){{gather_three, &steps[0]}, {gather_three, &steps[3]}, {step, &steps[6]}}, 3);
}

START_TEST(a_failure_reaches_through_nested_gathers)
{
    struct step steps[7] = {{.ms = 100}, {.ms = 100}, {.ms = 5, .result = 7}, {.ms = 100}, {.ms = 100},
                            {.ms = 100}, {.ms = 100}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, gather_twenty, steps), 7);
    for (int i = 0; i < 7; i++)
        ck_assert_int_eq(steps[i].ended_ms, 5);
}
END_TEST

static int spawn_beside_gather(gr_co co, void *arg)
{
    struct step *steps = arg;
    gr_task *task;
    int rc = gr_spawn(co, &task, step, &steps[3]);
    ck_assert_int_eq(rc, 0);
    rc = gather_three(co, steps);
    ck_assert_int_eq(rc, GR_EIO);
    return gr_join(co, task);
}

START_TEST(a_gather_that_fails_leaves_the_tasks_that_were_spawned_alone)
{
    struct step steps[4] = {{.ms = 100}, {.ms = 100}, {.ms = 5, .result = GR_EIO}, {.ms = 50, .result = 9}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, spawn_beside_gather, steps), 9);
    ck_assert_int_eq(steps[3].ended_ms, 50);
}
END_TEST

static int sleep_beside_a_child(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, step, arg);
    ck_assert_int_eq(rc, 0);
    rc = gr_sleep(co, 40);
    ck_assert_int_eq(rc, 0);
    ck_assert_int_eq(gr_now_ms(co), 40);
    return gr_join(co, task);
}

START_TEST(a_child_that_ends_does_not_wake_its_parent_from_another_wait)
{
    struct step child = {.ms = 10, .result = GR_EIO};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, sleep_beside_a_child, &child), GR_EIO);
}
END_TEST

static int join_within_50(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, slow_to_leave, arg);
    ck_assert_int_eq(rc, 0);
    rc = gr_join(gr_within(co, 50), task);
    ck_assert_int_eq(gr_now_ms(co), 70);
    return rc;
}

START_TEST(a_join_at_its_deadline_cancels_the_child_and_waits_for_it)
{
    struct step child = {.ms = 100};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, join_within_50, &child), GR_ETIMEDOUT);
    ck_assert_int_eq(child.rc, GR_ECANCELED);
    ck_assert_int_eq(child.ended_ms, 70);
}
END_TEST

static int join_backwards(gr_co co, void *arg)
{
    struct step *steps = arg;
    gr_task *tasks[3];
    int sum = 0;
    for (int i = 0; i < 3; i++) {
        int rc = gr_spawn(co, &tasks[i], step, &steps[i]);
        ck_assert_int_eq(rc, 0);
    }
    for (int i = 2; i >= 0; i--)
        sum = sum * 10 + gr_join(co, tasks[i]);
    return sum;
}

START_TEST(tasks_can_be_joined_in_any_order)
{
    struct step steps[3] = {{.ms = 1, .result = 1}, {.ms = 30, .result = 2}, {.ms = 20, .result = 3}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, join_backwards, steps), 321);
}
END_TEST

static int many(gr_co co, void *arg)
{
    enum { N = 1000 };
    struct step *steps = calloc(N, sizeof *steps);
    gr_job *jobs = calloc(N, sizeof *jobs);
    (void)arg;
    for (int i = 0; i < N; i++) {
        steps[i] = (struct step){.ms = 1000, .result = 0};
        jobs[i] = (gr_job){step, &steps[i]};
    }
    steps[N / 2] = (struct step){.ms = 1, .result = 5};
    int rc = gr_gather_n(co, jobs, N);
    ck_assert_int_eq(gr_now_ms(co), 1);
    free(steps);
    free(jobs);
    return rc;
}

START_TEST(one_of_a_thousand_can_end_a_gather)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, many, NULL), 5);
}
END_TEST

int main(void)
{
    const test_list tests = {a_gather_takes_as_long_as_its_slowest,
                             a_gather_whose_members_all_succeed_returns_0,
                             the_first_failure_in_time_is_the_gathers_result_and_cancels_the_others,
                             a_gather_that_failed_waits_until_the_others_have_cleaned_up,
                             a_gather_ends_with_its_deadline,
                             a_gather_of_nothing_returns_0,
                             a_failure_reaches_through_nested_gathers,
                             a_gather_that_fails_leaves_the_tasks_that_were_spawned_alone,
                             a_child_that_ends_does_not_wake_its_parent_from_another_wait,
                             a_join_at_its_deadline_cancels_the_child_and_waits_for_it,
                             tasks_can_be_joined_in_any_order,
                             one_of_a_thousand_can_end_a_gather,
                             NULL};
    return run_tests("groups", tests, 20);
}
