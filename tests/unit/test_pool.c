#include "unit/co_world.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include "co/pool.h"

/* A job that may be held back until the test opens its gate. */
struct work {
    struct gri_job job;
    uv_sem_t *started, *gate; /* NULL: does not wait */
    uv_thread_t thread;
    int runs, dones, saw_cancelled;
    struct gri_pool *pool;
};

static void do_work(struct gri_job *job)
{
    struct work *self = GRI_OWNER_OF(job, struct work, job);
    self->runs++;
    self->thread = uv_thread_self();
    if (self->started)
        uv_sem_post(self->started);
    if (self->gate)
        uv_sem_wait(self->gate);
    self->saw_cancelled = gr_job_cancelled();
}

static void note_done(struct gri_job *job)
{
    GRI_OWNER_OF(job, struct work, job)->dones++;
}

static struct work new_work(uv_sem_t *started, uv_sem_t *gate)
{
    return (struct work){.job = {.work = do_work, .done = note_done}, .started = started, .gate = gate};
}

static struct gri_pool *new_pool(struct world *world, unsigned threads, unsigned queue)
{
    struct gri_pool *pool = NULL;
    struct gri_pool_options options = {threads, queue};
    ck_assert_int_eq(gri_pool_create(&pool, &world->sched, &options), 0);
    ck_assert_ptr_eq(world->sched.pool, pool);
    return pool;
}

static void note_closed(void *arg)
{
    ++*(int *)arg;
}

static void pool_end(struct world *world, struct gri_pool *pool)
{
    int closed = 0;
    ck_assert_uint_eq(gri_pool_in_flight(pool), 0);
    gri_pool_destroy(pool, note_closed, &closed);
    ck_assert_ptr_null(world->sched.pool);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(closed, 1);
    world_end(world);
}

static struct gri_pool_stats stats_of(struct gri_pool *pool)
{
    struct gri_pool_stats stats;
    gri_pool_stats(pool, &stats);
    return stats;
}

static void submit(struct gri_pool *pool, struct work *work)
{
    ck_assert_int_eq(gri_pool_submit(pool, &work->job), 0);
}

START_TEST(a_job_runs_on_another_thread_and_is_done_on_the_loops)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 0, 0);
    struct work work = new_work(NULL, NULL);
    submit(pool, &work);
    ck_assert_uint_eq(gri_pool_in_flight(pool), 1);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    uv_thread_t here = uv_thread_self();
    ck_assert_int_eq(work.runs, 1);
    ck_assert_int_eq(work.dones, 1);
    ck_assert(!uv_thread_equal(&work.thread, &here));
    pool_end(world, pool);
}
END_TEST

START_TEST(a_pool_without_work_has_no_thread_and_keeps_no_loop_alive)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 0, 0);
    ck_assert_uint_eq(stats_of(pool).threads, 0);
    ck_assert_int_eq(uv_loop_alive(&world->loop), 0);
    pool_end(world, pool);
}
END_TEST

START_TEST(jobs_one_after_the_other_need_one_thread)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 0, 0);
    for (int i = 0; i < 100; i++) {
        struct work work = new_work(NULL, NULL);
        submit(pool, &work);
        uv_run(&world->loop, UV_RUN_DEFAULT);
        ck_assert_int_eq(work.dones, 1);
        while (stats_of(pool).busy > 0)
            ;
        uv_sleep(1);
    }
    ck_assert_uint_le(stats_of(pool).threads, 2);
    pool_end(world, pool);
}
END_TEST

static void start_and_hold(struct gri_pool *pool, struct work *works, int n, uv_sem_t *started, uv_sem_t *gate)
{
    for (int i = 0; i < n; i++) {
        works[i] = new_work(started, gate);
        submit(pool, &works[i]);
    }
    for (int i = 0; i < n; i++)
        uv_sem_wait(started);
}

static void open_gate(uv_sem_t *gate, int n)
{
    for (int i = 0; i < n; i++)
        uv_sem_post(gate);
}

START_TEST(the_thread_that_slept_last_is_woken_first)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 4, 0);
    uv_sem_t started, gates[4];
    uv_sem_init(&started, 0);
    struct work works[4];
    for (int i = 0; i < 4; i++) {
        uv_sem_init(&gates[i], 0);
        start_and_hold(pool, &works[i], 1, &started, &gates[i]);
    }
    ck_assert_uint_eq(stats_of(pool).threads, 4);
    for (int i = 0; i < 4; i++) { /* let go one by one, so that the last sleeps last */
        uv_sem_post(&gates[i]);
        while (stats_of(pool).busy > (unsigned)(3 - i))
            ;
        uv_sleep(20);
    }
    uv_run(&world->loop, UV_RUN_DEFAULT);
    struct work next = new_work(NULL, NULL);
    submit(pool, &next);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert(uv_thread_equal(&next.thread, &works[3].thread));
    for (int i = 0; i < 4; i++)
        uv_sem_destroy(&gates[i]);
    uv_sem_destroy(&started);
    pool_end(world, pool);
}
END_TEST

START_TEST(as_many_jobs_run_as_there_are_threads_and_no_more)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 3, 0);
    uv_sem_t started, gate;
    uv_sem_init(&started, 0);
    uv_sem_init(&gate, 0);
    struct work works[3], waiting = new_work(NULL, NULL);
    start_and_hold(pool, works, 3, &started, &gate);
    submit(pool, &waiting);
    uv_sleep(5);
    struct gri_pool_stats stats = stats_of(pool);
    ck_assert_uint_eq(stats.threads, 3);
    ck_assert_uint_eq(stats.busy, 3);
    ck_assert_uint_eq(stats.queued, 1);
    ck_assert_int_eq(waiting.runs, 0);
    open_gate(&gate, 3);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(waiting.dones, 1);
    uv_sem_destroy(&started);
    uv_sem_destroy(&gate);
    pool_end(world, pool);
}
END_TEST

START_TEST(a_full_queue_refuses)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 1, 2);
    uv_sem_t started, gate;
    uv_sem_init(&started, 0);
    uv_sem_init(&gate, 0);
    struct work running, queued[2], refused = new_work(NULL, NULL);
    running = new_work(&started, &gate);
    submit(pool, &running);
    for (int i = 0; i < 2; i++) {
        queued[i] = new_work(NULL, NULL);
        submit(pool, &queued[i]);
    }
    ck_assert_int_eq(gri_pool_submit(pool, &refused.job), GR_EBUSY);
    ck_assert_uint_eq(gri_pool_in_flight(pool), 3);
    uv_sem_post(&gate);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(refused.runs, 0);
    submit(pool, &refused);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(refused.dones, 1);
    uv_sem_destroy(&started);
    uv_sem_destroy(&gate);
    pool_end(world, pool);
}
END_TEST

START_TEST(the_defaults_are_40_threads_and_1024_waiting)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 0, 0);
    uv_sem_t started, gate;
    uv_sem_init(&started, 0);
    uv_sem_init(&gate, 0);
    static struct work works[40 + 1024], one_more;
    start_and_hold(pool, works, 40, &started, &gate);
    for (int i = 40; i < 40 + 1024; i++) {
        works[i] = new_work(NULL, NULL);
        submit(pool, &works[i]);
    }
    one_more = new_work(NULL, NULL);
    ck_assert_int_eq(gri_pool_submit(pool, &one_more.job), GR_EBUSY);
    ck_assert_uint_eq(stats_of(pool).threads, 40);
    open_gate(&gate, 40);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    for (int i = 0; i < 40 + 1024; i++)
        ck_assert_int_eq(works[i].dones, 1);
    uv_sem_destroy(&started);
    uv_sem_destroy(&gate);
    pool_end(world, pool);
}
END_TEST

START_TEST(a_queued_job_can_be_taken_back_and_never_runs)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 1, 0);
    uv_sem_t started, gate;
    uv_sem_init(&started, 0);
    uv_sem_init(&gate, 0);
    struct work running, queued[3];
    start_and_hold(pool, &running, 1, &started, &gate);
    for (int i = 0; i < 3; i++) {
        queued[i] = new_work(NULL, NULL);
        submit(pool, &queued[i]);
    }
    ck_assert(gri_pool_take_back(pool, &queued[1].job));
    ck_assert(gri_pool_take_back(pool, &queued[2].job));
    ck_assert_uint_eq(gri_pool_in_flight(pool), 2);
    uv_sem_post(&gate);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(queued[0].dones, 1);
    ck_assert_int_eq(queued[1].runs + queued[1].dones, 0);
    ck_assert_int_eq(queued[2].runs + queued[2].dones, 0);
    uv_sem_destroy(&started);
    uv_sem_destroy(&gate);
    pool_end(world, pool);
}
END_TEST

START_TEST(a_running_job_is_not_taken_back_but_told)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 1, 0);
    uv_sem_t started, gate;
    uv_sem_init(&started, 0);
    uv_sem_init(&gate, 0);
    struct work running, next = new_work(NULL, NULL);
    start_and_hold(pool, &running, 1, &started, &gate);
    submit(pool, &next);
    ck_assert(!gri_pool_take_back(pool, &running.job));
    uv_sem_post(&gate);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(running.dones, 1);
    ck_assert_int_eq(running.saw_cancelled, 1);
    ck_assert_int_eq(next.saw_cancelled, 0);
    ck_assert(!gr_job_cancelled());
    uv_sem_destroy(&started);
    uv_sem_destroy(&gate);
    pool_end(world, pool);
}
END_TEST

static unsigned most_busy;

static void watch(struct gri_job *job)
{
    struct work *self = GRI_OWNER_OF(job, struct work, job);
    unsigned busy = stats_of(self->pool).busy;
    most_busy = busy > most_busy ? busy : most_busy;
    self->dones++;
}

START_TEST(ten_thousand_jobs_all_come_back_once)
{
    enum { N = 10000 };
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 8, N);
    struct work *works = calloc(N, sizeof *works);
    for (int i = 0; i < N; i++) {
        works[i] = new_work(NULL, NULL);
        works[i].job.done = watch;
        works[i].pool = pool;
        submit(pool, &works[i]);
    }
    uv_run(&world->loop, UV_RUN_DEFAULT);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(works[i].runs * 10 + works[i].dones, 11);
    ck_assert_uint_le(most_busy, 8);
    ck_assert_uint_le(stats_of(pool).threads, 8);
    free(works);
    pool_end(world, pool);
}
END_TEST

static int turns;

static void count_turn(uv_check_t *check)
{
    (void)check;
    turns++;
}

START_TEST(what_finished_together_is_handed_back_in_one_turn_of_the_loop)
{
    enum { N = 100 };
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 2, 0);
    static struct work works[N];
    uv_check_t check;
    for (int i = 0; i < N; i++) {
        works[i] = new_work(NULL, NULL);
        submit(pool, &works[i]);
    }
    while (stats_of(pool).queued + stats_of(pool).busy > 0)
        ;
    uv_sleep(5);
    uv_check_init(&world->loop, &check);
    uv_check_start(&check, count_turn);
    uv_unref((uv_handle_t *)&check);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(works[i].dones, 1);
    ck_assert_int_eq(turns, 1);
    uv_close((uv_handle_t *)&check, NULL);
    pool_end(world, pool);
}
END_TEST

static void submit_again(struct gri_job *job)
{
    struct work *self = GRI_OWNER_OF(job, struct work, job);
    if (++self->dones < 1000)
        submit(self->pool, self);
}

START_TEST(a_job_may_be_submitted_again_as_it_is_done)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 2, 0);
    struct work works[4];
    for (int i = 0; i < 4; i++) {
        works[i] = new_work(NULL, NULL);
        works[i].job.done = submit_again;
        works[i].pool = pool;
        submit(pool, &works[i]);
    }
    uv_run(&world->loop, UV_RUN_DEFAULT);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(works[i].runs, 1000);
    pool_end(world, pool);
}
END_TEST

static sigset_t mask_on_the_pool;

static void look_at_mask(struct gri_job *job)
{
    (void)job;
    pthread_sigmask(SIG_SETMASK, NULL, &mask_on_the_pool);
}

START_TEST(pool_threads_take_no_signals_but_their_own_faults)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 2, 0);
    struct work work = new_work(NULL, NULL);
    sigset_t mine;
    work.job.work = look_at_mask;
    submit(pool, &work);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    const int process_wide[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGALRM, SIGPIPE, SIGCHLD};
    for (size_t i = 0; i < sizeof process_wide / sizeof process_wide[0]; i++)
        ck_assert_int_eq(sigismember(&mask_on_the_pool, process_wide[i]), 1);
    ck_assert_int_eq(sigismember(&mask_on_the_pool, SIGSEGV), 0);
    pthread_sigmask(SIG_SETMASK, NULL, &mine);
    ck_assert_int_eq(sigismember(&mine, SIGTERM), 0);
    pool_end(world, pool);
}
END_TEST

#if !GRI_SANITIZED
static void submit_without_memory(void *arg)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool = new_pool(world, 2, 0);
    struct work work = new_work(NULL, NULL);
    struct rlimit before;
    getrlimit(RLIMIT_AS, &before);
    setrlimit(RLIMIT_AS, &(struct rlimit){4096, before.rlim_max});
    int rc = gri_pool_submit(pool, &work.job);
    setrlimit(RLIMIT_AS, &before);
    ck_assert_int_eq(rc, GR_EBUSY);
    ck_assert_int_eq(uv_loop_alive(&world->loop), 0);
    submit(pool, &work);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(work.runs * 10 + work.dones, 11);
    pool_end(world, pool);
    dprintf(STDERR_FILENO, "ended well\n");
    (void)arg;
}

START_TEST(where_no_thread_can_be_started_a_job_is_refused_and_a_later_one_runs)
{
    struct death death = run_apart(submit_without_memory, NULL);
    ck_assert_ptr_nonnull(strstr(death.stderr_, "ended well"));
}
END_TEST
#endif

START_TEST(destroying_no_pool_only_calls_back)
{
    int closed = 0;
    gri_pool_destroy(NULL, note_closed, &closed);
    gri_pool_destroy(NULL, NULL, NULL);
    ck_assert_int_eq(closed, 1);
}
END_TEST

int main(void)
{
    const test_list tests = {
        a_job_runs_on_another_thread_and_is_done_on_the_loops,
        a_pool_without_work_has_no_thread_and_keeps_no_loop_alive,
        jobs_one_after_the_other_need_one_thread,
        the_thread_that_slept_last_is_woken_first,
        as_many_jobs_run_as_there_are_threads_and_no_more,
        a_full_queue_refuses,
        the_defaults_are_40_threads_and_1024_waiting,
        a_queued_job_can_be_taken_back_and_never_runs,
        a_running_job_is_not_taken_back_but_told,
        ten_thousand_jobs_all_come_back_once,
        what_finished_together_is_handed_back_in_one_turn_of_the_loop,
        a_job_may_be_submitted_again_as_it_is_done,
        pool_threads_take_no_signals_but_their_own_faults,
#if !GRI_SANITIZED
        where_no_thread_can_be_started_a_job_is_refused_and_a_later_one_runs,
#endif
        destroying_no_pool_only_calls_back,
        NULL
    };
    return run_tests("the pool", tests, 30);
}
