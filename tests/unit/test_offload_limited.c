/* gr_offload_limited(): never more than so many at a time, in order, and every permit is given back. */
#include <griddle/sync.h>
#include <griddle/thread.h>

#include "co/pool.h"
#include "unit/co_world.h"

enum { CROWD = 40 };

/* What the jobs of a test share. The numbers are atomic: threads change them. */
struct office {
    gr_semaphore limiter;
    uv_sem_t gate;
    int inside, most, done;
    char trace[8];
};

static int run_on_pool(unsigned threads, unsigned queue, gr_task_fn *fn, struct office *office)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool;
    ck_assert_int_eq(gri_pool_create(&pool, &world->sched, &(struct gri_pool_options){threads, queue}), 0);
    uv_sem_init(&office->gate, 0);
    int result = run_in(world, fn, office);
    uv_sem_destroy(&office->gate);
    gri_pool_destroy(pool, NULL, NULL);
    world_end(world);
    return result;
}

static int add(int *number, int n)
{
    return __atomic_add_fetch(number, n, __ATOMIC_SEQ_CST);
}

static int get(int *number)
{
    return __atomic_load_n(number, __ATOMIC_SEQ_CST);
}

static void note_most(struct office *office, int now)
{
    int most = get(&office->most);
    while (now > most &&
           !__atomic_compare_exchange_n(&office->most, &most, now, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        ;
}

static int work(void *arg)
{
    struct office *office = arg;
    note_most(office, add(&office->inside, 1));
    uv_sleep(1);
    add(&office->inside, -1);
    add(&office->done, 1);
    return 0;
}

static int pass_gate(void *arg)
{
    struct office *office = arg;
    add(&office->inside, 1);
    uv_sem_wait(&office->gate);
    add(&office->inside, -1);
    add(&office->done, 1);
    return 7;
}

static int work_limited(gr_co co, void *arg)
{
    return gr_offload_limited(co, &((struct office *)arg)->limiter, work, arg);
}

static int pass_gate_limited(gr_co co, void *arg)
{
    return gr_offload_limited(co, &((struct office *)arg)->limiter, pass_gate, arg);
}

static int work_in_a_crowd(gr_co co, void *arg)
{
    gr_job jobs[CROWD];
    for (int i = 0; i < CROWD; i++)
        jobs[i] = (gr_job){work_limited, arg};
    return gr_gather_n(co, jobs, CROWD);
}

START_TEST(never_more_than_the_limit_run_at_a_time)
{
    struct office office = {.limiter = GR_SEMAPHORE(3)};
    ck_assert_int_eq(run_on_pool(20, 0, work_in_a_crowd, &office), 0);
    ck_assert_int_eq(office.done, CROWD);
    ck_assert_int_ge(office.most, 1);
    ck_assert_int_le(office.most, 3);
    ck_assert_uint_eq(office.limiter.free, 3);
}
END_TEST

struct clerk {
    struct office *office;
    char name;
};

/* One at a time, so that nothing but the limiter guards the trace. */
static int sign(void *arg)
{
    struct clerk *clerk = arg;
    size_t len = strlen(clerk->office->trace);
    clerk->office->trace[len] = clerk->name;
    return 0;
}

static int sign_limited(gr_co co, void *arg)
{
    return gr_offload_limited(co, &((struct clerk *)arg)->office->limiter, sign, arg);
}

static int sign_in_turn(gr_co co, void *arg)
{
    struct clerk a = {arg, 'a'}, b = {arg, 'b'}, c = {arg, 'c'}, d = {arg, 'd'};
    return gr_gather(co, {sign_limited, &a}, {sign_limited, &b}, {sign_limited, &c}, {sign_limited, &d});
}

START_TEST(who_came_first_is_run_first)
{
    struct office office = {.limiter = GR_SEMAPHORE(1)};
    ck_assert_int_eq(run_on_pool(4, 0, sign_in_turn, &office), 0);
    ck_assert_str_eq(office.trace, "abcd");
}
END_TEST

static void await_inside(gr_co co, struct office *office, int n)
{
    while (get(&office->inside) != n) {
        int rc = gr_sleep(co, 1);
        ck_assert_int_eq(rc, 0);
    }
}

static gr_task *start(gr_co co, gr_task_fn *fn, struct office *office)
{
    gr_task *task = NULL;
    ck_assert_int_eq(gr_spawn(co, &task, fn, office), 0);
    return task;
}

static int cancel_one_that_waits(gr_co co, void *arg)
{
    struct office *office = arg;
    gr_task *first = start(co, pass_gate_limited, office), *second = start(co, work_limited, office);
    await_inside(co, office, 1);
    gr_cancel(second);
    int rc = gr_join(co, second);
    ck_assert_int_eq(rc, GR_ECANCELED);
    ck_assert_int_eq(get(&office->inside), 1);
    uv_sem_post(&office->gate);
    return gr_join(co, first);
}

START_TEST(one_that_is_cancelled_while_it_waits_for_a_permit_does_not_run)
{
    struct office office = {.limiter = GR_SEMAPHORE(1)};
    ck_assert_int_eq(run_on_pool(4, 0, cancel_one_that_waits, &office), 7);
    ck_assert_int_eq(office.done, 1);
    ck_assert_uint_eq(office.limiter.free, 1);
}
END_TEST

/* The permit stays with the thread that runs, or else two would. */
static int cancel_one_that_runs(gr_co co, void *arg)
{
    struct office *office = arg;
    gr_task *first = start(co, pass_gate_limited, office), *second = start(co, work_limited, office);
    await_inside(co, office, 1);
    gr_cancel(first);
    int rc = gr_sleep(co, 5);
    ck_assert_int_eq(rc, 0);
    ck_assert_int_eq(get(&office->done), 0);
    uv_sem_post(&office->gate);
    rc = gr_join(co, first);
    ck_assert_int_eq(rc, GR_ECANCELED);
    return gr_join(co, second);
}

START_TEST(one_that_is_cancelled_while_it_runs_keeps_its_permit_until_it_returns)
{
    struct office office = {.limiter = GR_SEMAPHORE(1)};
    ck_assert_int_eq(run_on_pool(4, 0, cancel_one_that_runs, &office), 0);
    ck_assert_int_eq(office.done, 2);
    ck_assert_int_eq(office.most, 1);
    ck_assert_uint_eq(office.limiter.free, 1);
}
END_TEST

static int wait_until_the_deadline(gr_co co, void *arg)
{
    struct office *office = arg;
    gr_task *first = start(co, pass_gate_limited, office);
    await_inside(co, office, 1);
    int rc = gr_offload_limited(gr_within(co, 5), &office->limiter, work, office);
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    ck_assert_int_eq(get(&office->done), 0);
    uv_sem_post(&office->gate);
    rc = gr_join(co, first);
    ck_assert_int_eq(rc, 7);
    return gr_offload_limited(gr_within(co, 0), &office->limiter, work, office);
}

START_TEST(the_deadline_ends_the_wait_for_a_permit)
{
    struct office office = {.limiter = GR_SEMAPHORE(1)};
    ck_assert_int_eq(run_on_pool(4, 0, wait_until_the_deadline, &office), GR_ETIMEDOUT);
    ck_assert_int_eq(office.done, 1);
    ck_assert_uint_eq(office.limiter.free, 1);
}
END_TEST

/* One thread and one place in the queue, both taken. */
static int come_to_a_full_pool(gr_co co, void *arg)
{
    struct office *office = arg;
    gr_task *first = start(co, pass_gate_limited, office), *second = start(co, pass_gate_limited, office);
    await_inside(co, office, 1);
    int rc = work_limited(co, office);
    ck_assert_int_eq(rc, GR_EBUSY);
    ck_assert_uint_eq(office->limiter.free, 1);
    uv_sem_post(&office->gate);
    uv_sem_post(&office->gate);
    rc = gr_join(co, first);
    ck_assert_int_eq(rc, 7);
    return gr_join(co, second);
}

START_TEST(a_full_pool_is_told_and_the_permit_given_back)
{
    struct office office = {.limiter = GR_SEMAPHORE(3)};
    ck_assert_int_eq(run_on_pool(1, 1, come_to_a_full_pool, &office), 7);
    ck_assert_int_eq(office.done, 2);
    ck_assert_uint_eq(office.limiter.free, 3);
}
END_TEST

static int ask_for_a_thread(void *arg)
{
    return gr_call_on_loop(NULL, work_limited, arg);
}

static int come_from_a_thread(gr_co co, void *arg)
{
    return gr_offload(co, ask_for_a_thread, arg);
}

START_TEST(a_circle_is_refused_and_the_permit_given_back)
{
    struct office office = {.limiter = GR_SEMAPHORE(1)};
    ck_assert_int_eq(run_on_pool(4, 0, come_from_a_thread, &office), GR_EDEADLK);
    ck_assert_uint_eq(office.limiter.free, 1);
}
END_TEST

/* The permit was handed over, and the cancellation came before its owner ran. */
static int cancel_in_the_turn_of_the_permit(gr_co co, void *arg)
{
    struct office *office = arg;
    gr_task *task = start(co, work_limited, office);
    int rc = gr_yield(co);
    ck_assert_int_eq(rc, 0);
    gr_semaphore_release(&office->limiter);
    gr_cancel(task);
    return gr_join(co, task);
}

START_TEST(a_permit_that_came_too_late_to_be_used_is_given_back)
{
    struct office office = {.limiter = GR_SEMAPHORE(0)};
    ck_assert_int_eq(run_on_pool(4, 0, cancel_in_the_turn_of_the_permit, &office), GR_ECANCELED);
    ck_assert_int_eq(office.done, 0);
    ck_assert_uint_eq(office.limiter.free, 1);
}
END_TEST

int main(void)
{
    const test_list tests = {never_more_than_the_limit_run_at_a_time,
                             who_came_first_is_run_first,
                             one_that_is_cancelled_while_it_waits_for_a_permit_does_not_run,
                             one_that_is_cancelled_while_it_runs_keeps_its_permit_until_it_returns,
                             the_deadline_ends_the_wait_for_a_permit,
                             a_full_pool_is_told_and_the_permit_given_back,
                             a_circle_is_refused_and_the_permit_given_back,
                             a_permit_that_came_too_late_to_be_used_is_given_back,
                             NULL};
    return run_tests("offload limited", tests, 30);
}
