#include "unit/co_world.h"

#include <sys/resource.h>

static int sleep_1(gr_co co, void *arg)
{
    *(int *)arg = 0;
    int rc = gr_sleep(co, 1);
    *(int *)arg = 1;
    return rc;
}

START_TEST(a_sleeping_coroutine_keeps_the_loop_alive)
{
    struct world *world = world_begin(REAL_TIME);
    int woke = 0;
    start_in(world, "sleeper", sleep_1, &woke);
    ck_assert_int_eq(uv_run(&world->loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(woke, 1);
    world_end(world);
}
END_TEST

START_TEST(a_scheduler_with_nothing_to_do_keeps_no_loop_alive)
{
    struct world *world = world_begin(REAL_TIME);
    ck_assert_int_eq(uv_loop_alive(&world->loop), 0);
    world_end(world);
}
END_TEST

static int wait_within_a_minute(gr_co co, void *arg)
{
    return *(int *)arg = gri_suspend(gr_within(co, 60000), INT64_MAX, "a test");
}

START_TEST(a_deadline_that_is_over_with_keeps_no_loop_alive)
{
    struct world *world = world_begin(REAL_TIME);
    int rc = 0;
    gr_task *task = start_in(world, "waiter", wait_within_a_minute, &rc);
    ck_assert_int_eq(uv_loop_alive(&world->loop), 1);
    gri_wake(task, 5);
    uint64_t before = uv_hrtime();
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(rc, 5);
    ck_assert_uint_lt(uv_hrtime() - before, 1000000000);
    world_end(world);
}
END_TEST

START_TEST(an_earlier_timer_moves_the_loops_alarm_forward)
{
    struct world *world = world_begin(REAL_TIME);
    int rc = 0, woke = 0;
    gr_task *task = start_in(world, "waiter", wait_within_a_minute, &rc);
    start_in(world, "sleeper", sleep_1, &woke);
    uint64_t before = uv_hrtime();
    while (!woke)
        uv_run(&world->loop, UV_RUN_ONCE);
    ck_assert_uint_lt(uv_hrtime() - before, 1000000000);
    gr_cancel(task);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(rc, GR_ECANCELED);
    world_end(world);
}
END_TEST

struct ear {
    uv_pipe_t reader;
    int heard, heard_at_yield;
    int write_fd;
};

static void give_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buf)
{
    static char room[16];
    (void)handle, (void)wanted;
    *buf = uv_buf_init(room, sizeof room);
}

static void hear(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct ear *ear = stream->data;
    (void)buf;
    ear->heard += n > 0;
    uv_read_stop(stream);
}

static void open_ear(struct world *world, struct ear *ear)
{
    int fds[2];
    ck_assert_int_eq(pipe(fds), 0);
    *ear = (struct ear){.write_fd = fds[1]};
    uv_pipe_init(&world->loop, &ear->reader, 0);
    uv_pipe_open(&ear->reader, fds[0]);
    ear->reader.data = ear;
    uv_read_start((uv_stream_t *)&ear->reader, give_room, hear);
}

static void close_ear(struct ear *ear)
{
    close(ear->write_fd);
    uv_close((uv_handle_t *)&ear->reader, NULL);
}

static int write_then_yield(gr_co co, void *arg)
{
    struct ear *ear = arg;
    ck_assert_int_eq(write(ear->write_fd, "x", 1), 1);
    int rc = gr_yield(co);
    ear->heard_at_yield = ear->heard;
    return rc;
}

START_TEST(a_yield_lets_the_loops_io_go_first)
{
    struct world *world = world_begin(REAL_TIME);
    struct ear ear;
    open_ear(world, &ear);
    start_in(world, "writer", write_then_yield, &ear);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(ear.heard_at_yield, 1);
    close_ear(&ear);
    world_end(world);
}
END_TEST

struct hog {
    struct gri_ready ready;
    struct gri_sched *sched;
    struct ear *ear;
    int runs;
};

static void run_hog(struct gri_ready *ready)
{
    struct hog *hog = GRI_OWNER_OF(ready, struct hog, ready);
    hog->runs++;
    if (!hog->ear->heard)
        gri_ready(hog->sched, ready);
}

START_TEST(items_that_queue_themselves_for_ever_do_not_starve_the_loop)
{
    struct world *world = world_begin(REAL_TIME);
    struct ear ear;
    open_ear(world, &ear);
    struct hog hog = {.ready.run = run_hog, .sched = &world->sched, .ear = &ear};
    ck_assert_int_eq(write(ear.write_fd, "x", 1), 1);
    gri_ready(&world->sched, &hog.ready);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(ear.heard, 1);
    ck_assert_int_ge(hog.runs, 2);
    close_ear(&ear);
    world_end(world);
}
END_TEST

static void count_run(struct gri_ready *ready)
{
    GRI_OWNER_OF(ready, struct hog, ready)->runs++;
}

START_TEST(an_item_that_is_queued_twice_runs_once)
{
    struct world *world = world_begin(REAL_TIME);
    struct hog hog = {.ready.run = count_run};
    gri_ready(&world->sched, &hog.ready);
    gri_ready(&world->sched, &hog.ready);
    gri_sched_drain(&world->sched);
    ck_assert_int_eq(hog.runs, 1);
    ck_assert_int_eq(uv_loop_alive(&world->loop), 0);
    world_end(world);
}
END_TEST

static int drain_inside(gr_co co, void *arg)
{
    struct hog *hog = arg;
    gri_ready(co.task->sched, &hog->ready);
    gri_sched_drain(co.task->sched);
    ck_assert_int_eq(hog->runs, 0);
    return 0;
}

START_TEST(draining_inside_a_coroutine_does_nothing)
{
    struct world *world = world_begin(REAL_TIME);
    struct hog hog = {.ready.run = count_run};
    start_in(world, "drainer", drain_inside, &hog);
    run_world(world);
    ck_assert_int_eq(hog.runs, 1);
    world_end(world);
}
END_TEST

static void set_again(struct gri_timer *timer);

struct repeating {
    struct gri_timer timer;
    struct gri_sched *sched;
    int fired;
};

static void set_again(struct gri_timer *timer)
{
    struct repeating *self = GRI_OWNER_OF(timer, struct repeating, timer);
    ck_assert(!timer->set);
    if (++self->fired < 3)
        gri_timer_set(self->sched, timer, gri_now_ms(self->sched));
}

START_TEST(a_timer_can_set_itself_again_as_it_fires)
{
    struct world *world = world_begin(REAL_TIME);
    struct repeating repeating = {.timer.fire = set_again, .sched = &world->sched};
    gri_timer_set(&world->sched, &repeating.timer, gri_now_ms(&world->sched) + 1);
    run_world(world);
    ck_assert_int_eq(repeating.fired, 3);
    world_end(world);
}
END_TEST

START_TEST(a_timer_that_was_moved_fires_once_at_its_new_time)
{
    struct world *world = world_begin(VIRTUAL_TIME);
    struct repeating repeating = {.timer.fire = set_again, .sched = &world->sched, .fired = 2};
    gri_timer_set(&world->sched, &repeating.timer, 10);
    gri_timer_set(&world->sched, &repeating.timer, 20);
    gri_sched_advance(&world->sched, 15);
    ck_assert_int_eq(repeating.fired, 2);
    gri_sched_advance(&world->sched, 5);
    ck_assert_int_eq(repeating.fired, 3);
    world_end(world);
}
END_TEST

static void close_timer(uv_timer_t *timer)
{
    uv_close((uv_handle_t *)timer, NULL);
}

START_TEST(an_idle_process_does_not_wake_up)
{
    struct world *world = world_begin(REAL_TIME);
    struct rusage before, after;
    uv_timer_t timer;
    int woke = 0;
    start_in(world, "sleeper", sleep_1, &woke);
    run_world(world);
    uv_timer_init(&world->loop, &timer);
    uv_timer_start(&timer, close_timer, 3500, 0);
    uv_sleep(5);
    getrusage(RUSAGE_SELF, &before);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    getrusage(RUSAGE_SELF, &after);
    /* Two ticks that trim the stack, then the end. */
    ck_assert_int_le(after.ru_nvcsw - before.ru_nvcsw, GRI_SANITIZED ? 1000 : 6);
    world_end(world);
}
END_TEST

static int run_another_loop(gr_co co, void *arg)
{
    int woke = 0;
    struct world *inner = world_begin(REAL_TIME);
    start_in(inner, "inner", sleep_1, &woke);
    run_world(inner);
    world_end(inner);
    ck_assert_int_eq(woke, 1);
    ck_assert_ptr_eq(gri_running(), co.task);
    return sleep_1(co, arg);
}

START_TEST(a_coroutine_may_run_another_loop)
{
    int woke = 0;
    ck_assert_int_eq(run_alone(REAL_TIME, run_another_loop, &woke), 0);
    ck_assert_int_eq(woke, 1);
}
END_TEST

struct closing {
    struct gri_ready ready, left[5000];
    struct gri_sched *sched;
    int n_run;
};

static struct closing closing;

static void count_left(struct gri_ready *ready)
{
    (void)ready;
    closing.n_run++;
}

static void queue_many_and_close(struct gri_ready *ready)
{
    (void)ready;
    for (int i = 0; i < 5000; i++) {
        closing.left[i].run = count_left;
        gri_ready(closing.sched, &closing.left[i]);
    }
    gri_sched_close(closing.sched, NULL);
}

START_TEST(whatever_is_queued_runs_before_the_scheduler_is_closed)
{
    struct world *world = world_begin(REAL_TIME);
    closing.sched = &world->sched;
    closing.ready.run = queue_many_and_close;
    gri_ready(&world->sched, &closing.ready);
    ck_assert_int_eq(uv_run(&world->loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(closing.n_run, 5000);
    ck_assert_int_eq(uv_loop_close(&world->loop), 0);
    free(world);
}
END_TEST

int main(void)
{
    const test_list tests = {a_sleeping_coroutine_keeps_the_loop_alive,
                             a_scheduler_with_nothing_to_do_keeps_no_loop_alive,
                             a_deadline_that_is_over_with_keeps_no_loop_alive,
                             an_earlier_timer_moves_the_loops_alarm_forward,
                             a_yield_lets_the_loops_io_go_first,
                             items_that_queue_themselves_for_ever_do_not_starve_the_loop,
                             an_item_that_is_queued_twice_runs_once,
                             draining_inside_a_coroutine_does_nothing,
                             a_timer_can_set_itself_again_as_it_fires,
                             a_timer_that_was_moved_fires_once_at_its_new_time,
                             an_idle_process_does_not_wake_up,
                             a_coroutine_may_run_another_loop,
                             whatever_is_queued_runs_before_the_scheduler_is_closed,
                             NULL};
    return run_tests("the loop", tests, 20);
}
