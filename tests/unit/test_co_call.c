/* A function that Griddle calls is a scope: what it spawned and did not join has ended when anybody goes on. */
#include <griddle/sync.h>
#include <griddle/thread.h>
#include <pthread.h>

#include "unit/co_world.h"

/* Counts in the frame of whoever had the function called, as long as it runs: that must not go on before. */
static int go_on(gr_co co, void *arg)
{
    int *alive = arg, rc = 0;
    ++*alive;
    while (rc == 0) {
        *(volatile int *)alive = *alive;
        rc = gr_yield(co);
    }
    --*alive;
    return rc;
}

static int go_on_in_a_child(gr_co co, void *arg)
{
    return gr_gather(co, {go_on, arg});
}

/* Joins neither. */
static int spawn_and_return(gr_co co, void *arg)
{
    gr_task *task, *with_a_child;
    int rc = gr_spawn(co, &task, go_on, arg);
    rc = rc ? rc : gr_spawn(co, &with_a_child, go_on_in_a_child, arg);
    for (int i = 0; i < 3 && rc == 0; i++)
        rc = gr_yield(co);
    ck_assert_int_eq(rc, 0);
    ck_assert_int_eq(*(int *)arg, 2);
    return 7;
}

/* --- on behalf of threads --- */

static void *call_through_portal(void *arg)
{
    int alive = 0, rc = gr_call_on_loop(arg, spawn_and_return, &alive);
    ck_assert_int_eq(alive, 0);
    ck_assert_int_eq(rc, 7);
    return NULL;
}

struct portal_test {
    gr_portal *portal;
    gr_event done;
    void *(*thread)(void *arg);
};

static int set_done(gr_co co, void *arg)
{
    (void)co;
    gr_event_set(&((struct portal_test *)arg)->done);
    return 0;
}

static void *thread_of_portal(void *arg)
{
    struct portal_test *self = arg;
    self->thread(self->portal);
    ck_assert_int_eq(gr_call_on_loop(self->portal, set_done, self), 0);
    return NULL;
}

static int serve_thread(gr_co co, void *arg)
{
    struct portal_test *self = arg;
    pthread_t thread;
    int rc = gr_portal_open(co, &self->portal);
    ck_assert_int_eq(rc, 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, thread_of_portal, self), 0);
    rc = gr_event_wait(co, &self->done);
    pthread_join(thread, NULL);
    gr_portal_close(co, self->portal);
    return rc;
}

START_TEST(a_call_through_a_portal_returns_when_what_it_spawned_has_ended)
{
    struct portal_test self = {.thread = call_through_portal};
    ck_assert_int_eq(gr_run(serve_thread, &self), 0);
}
END_TEST

static int call_without_portal(void *arg)
{
    for (int i = 0; i < 3; i++)
        call_through_portal(NULL);
    (void)arg;
    return 3;
}

static int offload_calls(gr_co co, void *arg)
{
    return gr_offload(co, call_without_portal, arg);
}

START_TEST(a_call_from_the_pool_returns_when_what_it_spawned_has_ended)
{
    ck_assert_int_eq(gr_run(offload_calls, NULL), 3);
}
END_TEST

/* The job's own coroutine has children of its own, which a question leaves alone. */
static int offload_beside_a_child(gr_co co, void *arg)
{
    int alive = 0;
    gr_task *task;
    int rc = gr_spawn(co, &task, go_on, &alive);
    ck_assert_int_eq(rc, 0);
    rc = gr_offload(co, call_without_portal, arg);
    ck_assert_int_eq(alive, 1);
    gr_cancel(task);
    int joined = gr_join(co, task);
    ck_assert_int_eq(joined, GR_ECANCELED);
    return rc;
}

START_TEST(a_call_from_the_pool_ends_no_task_of_the_coroutine_that_waits_for_it)
{
    ck_assert_int_eq(gr_run(offload_beside_a_child, NULL), 3);
}
END_TEST

/* --- in a coroutine --- */

static int spawn_each(gr_co co, size_t i, int result, void *arg)
{
    (void)i, (void)result;
    return spawn_and_return(co, arg) == 7 ? 0 : 1;
}

static int end_at_once(gr_co co, void *arg)
{
    (void)co, (void)arg;
    return 0;
}

static int call_all_ways(gr_co co, void *arg)
{
    int alive = 0, kept = 0;
    gr_task *task;
    int rc = gr_spawn(co, &task, go_on, &kept);
    ck_assert_int_eq(rc, 0);
    rc = gr_call(co, spawn_and_return, &alive);
    ck_assert_int_eq(rc, 7);
    ck_assert_int_eq(alive, 0);
    rc = gr_shield(co, spawn_and_return, &alive);
    ck_assert_int_eq(rc, 7);
    ck_assert_int_eq(alive, 0);
    rc = gr_every(co, 10, spawn_and_return, &alive);
    ck_assert_int_eq(rc, 7);
    ck_assert_int_eq(alive, 0);
    const gr_job jobs[] = {{end_at_once, NULL}, {end_at_once, NULL}};
    rc = gr_as_completed_n(co, jobs, 2, spawn_each, &alive);
    ck_assert_int_eq(rc, 0);
    ck_assert_int_eq(alive, 0);
    ck_assert_int_eq(kept, 1);
    (void)arg;
    gr_cancel(task);
    return gr_join(co, task);
}

START_TEST(each_function_that_is_called_in_a_coroutine_ends_with_what_it_spawned_and_nothing_else)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, call_all_ways, NULL), GR_ECANCELED);
}
END_TEST

static int join_what_others_spawned(gr_co co, void *arg)
{
    return gr_join(co, arg);
}

static int spawn_for_a_call(gr_co co, void *arg)
{
    gr_task *task;
    (void)arg;
    int rc = gr_spawn(co, &task, end_at_once, NULL);
    return rc ? rc : gr_call(co, join_what_others_spawned, task);
}

START_TEST(a_call_may_join_what_its_caller_spawned)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, spawn_for_a_call, NULL), 0);
}
END_TEST

/* --- the shield --- */

static int sleep_shortly(gr_co co, void *arg)
{
    (void)arg;
    return gr_sleep(co, 1);
}

static int call_and_sleep(gr_co co, void *arg)
{
    int rc = gr_sleep(co, 100);
    rc = rc ? rc : gr_shield(co, sleep_shortly, NULL);
    rc = rc ? rc : gr_call(co, sleep_shortly, NULL);
    rc = rc ? rc : gr_sleep(co, 1);
    *(int *)arg = rc;
    return rc;
}

static int shield_calls(gr_co co, void *arg)
{
    return gr_shield(co, call_and_sleep, arg);
}

static int cancel_shielded(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, shield_calls, arg);
    rc = rc ? rc : gr_sleep(co, 50);
    ck_assert_int_eq(rc, 0);
    gr_cancel(task);
    return gr_join(co, task);
}

START_TEST(a_call_leaves_the_shield_as_it_found_it)
{
    int inside = 1;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_shielded, &inside), 0);
    ck_assert_int_eq(inside, 0);
}
END_TEST

/* --- what is left open --- */

static gr_group left_open;

static int open_and_return(gr_co co, void *arg)
{
    (void)arg;
    gr_group_open(co, &left_open);
    return 0;
}

static int leave_open_in_a_call(gr_co co, void *arg)
{
    int rc = gr_call(co, open_and_return, arg);
    return gr_group_close(co, &left_open, rc);
}

static void *leave_open_in_portal(void *portal)
{
    (void)!gr_call_on_loop(portal, open_and_return, NULL);
    return NULL;
}

static int leave_open_in_job(void *arg)
{
    leave_open_in_portal(arg);
    return 0;
}

static int offload_one_that_leaves_open(gr_co co, void *arg)
{
    (void)arg;
    return gr_offload(co, leave_open_in_job, NULL);
}

static void run_one(void *arg)
{
    struct portal_test self = {.thread = leave_open_in_portal};
    (void)!gr_run(*(gr_task_fn **)arg, &self);
}

START_TEST(a_function_that_leaves_a_group_open_aborts_whoever_called_it)
{
    gr_task_fn *ways[] = {open_and_return, leave_open_in_a_call, serve_thread};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        assert_aborts_saying(run_apart(run_one, &ways[i]), "ended with an open group");
    gr_task_fn *on_the_pool = offload_one_that_leaves_open;
    assert_aborts_saying(run_apart(run_one, &on_the_pool), "a function of \"main\" ended with an open group");
}
END_TEST

/* A portal has memory of its own: a blocking function may open it by one call, and close it by another. */
static int open_portal(gr_co co, void *arg)
{
    return gr_portal_open(co, arg);
}

static int close_portal(gr_co co, void *arg)
{
    gr_portal_close(co, *(gr_portal **)arg);
    return 0;
}

static int use_portal(void *arg)
{
    gr_portal *portal;
    (void)arg;
    int rc = gr_call_on_loop(NULL, open_portal, &portal);
    rc = rc ? rc : gr_call_on_loop(portal, sleep_shortly, NULL);
    return rc ? rc : gr_call_on_loop(NULL, close_portal, &portal);
}

static int offload_portal(gr_co co, void *arg)
{
    return gr_offload(co, use_portal, arg);
}

START_TEST(a_portal_may_stay_open_from_one_call_to_another)
{
    ck_assert_int_eq(gr_run(offload_portal, NULL), 0);
}
END_TEST

int main(void)
{
    const test_list tests = {a_call_through_a_portal_returns_when_what_it_spawned_has_ended,
                             a_call_from_the_pool_returns_when_what_it_spawned_has_ended,
                             a_call_from_the_pool_ends_no_task_of_the_coroutine_that_waits_for_it,
                             each_function_that_is_called_in_a_coroutine_ends_with_what_it_spawned_and_nothing_else,
                             a_call_may_join_what_its_caller_spawned,
                             a_call_leaves_the_shield_as_it_found_it,
                             a_function_that_leaves_a_group_open_aborts_whoever_called_it,
                             a_portal_may_stay_open_from_one_call_to_another,
                             NULL};
    return run_tests("co call", tests, 30);
}
