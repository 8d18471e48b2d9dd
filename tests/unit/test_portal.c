/* Threads that call coroutines: through a portal, and from the pool. */
#include <griddle/sync.h>
#include <griddle/thread.h>
#include <pthread.h>

#include "unit/co_world.h"

enum { THREADS = 8, CALLS = 200 };

struct shop {
    gr_portal *portal;
    int served; /* the loop's alone */
    int results[THREADS];
    _Atomic int refused, answer;
    gr_event all_done;
    int left;
};

static int serve(gr_co co, void *arg)
{
    struct shop *shop = arg;
    int rc = gr_yield(co);
    return rc < 0 ? rc : ++shop->served;
}

struct caller {
    struct shop *shop;
    int i;
};

static int note_end(gr_co co, void *arg)
{
    struct shop *shop = arg;
    (void)co;
    if (--shop->left == 0)
        gr_event_set(&shop->all_done);
    return 0;
}

static void *call_often(void *arg)
{
    struct caller *self = arg;
    int last = 0;
    for (int i = 0; i < CALLS; i++) {
        int n = gr_call_on_loop(self->shop->portal, serve, self->shop);
        self->shop->results[self->i] += n > last;
        last = n;
    }
    ck_assert_int_eq(gr_call_on_loop(self->shop->portal, note_end, self->shop), 0);
    return NULL;
}

static int open_for_threads(gr_co co, void *arg)
{
    struct shop *shop = arg;
    pthread_t threads[THREADS];
    struct caller callers[THREADS];
    shop->left = THREADS;
    int rc = gr_portal_open(co, &shop->portal);
    ck_assert_int_eq(rc, 0);
    for (int i = 0; i < THREADS; i++) {
        callers[i] = (struct caller){shop, i};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call_often, &callers[i]), 0);
    }
    rc = gr_event_wait(co, &shop->all_done);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    gr_portal_close(co, shop->portal);
    return rc;
}

START_TEST(threads_call_coroutines_through_a_portal)
{
    struct shop shop = {0};
    ck_assert_int_eq(gr_run(open_for_threads, &shop), 0);
    ck_assert_int_eq(shop.served, THREADS * CALLS);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(shop.results[i], CALLS);
}
END_TEST

static int sleep_long(gr_co co, void *arg)
{
    struct shop *shop = arg;
    gr_event_set(&shop->all_done);
    return gr_sleep(co, 3600000);
}

static void *call_long(void *arg)
{
    struct shop *shop = arg;
    shop->answer = gr_call_on_loop(shop->portal, sleep_long, shop);
    return NULL;
}

static int close_under_a_caller(gr_co co, void *arg)
{
    struct shop *shop = arg;
    pthread_t thread;
    int rc = gr_portal_open(co, &shop->portal);
    ck_assert_int_eq(rc, 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, call_long, shop), 0);
    rc = gr_event_wait(co, &shop->all_done);
    gr_portal_close(co, shop->portal);
    pthread_join(thread, NULL);
    return rc;
}

START_TEST(a_portal_that_closes_cancels_what_runs_in_it)
{
    struct shop shop = {0};
    ck_assert_int_eq(gr_run(close_under_a_caller, &shop), 0);
    ck_assert_int_eq(shop.answer, GR_ECANCELED);
}
END_TEST

static int call_from_the_loop(gr_co co, void *arg)
{
    struct shop *shop = arg;
    int rc = gr_portal_open(co, &shop->portal);
    return rc < 0 ? rc : gr_call_on_loop(shop->portal, serve, shop);
}

static int leave_it_open(gr_co co, void *arg)
{
    return gr_portal_open(co, &((struct shop *)arg)->portal);
}

static void run_shop(void *arg)
{
    struct shop shop = {0};
    (void)!gr_run(*(gr_task_fn **)arg, &shop);
}

START_TEST(a_call_on_the_loops_own_thread_and_a_portal_left_open_abort)
{
    gr_task_fn *self = call_from_the_loop, *open = leave_it_open;
    assert_aborts_saying(run_apart(run_shop, &self), "which would wait for itself: await there");
    assert_aborts_saying(run_apart(run_shop, &open), "ended with an open portal");
}
END_TEST

/* --- from the pool --- */

static int add_40(gr_co co, void *arg)
{
    int rc = gr_sleep(co, 1);
    return rc < 0 ? rc : *(int *)arg + 40;
}

static int ask_loop(void *arg)
{
    return gr_call_on_loop(NULL, add_40, arg);
}

static int offload_ask(gr_co co, void *arg)
{
    return gr_offload(co, ask_loop, arg);
}

START_TEST(a_pool_thread_calls_its_loop_without_a_portal)
{
    int two = 2;
    ck_assert_int_eq(gr_run(offload_ask, &two), 42);
    ck_assert_int_eq(gr_call_on_loop(NULL, add_40, &two), GR_EINVAL);
}
END_TEST

static int one(void *arg)
{
    (void)arg;
    return 1;
}

static int offload_again(gr_co co, void *arg)
{
    return gr_offload(co, one, arg);
}

static int offload_in_a_child(gr_co co, void *arg)
{
    return gr_gather(co, {offload_again, arg});
}

static int circle(void *arg)
{
    struct shop *shop = arg;
    shop->results[0] = gr_call_on_loop(NULL, offload_again, shop);
    shop->results[1] = gr_call_on_loop(NULL, offload_in_a_child, shop);
    shop->results[2] = gr_call_on_loop(shop->portal, offload_again, shop);
    return 5;
}

static int offload_circle(gr_co co, void *arg)
{
    struct shop *shop = arg;
    int rc = gr_portal_open(co, &shop->portal);
    ck_assert_int_eq(rc, 0);
    shop->results[3] = gr_offload(co, circle, shop);
    shop->results[4] = gr_offload(co, one, shop);
    gr_portal_close(co, shop->portal);
    return 0;
}

static void run_circle(void *arg)
{
    struct shop *shop = arg;
    ck_assert_int_eq(gr_run(offload_circle, shop), 0);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(shop->results[i], GR_EDEADLK);
    ck_assert_int_eq(shop->results[3], 5);
    ck_assert_int_eq(shop->results[4], 1);
}

START_TEST(a_circle_of_pool_and_loop_is_refused_with_a_line_that_says_what_to_do)
{
    struct shop shop = {0};
    struct death death = run_apart(run_circle, &shop);
    ck_assert_msg(WIFEXITED(death.status) && WEXITSTATUS(death.status) == 0, "status %x: %s", (unsigned)death.status,
                  death.stderr_);
    ck_assert_msg(strstr(death.stderr_,
                         "ERROR:    coroutine \"main\": gr_offload() refused: a thread of the pool waits "
                         "for this coroutine, and would wait for another thread"),
                  "%s", death.stderr_);
}
END_TEST

int main(void)
{
    const test_list tests = {threads_call_coroutines_through_a_portal,
                             a_portal_that_closes_cancels_what_runs_in_it,
                             a_call_on_the_loops_own_thread_and_a_portal_left_open_abort,
                             a_pool_thread_calls_its_loop_without_a_portal,
                             a_circle_of_pool_and_loop_is_refused_with_a_line_that_says_what_to_do,
                             NULL};
    return run_tests("portal", tests, 30);
}
