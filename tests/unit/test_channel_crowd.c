/* gr_channel: many threads and coroutines at once, and an end at any moment. */
#include "unit/channel_calls.h"

/* --- fairness towards others --- */

struct greedy {
    gr_channel *channel;
    int turns;
    bool ended;
};

static int receive_all(gr_co co, void *arg)
{
    struct greedy *self = arg;
    int value, rc;
    while ((rc = gr_channel_receive(co, self->channel, &value)) == 0)
        ;
    self->ended = true;
    return rc == GR_EPIPE ? 0 : rc;
}

static int count_turns(gr_co co, void *arg)
{
    struct greedy *self = arg;
    int rc = 0;
    while (!self->ended && (rc = gr_yield(co)) == 0)
        self->turns++;
    return rc;
}

static int receive_without_waiting(gr_co co, void *arg)
{
    struct greedy *self = arg;
    self->channel = open_channel(co, 1000);
    fill(self->channel, 1000);
    gr_channel_close(self->channel);
    int rc = gr_gather(co, {count_turns, self}, {receive_all, self});
    gr_channel_destroy(co, self->channel);
    return rc;
}

START_TEST(a_coroutine_that_never_has_to_wait_lets_others_run)
{
    struct greedy self = {0};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, receive_without_waiting, &self), 0);
    ck_assert_int_ge(self.turns, 1000 / 128);
}
END_TEST

/* --- a crowd --- */

enum { SENDERS = 4, RECEIVERS = 4, CROWD = 500, EACH = 50, THREAD_EACH = 2000 };

/* Threads and coroutines on both ends, some of whose calls end early. */
struct crowd {
    gr_channel *channel;
    int senders_left;                               /* atomic */
    int64_t sent, sent_sum, received, received_sum; /* atomic */
};

static void add(int64_t *total, int64_t n)
{
    __atomic_add_fetch(total, n, __ATOMIC_RELAXED);
}

static void note_sent(struct crowd *self, int rc, int value)
{
    if (rc == 0) {
        add(&self->sent, 1);
        add(&self->sent_sum, value);
    } else {
        ck_assert(rc == GR_ETIMEDOUT || rc == GR_EPIPE || rc == GR_ECANCELED);
    }
}

static bool note_received(struct crowd *self, int rc, int value)
{
    if (rc == 0) {
        add(&self->received, 1);
        add(&self->received_sum, value);
    }
    return rc == 0 || rc == GR_ETIMEDOUT;
}

static void end_sending(struct crowd *self)
{
    if (__atomic_sub_fetch(&self->senders_left, 1, __ATOMIC_ACQ_REL) == 0)
        gr_channel_close(self->channel);
}

static void crowd_send_blocking(void *arg)
{
    struct crowd *self = arg;
    for (int i = 0; i < THREAD_EACH; i++)
        note_sent(self, gr_channel_send_blocking(self->channel, &i, i % 7 ? -1 : i % 3), i);
    end_sending(self);
}

static void crowd_receive_blocking(void *arg)
{
    struct crowd *self = arg;
    int value, i = 0, rc;
    do {
        rc = gr_channel_receive_blocking(self->channel, &value, i % 5 ? -1 : i % 3);
        i++;
    } while (note_received(self, rc, value));
    gr_channel_unref(self->channel);
}

static int crowd_send(gr_co co, void *arg)
{
    struct crowd *self = arg;
    for (int i = 0; i < EACH; i++)
        note_sent(self, gr_channel_send(i % 11 ? co : gr_within(co, i % 3), self->channel, &i), i);
    end_sending(self);
    return 0;
}

static int crowd_receive(gr_co co, void *arg)
{
    struct crowd *self = arg;
    int value, i = 0, rc;
    do {
        rc = gr_channel_receive(i % 13 ? co : gr_within(co, i % 3), self->channel, &value);
        i++;
    } while (note_received(self, rc, value));
    return 0;
}

static int crowd_receive_until_cancelled(gr_co co, void *arg)
{
    gr_task *task;
    for (int i = 0; i < 20; i++) {
        int rc = gr_spawn(co, &task, crowd_receive, arg);
        rc = rc ? rc : gr_sleep(co, 1);
        ck_assert_int_eq(rc, 0);
        gr_cancel(task);
        rc = gr_join(co, task);
        ck_assert_int_eq(rc, 0);
    }
    return 0;
}

static int run_crowd(gr_co co, void *arg)
{
    static gr_job jobs[2 * CROWD + 1];
    struct crowd *self = arg;
    uv_thread_t threads[SENDERS + RECEIVERS];
    self->channel = open_channel(co, 5);
    self->senders_left = SENDERS + CROWD;
    for (int i = 0; i < SENDERS; i++)
        uv_thread_create(&threads[i], crowd_send_blocking, self);
    for (int i = SENDERS; i < SENDERS + RECEIVERS; i++) {
        gr_channel_ref(self->channel);
        uv_thread_create(&threads[i], crowd_receive_blocking, self);
    }
    for (int i = 0; i < CROWD; i++) {
        jobs[i] = (gr_job){crowd_send, self};
        jobs[CROWD + i] = (gr_job){crowd_receive, self};
    }
    jobs[2 * CROWD] = (gr_job){crowd_receive_until_cancelled, self};
    int rc = gr_gather_n(co, jobs, 2 * CROWD + 1);
    ck_assert_uint_eq(waiting(self->channel, GRI_SEND), 0);
    for (int i = 0; i < SENDERS; i++)
        uv_thread_join(&threads[i]);
    gr_channel_destroy(co, self->channel);
    for (int i = SENDERS; i < SENDERS + RECEIVERS; i++)
        uv_thread_join(&threads[i]);
    return rc;
}

START_TEST(a_crowd_of_threads_and_coroutines_loses_and_doubles_nothing)
{
    struct crowd self = {0};
    ck_assert_int_eq(gr_run(run_crowd, &self), 0);
    ck_assert_int_gt(self.sent, THREAD_EACH);
    ck_assert_int_eq(self.received, self.sent);
    ck_assert_int_eq(self.received_sum, self.sent_sum);
}
END_TEST

/* --- shutdown --- */

struct hammer {
    gr_channel *channel;
    uv_thread_t threads[4];
};

static void hammer_in(void *arg)
{
    gr_channel *channel = arg;
    for (int i = 0; gr_channel_send_blocking(channel, &i, -1) == 0; i++)
        ;
    gr_channel_unref(channel);
}

static void hammer_out(void *arg)
{
    gr_channel *channel = arg;
    int value;
    while (gr_channel_receive_blocking(channel, &value, -1) == 0)
        ;
    gr_channel_unref(channel);
}

static int hammer_both(gr_co co, void *arg)
{
    int value = 0, rc;
    do {
        rc = gr_channel_send(co, arg, &value);
        rc = rc ? rc : gr_channel_receive(co, arg, &value);
    } while (rc == 0);
    gr_channel_unref(arg);
    return rc == GR_EPIPE ? 0 : rc;
}

static int stop_at_any_moment(gr_co co, void *arg)
{
    struct hammer *self = arg;
    gr_task *tasks[8];
    self->channel = open_channel(co, 2);
    for (int i = 0; i < 4; i++)
        uv_thread_create(&self->threads[i], i % 2 ? hammer_in : hammer_out, gr_channel_ref(self->channel));
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(gr_spawn(co, &tasks[i], hammer_both, gr_channel_ref(self->channel)), 0);
    int rc = gr_sleep(co, 1);
    gr_channel_destroy(co, self->channel);
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(gr_join(co, tasks[i]), 0);
    return rc;
}

START_TEST(a_channel_ends_at_any_moment_without_a_deadlock)
{
    for (int i = 0; i < 200; i++) {
        struct hammer self;
        ck_assert_int_eq(gr_run(stop_at_any_moment, &self), 0);
        for (int t = 0; t < 4; t++)
            uv_thread_join(&self.threads[t]);
    }
}
END_TEST

int main(void)
{
    const test_list tests = {a_coroutine_that_never_has_to_wait_lets_others_run,
                             a_crowd_of_threads_and_coroutines_loses_and_doubles_nothing,
                             a_channel_ends_at_any_moment_without_a_deadlock, NULL};
    return run_tests("channel crowd", tests, 30);
}
