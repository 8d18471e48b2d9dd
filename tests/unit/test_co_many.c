/* So many coroutines at once, and one after the other. */
#include "unit/co_world.h"

enum { SLEEPERS = 10000, PAIRS = 100000 };

struct crowd {
    int64_t last_ms;
    int woken, early;
    long asleep_kb;
};

struct sleeper {
    struct crowd *crowd;
    int64_t ms;
};

static int sleep_as_told(gr_co co, struct sleeper *self)
{
    int rc = gr_sleep(co, self->ms);
    self->crowd->early += gr_now_ms(co) < self->crowd->last_ms || gr_now_ms(co) != self->ms;
    self->crowd->last_ms = gr_now_ms(co);
    self->crowd->woken++;
    return rc;
}
GR_TASK(sleep_as_told, struct sleeper);

static long resident_kb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%*s %ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static int send_to_sleep(gr_co co, void *arg)
{
    struct crowd *crowd = arg;
    static struct sleeper sleepers[SLEEPERS];
    gr_group group;
    long before_kb = resident_kb();
    gr_group_open(co, &group);
    int rc = 0;
    for (int i = 0; i < SLEEPERS && rc == 0; i++) {
        sleepers[i] = (struct sleeper){crowd, 1 + (int64_t)i * 7919 % 3000};
        rc = sleep_as_told_spawn_in(co, &group, &sleepers[i]);
    }
    if (rc == 0)
        rc = gr_yield(co);
    crowd->asleep_kb = resident_kb() - before_kb;
    return gr_group_close(co, &group, rc);
}

START_TEST(ten_thousand_sleep_in_less_than_60_mb_and_wake_in_order_of_time)
{
    struct crowd crowd = {0};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, send_to_sleep, &crowd), 0);
    ck_assert_int_eq(crowd.woken, SLEEPERS);
    ck_assert_int_eq(crowd.early, 0);
    if (tests_slowness() == 1) /* sanitizers and valgrind have larger stacks, and shadows of them */
        ck_assert_int_lt(crowd.asleep_kb, 60 * 1024);
}
END_TEST

static int count(gr_co co, void *arg)
{
    (void)co;
    ++*(int *)arg;
    return 0;
}

static int spawn_and_join(gr_co co, void *arg)
{
    int rc = 0;
    for (int i = 0; i < PAIRS && rc == 0; i++) {
        gr_task *task;
        rc = gr_spawn(co, &task, count, arg);
        if (rc == 0)
            rc = gr_join(co, task);
    }
    return rc;
}

START_TEST(a_hundred_thousand_are_spawned_and_joined_on_a_handful_of_stacks)
{
    int n = 0;
    struct world *world = world_begin(REAL_TIME);
    ck_assert_int_eq(run_in(world, spawn_and_join, &n), 0);
    ck_assert_int_eq(n, PAIRS);
    ck_assert_uint_le(world->sched.stacks.usual->n_total, 64);
    world_end(world);
}
END_TEST

int main(void)
{
    const test_list tests = {ten_thousand_sleep_in_less_than_60_mb_and_wake_in_order_of_time,
                             a_hundred_thousand_are_spawned_and_joined_on_a_handful_of_stacks, NULL};
    return run_tests("many", tests, 60);
}
