#include "unit/co_world.h"

#include "co/pool.h"

static struct world *begin(unsigned threads, unsigned queue)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool;
    struct gri_pool_options options = {threads, queue};
    ck_assert_int_eq(gri_pool_create(&pool, &world->sched, &options), 0);
    return world;
}

static void end(struct world *world)
{
    gri_pool_destroy(world->sched.pool, NULL, NULL);
    world_end(world);
}

static int run_on_pool(unsigned threads, unsigned queue, gr_task_fn *fn, void *arg)
{
    struct world *world = begin(threads, queue);
    int result = run_in(world, fn, arg);
    end(world);
    return result;
}

static int add_one(void *arg)
{
    return ++*(int *)arg;
}

static int offload_add_one(gr_co co, void *arg)
{
    return gr_offload(co, add_one, arg);
}

START_TEST(an_offload_returns_what_the_function_returned)
{
    int value = 41;
    ck_assert_int_eq(run_on_pool(0, 0, offload_add_one, &value), 42);
    ck_assert_int_eq(value, 42);
}
END_TEST

static int meet(void *arg)
{
    uv_barrier_wait(arg);
    return 0;
}

static int offload_meeting(gr_co co, void *arg)
{
    return gr_offload(co, meet, arg);
}

static int offload_ten_meetings(gr_co co, void *arg)
{
    gr_job jobs[10];
    for (int i = 0; i < 10; i++)
        jobs[i] = (gr_job){offload_meeting, arg};
    return gr_gather_n(co, jobs, 10);
}

START_TEST(offloaded_functions_run_beside_each_other)
{
    uv_barrier_t all_ten;
    uv_barrier_init(&all_ten, 10);
    ck_assert_int_eq(run_on_pool(0, 0, offload_ten_meetings, &all_ten), 0);
    uv_barrier_destroy(&all_ten);
}
END_TEST

static int pass_gate(void *arg)
{
    uv_sem_wait(arg);
    return 0;
}

static int offload_gate(gr_co co, void *arg)
{
    return gr_offload(co, pass_gate, arg);
}

static int open_gate_after_three_sleeps(gr_co co, void *arg)
{
    for (int i = 0; i < 3; i++) {
        int rc = gr_sleep(co, 1);
        ck_assert_int_eq(rc, 0);
    }
    uv_sem_post(arg);
    return 0;
}

static int offload_beside_another(gr_co co, void *arg)
{
    return gr_gather(co, {offload_gate, arg}, {open_gate_after_three_sleeps, arg});
}

START_TEST(others_go_on_during_an_offload)
{
    uv_sem_t gate;
    uv_sem_init(&gate, 0);
    ck_assert_int_eq(run_on_pool(0, 0, offload_beside_another, &gate), 0);
    uv_sem_destroy(&gate);
}
END_TEST

static int started; /* atomic */

static int wait_until_cancelled(void *arg)
{
    int *ended = arg;
    __atomic_store_n(&started, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < 5000 && !gr_job_cancelled(); i++)
        uv_sleep(1);
    *ended = 1;
    return gr_job_cancelled() ? 99 : 1;
}

static int offload_within_100(gr_co co, void *arg)
{
    int rc = gr_offload(gr_within(co, 100), wait_until_cancelled, arg);
    ck_assert_int_eq(*(int *)arg, 1);
    return rc;
}

START_TEST(at_its_deadline_a_running_job_is_told_and_waited_for)
{
    int ended = 0;
    ck_assert_int_eq(run_on_pool(0, 0, offload_within_100, &ended), GR_ETIMEDOUT);
}
END_TEST

static int offload_wait(gr_co co, void *arg)
{
    int rc = gr_offload(co, wait_until_cancelled, arg);
    ck_assert_int_eq(*(int *)arg, 1);
    return rc;
}

static int cancel_a_running_one(gr_co co, void *arg)
{
    gr_task *task;
    __atomic_store_n(&started, 0, __ATOMIC_RELAXED);
    int rc = gr_spawn(co, &task, offload_wait, arg);
    ck_assert_int_eq(rc, 0);
    while (!__atomic_load_n(&started, __ATOMIC_RELAXED)) {
        rc = gr_sleep(co, 1);
        ck_assert_int_eq(rc, 0);
    }
    gr_cancel(task);
    return gr_join(co, task);
}

START_TEST(a_cancelled_task_waits_for_its_running_job)
{
    int ended = 0;
    ck_assert_int_eq(run_on_pool(0, 0, cancel_a_running_one, &ended), GR_ECANCELED);
    ck_assert_int_eq(ended, 1);
}
END_TEST

struct behind {
    uv_sem_t gate;
    int value;
};

static int offload_behind_another(gr_co co, void *arg)
{
    struct behind *behind = arg;
    gr_task *first, *second;
    int rc = gr_spawn(co, &first, offload_gate, &behind->gate);
    ck_assert_int_eq(rc, 0);
    rc = gr_spawn(co, &second, offload_add_one, &behind->value);
    ck_assert_int_eq(rc, 0);
    rc = gr_sleep(co, 2);
    ck_assert_int_eq(rc, 0);
    gr_cancel(second);
    int cancelled = gr_join(co, second);
    uv_sem_post(&behind->gate);
    rc = gr_join(co, first);
    ck_assert_int_eq(rc, 0);
    return cancelled;
}

START_TEST(a_cancelled_task_takes_a_queued_job_back)
{
    struct behind behind = {0};
    uv_sem_init(&behind.gate, 0);
    ck_assert_int_eq(run_on_pool(1, 0, offload_behind_another, &behind), GR_ECANCELED);
    ck_assert_int_eq(behind.value, 0);
    uv_sem_destroy(&behind.gate);
}
END_TEST

static int offload_third(gr_co co, void *arg)
{
    int rc = gr_offload(co, add_one, &((struct behind *)arg)->value);
    for (int i = 0; i < 2; i++) /* the one that is queued may still get to run */
        uv_sem_post(&((struct behind *)arg)->gate);
    return rc;
}

static int offload_one_too_many(gr_co co, void *arg)
{
    struct behind *behind = arg;
    return gr_gather(co, {offload_gate, &behind->gate}, {offload_gate, &behind->gate}, {offload_third, behind});
}

START_TEST(an_offload_to_a_full_pool_is_refused_at_once)
{
    struct behind behind = {0};
    uv_sem_init(&behind.gate, 0);
    ck_assert_int_eq(run_on_pool(1, 1, offload_one_too_many, &behind), GR_EBUSY);
    ck_assert_int_eq(behind.value, 0);
    uv_sem_destroy(&behind.gate);
}
END_TEST

static int offload_too_late(gr_co co, void *arg)
{
    return gr_offload(gr_within(co, 0), add_one, arg);
}

START_TEST(an_offload_after_the_deadline_starts_nothing)
{
    int value = 0;
    ck_assert_int_eq(run_on_pool(0, 0, offload_too_late, &value), GR_ETIMEDOUT);
    ck_assert_int_eq(value, 0);
}
END_TEST

START_TEST(an_offload_where_there_is_no_pool_fails)
{
    int value = 0;
    ck_assert_int_eq(run_alone(REAL_TIME, offload_add_one, &value), GR_EINVAL);
}
END_TEST

static int offload_many(gr_co co, void *arg)
{
    int *value = arg, rc = 0;
    for (int i = 1; i <= 500; i++) {
        rc = gr_offload(co, add_one, value);
        ck_assert_int_eq(rc, i);
    }
    return 0;
}

static int many_at_once(gr_co co, void *arg)
{
    enum { N = 20 };
    static int values[N];
    gr_job jobs[N];
    (void)arg;
    for (int i = 0; i < N; i++)
        jobs[i] = (gr_job){offload_many, &values[i]};
    return gr_gather_n(co, jobs, N);
}

START_TEST(ten_thousand_offloads_from_twenty_coroutines)
{
    ck_assert_int_eq(run_on_pool(0, 0, many_at_once, NULL), 0);
}
END_TEST

static int storm_nap(void *arg)
{
    (void)arg;
    for (volatile int i = 0; i < 2000; i++)
        ;
    return 0;
}

static int offload_for_ever(gr_co co, void *arg)
{
    int rc;
    while ((rc = gr_offload(co, storm_nap, arg)) == 0)
        ;
    return rc;
}

static int storm(gr_co co, void *arg)
{
    for (int round = 0; round < 30; round++) {
        gr_job jobs[30];
        for (int i = 0; i < 30; i++)
            jobs[i] = (gr_job){offload_for_ever, arg};
        int rc = gr_gather_n(gr_within(co, 3), jobs, 30);
        ck_assert_int_eq(rc, GR_ETIMEDOUT);
    }
    return 0;
}

START_TEST(deadlines_may_come_at_any_moment_of_a_job)
{
    ck_assert_int_eq(run_on_pool(3, 0, storm, NULL), 0);
}
END_TEST

int main(void)
{
    const test_list tests = {an_offload_returns_what_the_function_returned,
                             offloaded_functions_run_beside_each_other,
                             others_go_on_during_an_offload,
                             at_its_deadline_a_running_job_is_told_and_waited_for,
                             a_cancelled_task_waits_for_its_running_job,
                             a_cancelled_task_takes_a_queued_job_back,
                             an_offload_to_a_full_pool_is_refused_at_once,
                             an_offload_after_the_deadline_starts_nothing,
                             an_offload_where_there_is_no_pool_fails,
                             ten_thousand_offloads_from_twenty_coroutines,
                             deadlines_may_come_at_any_moment_of_a_job,
                             NULL};
    return run_tests("offload", tests, 30);
}
