/* gr_run(): a coroutine without a server. gr_loop(): its loop. */
#include <griddle/sync.h>
#include <uv.h>

#include "co_world.h"

static int add_one(void *arg)
{
    return ++*(int *)arg;
}

static int sleep_and_offload(gr_co co, void *arg)
{
    int rc = gr_sleep(co, 1);
    return rc < 0 ? rc : gr_offload(co, add_one, arg);
}

START_TEST(a_program_without_a_server_awaits_what_a_handler_can)
{
    int n = 41;
    ck_assert_int_eq(gr_run(sleep_and_offload, &n), 42);
    ck_assert_int_eq(gr_run(sleep_and_offload, &n), 43);
    ck_assert_int_eq(n, 43);
}
END_TEST

static int end_late(gr_co co, void *arg)
{
    *(int *)arg = gr_sleep(co, 60000);
    return 0;
}

static int leave_a_child(gr_co co, void *arg)
{
    gr_task *child;
    ck_assert_int_eq(gr_spawn(co, &child, end_late, arg), 0);
    return gr_yield(co);
}

START_TEST(a_child_that_was_not_joined_is_cancelled_and_waited_for)
{
    int child_rc = 1;
    ck_assert_int_eq(gr_run(leave_a_child, &child_rc), 0);
    ck_assert_int_eq(child_rc, GR_ECANCELED);
}
END_TEST

static void on_fire(uv_timer_t *timer)
{
    gr_event_set(timer->data);
    uv_close((uv_handle_t *)timer, NULL);
}

static int await_a_callback(gr_co co, void *arg)
{
    gr_event fired = {0};
    uv_timer_t *timer = arg;
    uv_timer_init(gr_loop(co), timer);
    timer->data = &fired;
    uv_timer_start(timer, on_fire, 1, 0);
    return gr_event_wait(co, &fired);
}

START_TEST(a_callback_of_the_loop_is_awaited_by_an_event)
{
    uv_timer_t timer;
    ck_assert_int_eq(gr_run(await_a_callback, &timer), 0);
}
END_TEST

static int leave_a_handle(gr_co co, void *arg)
{
    uv_timer_init(gr_loop(co), arg);
    return 0;
}

static int run_inside(gr_co co, void *arg)
{
    (void)co;
    return gr_run(leave_a_handle, arg);
}

static void run_apart_fn(void *arg)
{
    static uv_timer_t timer;
    (void)!gr_run(*(gr_task_fn **)arg, &timer);
}

START_TEST(a_loop_in_a_coroutine_and_a_handle_left_open_abort_and_say_why)
{
    gr_task_fn *nested = run_inside, *leaves = leave_a_handle;
    assert_aborts_saying(run_apart(run_apart_fn, &nested), "gr_run() was called in the coroutine \"main\"");
    assert_aborts_saying(run_apart(run_apart_fn, &leaves), "close what you opened on gr_loop()");
}
END_TEST

static int wait_for_nothing(gr_co co, void *arg)
{
    gr_event never = {0};
    (void)arg;
    return gr_event_wait(co, &never);
}

START_TEST(a_wait_that_nothing_can_end_aborts_and_says_what_it_waits_for)
{
    gr_task_fn *waits = wait_for_nothing;
    assert_aborts_saying(run_apart(run_apart_fn, &waits),
                         "deadlock: the coroutine \"main\" waits for event, and nothing is left that could wake it");
}
END_TEST

int main(void)
{
    const test_list tests = {a_program_without_a_server_awaits_what_a_handler_can,
                             a_child_that_was_not_joined_is_cancelled_and_waited_for,
                             a_callback_of_the_loop_is_awaited_by_an_event,
                             a_loop_in_a_coroutine_and_a_handle_left_open_abort_and_say_why,
                             a_wait_that_nothing_can_end_aborts_and_says_what_it_waits_for,
                             NULL};
    return run_tests("run", tests, 20);
}
