/* What belongs to a loop aborts on any other thread: one of the pool, one that nobody knows of, one of another loop. */
#include <griddle/io.h>
#include <griddle/net.h>
#include <griddle/process.h>
#include <griddle/signal.h>
#include <griddle/sync.h>
#include <griddle/thread.h>
#include <pthread.h>
#include <signal.h>

#include "unit/co_world.h"

struct things {
    gr_co co;
    gr_task *task;
    gr_event event;
    gr_semaphore semaphore;
    gr_mutex mutex;
    gr_condition condition;
    gr_barrier barrier;
    int room[4];
    gr_queue queue;
    gr_signals *signals;
    gr_listener *listener;
    gr_udp *udp;
    gr_io *a, *b;
    gr_process *process;
};

static int item;

/* What takes no gr_co, or does not ask whose it is by awaiting. */
#define USES(X) \
    X(gr_event_set, gr_event_set(&all->event)) \
    X(gr_event_clear, gr_event_clear(&all->event)) \
    X(gr_event_is_set, (void)gr_event_is_set(&all->event)) \
    X(gr_semaphore_release, gr_semaphore_release(&all->semaphore)) \
    X(gr_semaphore_try_acquire, (void)!gr_semaphore_try_acquire(&all->semaphore)) \
    X(gr_condition_notify, gr_condition_notify(&all->condition, 1)) \
    X(gr_condition_notify_all, gr_condition_notify_all(&all->condition)) \
    X(gr_barrier_break, gr_barrier_break(&all->barrier)) \
    X(gr_barrier_reset, gr_barrier_reset(&all->barrier)) \
    X(gr_queue_try_put, (void)!gr_queue_try_put(&all->queue, &item)) \
    X(gr_queue_try_get, (void)!gr_queue_try_get(&all->queue, &item)) \
    X(gr_queue_close, gr_queue_close(&all->queue)) \
    X(gr_queue_count, (void)gr_queue_count(&all->queue)) \
    X(gr_cancel, gr_cancel(all->task)) \
    X(gr_task_get_state, (void)gr_task_get_state(all->task)) \
    X(gr_task_get_name, (void)gr_task_get_name(all->task)) \
    X(gr_cancel_reason, (void)gr_cancel_reason(all->co)) \
    X(gr_now_ms, (void)gr_now_ms(all->co)) \
    X(gr_within, (void)gr_within(all->co, 1)) \
    X(gr_loop, (void)gr_loop(all->co)) \
    X(gr_signals_close, gr_signals_close(all->signals)) \
    X(gr_listener_close, gr_listener_close(all->listener)) \
    X(gr_udp_close, gr_udp_close(all->udp)) \
    X(gr_io_close, gr_io_close(all->a)) \
    X(gr_io_shutdown, (void)!gr_io_shutdown(all->b)) \
    X(gr_process_kill, (void)!gr_process_kill(all->process, SIGKILL)) \
    X(gr_process_close_in, gr_process_close_in(all->process))

/* Those that take a gr_co and ask whose that is. */
#define AWAITS(X) \
    X(gr_mutex_unlock, gr_mutex_unlock(all->co, &all->mutex)) \
    X(gr_mutex_try_lock, (void)!gr_mutex_try_lock(all->co, &all->mutex)) \
    X(gr_event_wait, (void)!gr_event_wait(all->co, &all->event)) \
    X(gr_queue_put, (void)!gr_queue_put(all->co, &all->queue, &item)) \
    X(gr_spawn, (void)!gr_spawn_named(all->co, &all->task, NULL, NULL, NULL)) \
    X(gr_call, (void)!gr_call(all->co, NULL, NULL)) \
    X(gr_shield, (void)!gr_shield(all->co, NULL, NULL))

#define DEFINE(name, use) \
    static void *use_##name(void *arg) \
    { \
        struct things *all = arg; \
        use; \
        return NULL; \
    }
USES(DEFINE)
AWAITS(DEFINE)

struct use {
    const char *name;
    void *(*fn)(void *arg);
};

#define ENTRY(name, use) {#name "()", use_##name},
static const struct use uses[] = {USES(ENTRY)}, awaits[] = {AWAITS(ENTRY)};
enum { USES_N = sizeof uses / sizeof uses[0], AWAITS_N = sizeof awaits / sizeof awaits[0] };

static int sleep_for_ever(gr_co co, void *arg)
{
    (void)arg;
    return gr_sleep(co, INT64_MAX);
}

/* All of them have been used on the loop's thread, so that they belong to it. */
static void make(gr_co co, struct things *all)
{
    static const char *const cat[] = {"cat", NULL};
    all->co = co;
    all->queue = (gr_queue){.items = all->room, .item_size = sizeof all->room[0], .capacity = 4};
    for (int i = 0; i < USES_N && strcmp(uses[i].name, "gr_cancel()"); i++)
        uses[i].fn(all);
    int rc = gr_spawn(co, &all->task, sleep_for_ever, NULL);
    rc = rc ? rc : gr_mutex_lock(co, &all->mutex);
    rc = rc ? rc : gr_signals_open(co, &all->signals, SIGUSR2);
    rc = rc ? rc : gr_tcp_listen(co, &all->listener, "127.0.0.1", 0);
    rc = rc ? rc : gr_udp_open(co, &all->udp, "127.0.0.1", 0);
    rc = rc ? rc : gr_io_pair(co, &all->a, &all->b);
    gr_process_options options = {.size = sizeof options, .argv = cat, .in = GR_STDIO_PIPE};
    rc = rc ? rc : gr_process_start(co, &all->process, &options);
    ck_assert_int_eq(rc, 0);
}

static int run_use(gr_co co, void *arg)
{
    struct things all = {0};
    (void)co;
    ((const struct use *)arg)->fn(&all);
    return 0;
}

struct job {
    const struct use *use;
    struct things all;
};

static int do_job(void *arg)
{
    struct job *job = arg;
    job->use->fn(&job->all);
    return 0;
}

static int use_on_the_pool(gr_co co, void *arg)
{
    struct job job = {.use = arg};
    make(co, &job.all);
    return gr_offload(co, do_job, &job);
}

static int use_on_a_thread(gr_co co, void *arg)
{
    struct job job = {.use = arg};
    pthread_t thread;
    make(co, &job.all);
    pthread_create(&thread, NULL, job.use->fn, &job.all);
    return pthread_join(thread, NULL);
}

/* Nobody has used it on the loop. */
static int use_first_on_a_thread(gr_co co, void *arg)
{
    struct job job = {.use = arg};
    pthread_t thread;
    (void)co;
    pthread_create(&thread, NULL, job.use->fn, &job.all);
    return pthread_join(thread, NULL);
}

struct other_loop {
    const struct use *use;
    struct things *all;
};

static int use_in_the_other(gr_co co, void *arg)
{
    struct other_loop *other = arg;
    (void)co;
    other->use->fn(other->all);
    return 0;
}

static void *run_the_other(void *arg)
{
    (void)!gr_run(use_in_the_other, arg);
    return NULL;
}

static int use_on_another_loop(gr_co co, void *arg)
{
    struct things all = {0};
    struct other_loop other = {arg, &all};
    pthread_t thread;
    make(co, &all);
    pthread_create(&thread, NULL, run_the_other, &other);
    return pthread_join(thread, NULL);
}

struct trial {
    gr_task_fn *way;
    const struct use *use;
};

static void try_it(void *arg)
{
    struct trial *trial = arg;
    (void)!gr_run(trial->way, (void *)(uintptr_t)trial->use);
}

static void expect_abort(gr_task_fn *way, const struct use *use, const char *sentence)
{
    struct trial trial = {way, use};
    assert_aborts_saying(run_apart(try_it, &trial), sentence);
}

static void expect_abort_by_name(gr_task_fn *way, const struct use *use)
{
    char sentence[200];
    snprintf(sentence, sizeof sentence, "griddle: %s was used on a thread that does not have the loop", use->name);
    expect_abort(way, use, sentence);
}

START_TEST(what_belongs_to_a_loop_aborts_on_a_thread_of_the_pool)
{
    for (int i = 0; i < USES_N; i++)
        expect_abort_by_name(use_on_the_pool, &uses[i]);
    for (int i = 0; i < AWAITS_N; i++)
        expect_abort(use_on_the_pool, &awaits[i], "griddle: the gr_co of \"main\" was used where no coroutine runs");
}
END_TEST

START_TEST(what_belongs_to_a_loop_aborts_on_a_foreign_thread)
{
    for (int i = 0; i < USES_N; i++)
        expect_abort_by_name(use_on_a_thread, &uses[i]);
    for (int i = 0; i < AWAITS_N; i++)
        expect_abort(use_on_a_thread, &awaits[i], "griddle: the gr_co of \"main\" was used where no coroutine runs");
}
END_TEST

START_TEST(what_belongs_to_a_loop_aborts_on_the_thread_of_another)
{
    for (int i = 0; i < USES_N; i++)
        expect_abort_by_name(use_on_another_loop, &uses[i]);
}
END_TEST

START_TEST(what_no_loop_has_used_yet_aborts_on_a_foreign_thread_all_the_same)
{
    for (int i = 0; i < USES_N && strcmp(uses[i].name, "gr_cancel()"); i++)
        expect_abort_by_name(use_first_on_a_thread, &uses[i]);
}
END_TEST

/* --- and what is right --- */

static int take_prepared(gr_co co, void *arg)
{
    int value, rc = gr_queue_get(co, arg, &value);
    return rc ? rc : value;
}

static void *run_on_a_thread(void *queue)
{
    return (void *)(intptr_t)gr_run(take_prepared, queue);
}

/* By a thread that will have no loop, for one that has. */
START_TEST(before_any_loop_has_begun_a_program_may_prepare_what_it_will_use)
{
    int room[2], value = 42;
    gr_queue queue = GR_QUEUE(room);
    gr_event event = {0};
    pthread_t thread;
    void *got;
    ck_assert_int_eq(gr_queue_try_put(&queue, &value), 0);
    gr_event_set(&event);
    ck_assert(gr_event_is_set(&event));
    ck_assert_int_eq(pthread_create(&thread, NULL, run_on_a_thread, &queue), 0);
    pthread_join(thread, &got);
    ck_assert_int_eq((int)(intptr_t)got, 42);
}
END_TEST

static int put_one(gr_co co, void *arg)
{
    int value = 1;
    return gr_queue_put(co, arg, &value);
}

/* The loops of one thread, one after the other, and afterwards. */
START_TEST(what_one_loop_has_used_may_be_used_by_the_next_of_the_same_thread)
{
    int room[4];
    gr_queue queue = GR_QUEUE(room);
    ck_assert_int_eq(gr_run(put_one, &queue), 0);
    ck_assert_int_eq(gr_run(put_one, &queue), 0);
    ck_assert_uint_eq(gr_queue_count(&queue), 2);
    ck_assert_int_eq(gr_run(take_prepared, &queue), 1);
    gr_queue_close(&queue);
}
END_TEST

START_TEST(all_uses_are_right_on_the_loops_own_thread)
{
    for (int i = 0; i < USES_N && strcmp(uses[i].name, "gr_cancel()"); i++)
        ck_assert_int_eq(gr_run(run_use, (void *)(uintptr_t)&uses[i]), 0);
}
END_TEST

int main(void)
{
    const test_list tests = {what_belongs_to_a_loop_aborts_on_a_thread_of_the_pool,
                             what_belongs_to_a_loop_aborts_on_a_foreign_thread,
                             what_belongs_to_a_loop_aborts_on_the_thread_of_another,
                             what_no_loop_has_used_yet_aborts_on_a_foreign_thread_all_the_same,
                             before_any_loop_has_begun_a_program_may_prepare_what_it_will_use,
                             what_one_loop_has_used_may_be_used_by_the_next_of_the_same_thread,
                             all_uses_are_right_on_the_loops_own_thread,
                             NULL};
    return run_tests("co owner", tests, 60);
}
