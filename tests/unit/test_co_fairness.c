/* A coroutine whose awaits all end at once leaves the loop to others all the same. */
#include <griddle/channel.h>
#include <griddle/net.h>
#include <griddle/sync.h>
#include <griddle/task.h>

#include "co_world.h"

enum { TIMES = 6400, LEAST_TURNS = TIMES / 256 };

struct stage {
    int (*await)(gr_co co, struct stage *self);
    bool over;
    unsigned turns;
    gr_mutex mutex;
    gr_semaphore semaphore;
    gr_event event;
    gr_queue *queue;
    gr_channel *channel;
};

static int lock_and_unlock(gr_co co, struct stage *self)
{
    int rc = gr_mutex_lock(co, &self->mutex);
    if (rc == 0)
        gr_mutex_unlock(co, &self->mutex);
    return rc;
}

static int acquire_and_release(gr_co co, struct stage *self)
{
    int rc = gr_semaphore_acquire(co, &self->semaphore);
    if (rc == 0)
        gr_semaphore_release(&self->semaphore);
    return rc;
}

static int wait_for_what_is_set(gr_co co, struct stage *self)
{
    return gr_event_wait(co, &self->event);
}

static int put_and_get(gr_co co, struct stage *self)
{
    int value = 7, rc = gr_queue_put(co, self->queue, &value);
    return rc ? rc : gr_queue_get(co, self->queue, &value);
}

static int send_and_receive(gr_co co, struct stage *self)
{
    int value = 7, rc = gr_channel_send(co, self->channel, &value);
    return rc ? rc : gr_channel_receive(co, self->channel, &value);
}

static int look_up_figures(gr_co co, GR_UNUSED struct stage *self)
{
    gr_address address;
    size_t n;
    return gr_lookup(co, "127.0.0.1", 80, &address, 1, &n);
}

static int gather_nothing(gr_co co, GR_UNUSED struct stage *self)
{
    return gr_gather_n(co, NULL, 0);
}

static int await_often(gr_co co, void *arg)
{
    struct stage *self = arg;
    int rc = 0;
    for (int i = 0; i < TIMES && rc == 0; i++)
        rc = self->await(co, self);
    self->over = true;
    return rc;
}

static int count_turns(gr_co co, void *arg)
{
    struct stage *self = arg;
    int rc = 0;
    for (; rc == 0 && !self->over; self->turns++)
        rc = gr_yield(co);
    return rc;
}

static int both(gr_co co, void *arg)
{
    int room[4];
    gr_queue queue = GR_QUEUE(room);
    struct stage *self = arg;
    self->event.is_set = true;
    self->semaphore = (gr_semaphore)GR_SEMAPHORE(1);
    self->queue = &queue;
    ck_assert_int_eq(gr_channel_create(co, &self->channel, 4, sizeof(int)), 0);
    int rc = gr_gather(co, {count_turns, self}, {await_often, self});
    gr_channel_destroy(co, self->channel);
    return rc;
}

static void expect_turns_for_others(int (*await)(gr_co co, struct stage *self))
{
    struct stage stage = {.await = await};
    ck_assert_int_eq(run_alone(REAL_TIME, both, &stage), 0);
    ck_assert_uint_ge(stage.turns, LEAST_TURNS);
    ck_assert_uint_le(stage.turns, TIMES); /* not at each of them: that would cost a poll every time */
}

START_TEST(awaits_that_end_at_once_leave_the_loop_to_others)
{
    expect_turns_for_others(lock_and_unlock);
    expect_turns_for_others(acquire_and_release);
    expect_turns_for_others(wait_for_what_is_set);
    expect_turns_for_others(put_and_get);
    expect_turns_for_others(send_and_receive);
    expect_turns_for_others(look_up_figures);
    expect_turns_for_others(gather_nothing);
}
END_TEST

static int never_wait(gr_co co, void *arg)
{
    struct stage *self = arg;
    int rc;
    while ((rc = self->await(co, self)) == 0)
        continue;
    return rc;
}

static int cancel_it(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, never_wait, arg);
    rc = rc ? rc : gr_yield(co);
    gr_cancel(task);
    return rc ? rc : gr_join(co, task);
}

START_TEST(so_such_a_loop_can_be_cancelled)
{
    struct stage stage = {.await = lock_and_unlock};
    ck_assert_int_eq(run_alone(REAL_TIME, cancel_it, &stage), GR_ECANCELED);
}
END_TEST

int main(void)
{
    const test_list tests = {awaits_that_end_at_once_leave_the_loop_to_others, so_such_a_loop_can_be_cancelled, NULL};
    return run_tests("co fairness", tests, 30);
}
