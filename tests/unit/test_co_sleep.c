#include "unit/co_world.h"

#include "co/san.h"

enum { SLEEPERS = GRI_TSAN ? 2000 : 10000 }; /* ThreadSanitizer counts a coroutine as a thread, and has 8,128 */

static int sleep_ms(gr_co co, void *arg)
{
    return gr_sleep(co, *(int64_t *)arg);
}

static int sleep_and_look(gr_co co, void *arg)
{
    int64_t *ms = arg, before = gr_now_ms(co);
    int rc = gr_sleep(co, *ms);
    *ms = gr_now_ms(co) - before;
    return rc;
}

START_TEST(a_sleep_takes_exactly_its_time_on_a_virtual_clock)
{
    int64_t ms = 1234;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, sleep_and_look, &ms), 0);
    ck_assert_int_eq(ms, 1234);
}
END_TEST

START_TEST(a_sleep_takes_at_least_its_time_on_the_real_clock)
{
    for (int64_t ms = 1; ms < 8; ms++) {
        int64_t wanted = ms;
        uint64_t before = uv_hrtime();
        ck_assert_int_eq(run_alone(REAL_TIME, sleep_ms, &wanted), 0);
        ck_assert_uint_ge(uv_hrtime() - before, (uint64_t)ms * 1000000);
    }
}
END_TEST

START_TEST(a_sleep_of_nothing_or_less_takes_no_time)
{
    int64_t none = 0, less = -5;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, sleep_and_look, &none), 0);
    ck_assert_int_eq(none, 0);
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, sleep_and_look, &less), 0);
    ck_assert_int_eq(less, 0);
}
END_TEST

static int busy_then_sleep(gr_co co, void *arg)
{
    (void)arg;
    int64_t start = gr_now_ms(co);
    while (gr_now_ms(co) < start + 20)
        ;
    int64_t before = gr_now_ms(co);
    int rc = gr_sleep(co, 10);
    ck_assert_int_ge(gr_now_ms(co), before + 10);
    return rc;
}

START_TEST(a_sleep_begins_now_and_not_when_the_loop_last_looked_at_the_clock)
{
    ck_assert_int_eq(run_alone(REAL_TIME, busy_then_sleep, NULL), 0);
}
END_TEST

static int sleep_in_scopes(gr_co co, void *arg)
{
    int64_t *took = arg, before = gr_now_ms(co);
    int rc = gr_sleep(gr_within(gr_within(co, 100), 300), 1000);
    *took = gr_now_ms(co) - before;
    return rc;
}

START_TEST(of_nested_scopes_the_earlier_deadline_counts)
{
    int64_t took = 0;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, sleep_in_scopes, &took), GR_ETIMEDOUT);
    ck_assert_int_eq(took, 100);
}
END_TEST

static int sleep_in_inner_scope(gr_co co, void *arg)
{
    int64_t *took = arg, before = gr_now_ms(co);
    gr_co outer = gr_within(co, 300);
    int rc = gr_sleep(gr_within(outer, 100), 1000);
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    rc = gr_sleep(outer, 50);
    ck_assert_int_eq(rc, 0);
    *took = gr_now_ms(co) - before;
    return gr_sleep(co, 1);
}

START_TEST(the_outer_scope_goes_on_when_the_inner_one_has_ended)
{
    int64_t took = 0;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, sleep_in_inner_scope, &took), 0);
    ck_assert_int_eq(took, 150);
}
END_TEST

static int sleep_up_to_the_deadline(gr_co co, void *arg)
{
    (void)arg;
    return gr_sleep(gr_within(co, 100), 100);
}

START_TEST(a_sleep_that_ends_with_its_deadline_is_on_time)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, sleep_up_to_the_deadline, NULL), 0);
}
END_TEST

static int await_after_the_deadline(gr_co co, void *arg)
{
    int *others = arg;
    gr_co over = gr_within(co, 0);
    int64_t before = gr_now_ms(co);
    int rc = gr_sleep(over, 1000);
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    ck_assert_int_eq(*others, 1);
    rc = gr_yield(gr_within(co, -1));
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    ck_assert_int_eq(*others, 2);
    ck_assert_int_eq(gr_now_ms(co), before);
    return 0;
}

static int count_turns(gr_co co, void *arg)
{
    int rc;
    do
        (*(int *)arg)++;
    while ((rc = gr_yield(co)) == 0);
    return rc;
}

static int await_late_beside_others(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, count_turns, arg);
    ck_assert_int_eq(rc, 0);
    rc = await_after_the_deadline(co, arg);
    gr_cancel(task);
    ck_assert_int_eq(gr_join(co, task), GR_ECANCELED);
    return rc;
}

START_TEST(an_await_after_the_deadline_yields_once_and_says_so)
{
    int turns = 0;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, await_late_beside_others, &turns), 0);
}
END_TEST

static int within_for_ever(gr_co co, void *arg)
{
    (void)arg;
    gr_co wide = gr_within(co, INT64_MAX);
    ck_assert_int_eq(wide.deadline_ms, INT64_MAX);
    int rc = gr_sleep(wide, 5);
    ck_assert_int_eq(rc, 0);
    return gr_within(co, INT64_MIN).deadline_ms <= gr_now_ms(co) ? 0 : 1;
}

START_TEST(a_scope_as_wide_as_it_gets_does_not_overflow)
{
    ck_assert_int_eq(run_alone(REAL_TIME, within_for_ever, NULL), 0);
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, within_for_ever, NULL), 0);
}
END_TEST

static int child_of_a_scope(gr_co co, void *arg)
{
    gr_task *task;
    int64_t ms = 1000;
    (void)arg;
    int rc = gr_spawn(gr_within(co, 70), &task, sleep_ms, &ms);
    ck_assert_int_eq(rc, 0);
    rc = gr_join(co, task);
    ck_assert_int_eq(gr_now_ms(co), 70);
    return rc;
}

START_TEST(a_child_inherits_the_deadline_of_the_scope_it_was_spawned_in)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, child_of_a_scope, NULL), GR_ETIMEDOUT);
}
END_TEST

struct order {
    int64_t next, wrong;
};

struct sleeper {
    struct order *order;
    int64_t ms, place;
};

static int sleep_and_line_up(gr_co co, void *arg)
{
    struct sleeper *self = arg;
    int rc = gr_sleep(co, self->ms);
    self->order->wrong += self->order->next++ != self->place;
    return rc;
}

START_TEST(equal_deadlines_wake_first_come_first_served)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    struct order order = {0};
    struct sleeper sleepers[100];
    for (int i = 0; i < 100; i++) {
        sleepers[i] = (struct sleeper){&order, 50, i};
        start_in(world, "sleeper", sleep_and_line_up, &sleepers[i]);
    }
    run_world(world);
    ck_assert_int_eq(order.next, 100);
    ck_assert_int_eq(order.wrong, 0);
    world_end(world);
}
END_TEST

static void wake_in_order(int time)
{
    struct world *world = world_begin(time);
    struct order order = {0};
    struct sleeper *sleepers = calloc(SLEEPERS, sizeof *sleepers);
    for (int i = 0; i < SLEEPERS; i++) {
        int64_t place = ((int64_t)i * 7919) % SLEEPERS;
        sleepers[i] = (struct sleeper){&order, time == VIRTUAL_TIME ? 1 + place : 1 + place / 50, place};
        start_in(world, "sleeper", sleep_and_line_up, &sleepers[i]);
    }
    ck_assert_uint_eq(world->sched.n_tasks, SLEEPERS);
    run_world(world);
    ck_assert_int_eq(order.next, SLEEPERS);
    if (time == VIRTUAL_TIME)
        ck_assert_int_eq(order.wrong, 0);
    free(sleepers);
    world_end(world);
}

START_TEST(ten_thousand_sleepers_wake_in_order_of_time)
{
    wake_in_order(VIRTUAL_TIME);
}
END_TEST

START_TEST(ten_thousand_sleepers_all_wake_on_the_real_clock)
{
    wake_in_order(REAL_TIME);
}
END_TEST

static int tick(gr_co co, void *arg)
{
    int64_t *log = arg;
    for (int i = 1; i <= 5; i++) {
        int rc = gr_sleep(co, 10);
        ck_assert_int_eq(rc, 0);
        log[i] = gr_now_ms(co);
        rc = gr_yield(co);
        ck_assert_int_eq(rc, 0);
    }
    return 0;
}

START_TEST(a_virtual_clock_stops_at_every_timer_on_its_way)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    int64_t log[6] = {0};
    start_in(world, "ticker", tick, log);
    gri_sched_advance(&world->sched, 35);
    ck_assert_int_eq(gri_now_ms(&world->sched), 35);
    ck_assert_int_eq(log[3], 30);
    ck_assert_int_eq(log[4], 0);
    ck_assert_int_eq(gri_sched_next_ms(&world->sched), 40);
    gri_sched_advance(&world->sched, 15);
    ck_assert_int_eq(log[5], 50);
    ck_assert_int_eq(gri_sched_next_ms(&world->sched), INT64_MAX);
    world_end(world);
}
END_TEST

START_TEST(a_virtual_clock_does_not_move_by_itself)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    int64_t ms = 1;
    start_in(world, "sleeper", sleep_ms, &ms);
    uv_sleep(5);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(gri_now_ms(&world->sched), 0);
    ck_assert_uint_eq(world->sched.n_tasks, 1);
    gri_sched_advance(&world->sched, 1);
    world_end(world);
}
END_TEST

int main(void)
{
    const test_list tests = {a_sleep_takes_exactly_its_time_on_a_virtual_clock,
                             a_sleep_takes_at_least_its_time_on_the_real_clock,
                             a_sleep_of_nothing_or_less_takes_no_time,
                             a_sleep_begins_now_and_not_when_the_loop_last_looked_at_the_clock,
                             of_nested_scopes_the_earlier_deadline_counts,
                             the_outer_scope_goes_on_when_the_inner_one_has_ended,
                             a_sleep_that_ends_with_its_deadline_is_on_time,
                             an_await_after_the_deadline_yields_once_and_says_so,
                             a_scope_as_wide_as_it_gets_does_not_overflow,
                             a_child_inherits_the_deadline_of_the_scope_it_was_spawned_in,
                             equal_deadlines_wake_first_come_first_served,
                             ten_thousand_sleepers_wake_in_order_of_time,
                             ten_thousand_sleepers_all_wake_on_the_real_clock,
                             a_virtual_clock_stops_at_every_timer_on_its_way,
                             a_virtual_clock_does_not_move_by_itself,
                             NULL};
    return run_tests("sleep and deadlines", tests, 30);
}
