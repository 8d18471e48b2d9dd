/* gr_channel: values between threads and coroutines, in order, without loss, and an end for everybody who waits. */
#include <griddle/sync.h>

#include "co/channel.h"
#include "unit/co_world.h"

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);

static bool memory_is_out;

void *__wrap_calloc(size_t n, size_t size)
{
    return memory_is_out ? NULL : __real_calloc(n, size);
}

/* One call, by a thread or a coroutine. */
struct call {
    gr_channel *channel;
    int value;
    int64_t within_ms; /* 0: for ever */
    int rc;
    uv_thread_t thread;
    gr_task *task;
    int place, *ended; /* when it came back, among those that share *ended */
};

static int64_t timeout_of(const struct call *call)
{
    return call->within_ms ? call->within_ms : -1;
}

static void send_in_thread(void *arg)
{
    struct call *call = arg;
    call->rc = gr_channel_send_blocking(call->channel, &call->value, timeout_of(call));
}

static void receive_in_thread(void *arg)
{
    struct call *call = arg;
    call->rc = gr_channel_receive_blocking(call->channel, &call->value, timeout_of(call));
}

static int note_end(struct call *call, int rc)
{
    call->rc = rc;
    if (call->ended)
        call->place = (*call->ended)++;
    return 0;
}

static gr_co scope_of(gr_co co, const struct call *call)
{
    return call->within_ms ? gr_within(co, call->within_ms) : co;
}

static int send_in_coroutine(gr_co co, void *arg)
{
    struct call *call = arg;
    return note_end(call, gr_channel_send(scope_of(co, call), call->channel, &call->value));
}

static int receive_in_coroutine(gr_co co, void *arg)
{
    struct call *call = arg;
    return note_end(call, gr_channel_receive(scope_of(co, call), call->channel, &call->value));
}

static size_t waiting(gr_channel *channel, enum gri_channel_end end)
{
    size_t n = 0;
    uv_mutex_lock(&channel->lock);
    for (const struct gr_waiter *waiter = channel->lines[end].first; waiter; waiter = waiter->next)
        n++;
    uv_mutex_unlock(&channel->lock);
    return n;
}

static void until_waiting(gr_co co, gr_channel *channel, enum gri_channel_end end, size_t n)
{
    while (waiting(channel, end) != n) {
        int rc = gr_sleep(co, 1);
        ck_assert_int_eq(rc, 0);
    }
}

/* Starts a thread or a coroutine, and waits until it stands in the line as its n-th. */
static void line_up_thread(gr_co co, struct call *call, enum gri_channel_end end, size_t n)
{
    uv_thread_create(&call->thread, end == GRI_SEND ? send_in_thread : receive_in_thread, call);
    until_waiting(co, call->channel, end, n);
}

static void line_up_coroutine(gr_co co, struct call *call, enum gri_channel_end end, size_t n)
{
    gr_task_fn *fn = end == GRI_SEND ? send_in_coroutine : receive_in_coroutine;
    ck_assert_int_eq(gr_spawn_named(co, &call->task, "caller", fn, call), 0);
    until_waiting(co, call->channel, end, n);
}

static gr_channel *open_channel(gr_co co, size_t capacity)
{
    gr_channel *channel;
    ck_assert_int_eq(gr_channel_create(co, &channel, capacity, sizeof(int)), 0);
    return channel;
}

static void fill(gr_channel *channel, int n)
{
    for (int i = 1; i <= n; i++)
        ck_assert_int_eq(gr_channel_try_send(channel, &i), 0);
}

static void join(gr_co co, struct call *call)
{
    if (call->task)
        ck_assert_int_eq(gr_join(co, call->task), 0);
    else
        ck_assert_int_eq(uv_thread_join(&call->thread), 0);
}

/* --- values --- */

enum { VALUES = 10000 };

static void send_many(void *arg)
{
    gr_channel *channel = arg;
    for (int i = 0; i < VALUES; i++)
        ck_assert_int_eq(gr_channel_send_blocking(channel, &i, -1), 0);
    gr_channel_close(channel);
}

static void receive_many(void *arg)
{
    gr_channel *channel = arg;
    int value = -1, rc;
    for (int i = 0; i < VALUES; i++) {
        ck_assert_int_eq(gr_channel_receive_blocking(channel, &value, -1), 0);
        ck_assert_int_eq(value, i);
    }
    rc = gr_channel_receive_blocking(channel, &value, -1);
    ck_assert_int_eq(rc, GR_EPIPE);
}

static int receive_from_a_thread(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, *(size_t *)arg);
    uv_thread_t thread;
    uv_thread_create(&thread, send_many, channel);
    int value = -1, rc;
    for (int i = 0; i < VALUES; i++) {
        rc = gr_channel_receive(co, channel, &value);
        ck_assert_int_eq(rc, 0);
        ck_assert_int_eq(value, i);
    }
    rc = gr_channel_receive(co, channel, &value);
    ck_assert_int_eq(rc, GR_EPIPE);
    uv_thread_join(&thread);
    gr_channel_destroy(co, channel);
    return 0;
}

static int send_to_a_thread(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, *(size_t *)arg);
    uv_thread_t thread;
    uv_thread_create(&thread, receive_many, channel);
    for (int i = 0; i < VALUES; i++) {
        int rc = gr_channel_send(co, channel, &i);
        ck_assert_int_eq(rc, 0);
    }
    gr_channel_close(channel);
    uv_thread_join(&thread);
    gr_channel_destroy(co, channel);
    return 0;
}

START_TEST(values_of_a_thread_reach_a_coroutine_in_order_and_so_does_the_close)
{
    ck_assert_int_eq(gr_run(receive_from_a_thread, &(size_t){1}), 0);
    ck_assert_int_eq(gr_run(receive_from_a_thread, &(size_t){64}), 0);
}
END_TEST

START_TEST(values_of_a_coroutine_reach_a_thread_in_order_and_so_does_the_close)
{
    ck_assert_int_eq(gr_run(send_to_a_thread, &(size_t){1}), 0);
    ck_assert_int_eq(gr_run(send_to_a_thread, &(size_t){64}), 0);
}
END_TEST

/* --- order --- */

static int receive_in_turn(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, 2);
    struct call calls[4] = {{.channel = channel}, {.channel = channel}, {.channel = channel}, {.channel = channel}};
    (void)arg;
    for (size_t i = 0; i < 4; i++)
        (i % 2 ? line_up_coroutine : line_up_thread)(co, &calls[i], GRI_RECEIVE, i + 1);
    fill(channel, 4);
    for (int i = 0; i < 4; i++) {
        join(co, &calls[i]);
        ck_assert_int_eq(calls[i].rc, 0);
        ck_assert_int_eq(calls[i].value, i + 1);
    }
    gr_channel_destroy(co, channel);
    return 0;
}

static int send_in_turn(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, 1);
    struct call calls[4] = {{.channel = channel, .value = 2},
                            {.channel = channel, .value = 3},
                            {.channel = channel, .value = 4},
                            {.channel = channel, .value = 5}};
    (void)arg;
    fill(channel, 1);
    for (size_t i = 0; i < 4; i++)
        (i % 2 ? line_up_thread : line_up_coroutine)(co, &calls[i], GRI_SEND, i + 1);
    for (int i = 1, value; i <= 5; i++) {
        ck_assert_int_eq(gr_channel_try_receive(channel, &value), 0);
        ck_assert_int_eq(value, i);
    }
    for (int i = 0; i < 4; i++) {
        join(co, &calls[i]);
        ck_assert_int_eq(calls[i].rc, 0);
    }
    gr_channel_destroy(co, channel);
    return 0;
}

START_TEST(threads_and_coroutines_are_served_in_one_line_first_come_first_served)
{
    ck_assert_int_eq(gr_run(receive_in_turn, NULL), 0);
    ck_assert_int_eq(gr_run(send_in_turn, NULL), 0);
}
END_TEST

static void send_five(void *arg)
{
    for (int i = 1; i <= 5; i++)
        ck_assert_int_eq(gr_channel_send_blocking(arg, &i, -1), 0);
}

/* The loop hears of the thread's values when it has sent them all. */
static int wake_in_order(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, 1);
    struct call calls[5];
    int ended = 0;
    uv_thread_t thread;
    (void)arg;
    for (size_t i = 0; i < 5; i++) {
        calls[i] = (struct call){.channel = channel, .ended = &ended};
        line_up_coroutine(co, &calls[i], GRI_RECEIVE, i + 1);
    }
    uv_thread_create(&thread, send_five, channel);
    uv_thread_join(&thread);
    ck_assert_int_eq(ended, 0);
    for (int i = 0; i < 5; i++) {
        join(co, &calls[i]);
        ck_assert_int_eq(calls[i].value, i + 1);
        ck_assert_int_eq(calls[i].place, i);
    }
    gr_channel_destroy(co, channel);
    return 0;
}

START_TEST(coroutines_run_in_the_order_in_which_a_thread_served_them)
{
    ck_assert_int_eq(gr_run(wake_in_order, NULL), 0);
}
END_TEST

/* A coroutine that a thread has served runs before one that the loop serves after it. */
static int wake_in_order_both(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, 1);
    int ended = 0;
    struct call first = {.channel = channel, .ended = &ended}, second = first,
                sender = {.channel = channel, .value = 7};
    (void)arg;
    line_up_coroutine(co, &first, GRI_RECEIVE, 1);
    line_up_coroutine(co, &second, GRI_RECEIVE, 2);
    uv_thread_create(&sender.thread, send_in_thread, &sender);
    uv_thread_join(&sender.thread);
    ck_assert_int_eq(gr_channel_try_send(channel, &(int){8}), 0);
    join(co, &first);
    join(co, &second);
    ck_assert_int_eq(first.place, 0);
    ck_assert_int_eq(first.value, 7);
    ck_assert_int_eq(second.value, 8);
    gr_channel_destroy(co, channel);
    return 0;
}

START_TEST(whom_a_thread_served_runs_before_whom_the_loop_served_later)
{
    ck_assert_int_eq(gr_run(wake_in_order_both, NULL), 0);
}
END_TEST

/* --- deadlines and cancellation --- */

static int run_out_of_time(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, 1);
    struct call receiver = {.channel = channel, .within_ms = 20},
                sender = {.channel = channel, .value = 2, .within_ms = 30};
    int64_t began_ms = gr_now_ms(co);
    (void)arg;
    receive_in_coroutine(co, &receiver);
    ck_assert_int_eq(receiver.rc, GR_ETIMEDOUT);
    ck_assert_int_eq(gr_now_ms(co) - began_ms, 20);
    fill(channel, 1);
    send_in_coroutine(co, &sender);
    ck_assert_int_eq(sender.rc, GR_ETIMEDOUT);
    ck_assert_int_eq(gr_now_ms(co) - began_ms, 50);
    ck_assert_int_eq(gr_channel_try_receive(channel, &receiver.value), 0);
    ck_assert_int_eq(receiver.value, 1);
    ck_assert_int_eq(gr_channel_try_receive(channel, &receiver.value), GR_EBUSY);
    gr_channel_destroy(co, channel);
    return 0;
}

START_TEST(an_awaiting_end_leaves_the_line_at_its_deadline)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, run_out_of_time, NULL), 0);
}
END_TEST

static int cancel_waiters(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, 1);
    struct call receivers[] = {{.channel = channel}, {.channel = channel}},
                senders[] = {{.channel = channel, .value = 3}, {.channel = channel, .value = 4}};
    int value;
    (void)arg;
    for (size_t i = 0; i < 2; i++)
        line_up_coroutine(co, &receivers[i], GRI_RECEIVE, i + 1);
    gr_cancel(receivers[0].task);
    join(co, &receivers[0]);
    fill(channel, 2);
    join(co, &receivers[1]);
    ck_assert_int_eq(receivers[0].rc, GR_ECANCELED);
    ck_assert_int_eq(receivers[1].value, 1);
    for (size_t i = 0; i < 2; i++)
        line_up_coroutine(co, &senders[i], GRI_SEND, i + 1);
    gr_cancel(senders[0].task);
    join(co, &senders[0]);
    ck_assert_int_eq(senders[0].rc, GR_ECANCELED);
    for (int wanted = 2; wanted <= 4; wanted += 2) {
        ck_assert_int_eq(gr_channel_try_receive(channel, &value), 0);
        ck_assert_int_eq(value, wanted);
    }
    join(co, &senders[1]);
    ck_assert_int_eq(senders[1].rc, 0);
    gr_channel_destroy(co, channel);
    return 0;
}

START_TEST(a_cancelled_coroutine_leaves_the_line_and_the_next_one_is_served)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_waiters, NULL), 0);
}
END_TEST

/* The loop hears of what the thread did only after the cancellation, and after the deadline. */
static int serve_by_a_thread_then_end(gr_co co, void *arg)
{
    bool cancels = *(bool *)arg;
    gr_channel *channel = open_channel(co, 1);
    struct call receiver = {.channel = channel, .within_ms = cancels ? 0 : 200},
                sender = {.channel = channel, .value = 42};
    line_up_coroutine(co, &receiver, GRI_RECEIVE, 1);
    uv_thread_create(&sender.thread, send_in_thread, &sender);
    uv_thread_join(&sender.thread);
    if (cancels)
        gr_cancel(receiver.task);
    else
        uv_sleep(250);
    join(co, &receiver);
    ck_assert_int_eq(receiver.rc, 0);
    ck_assert_int_eq(receiver.value, 42);
    int rc = gr_sleep(co, 1);
    gr_channel_destroy(co, channel);
    return rc;
}

static int take_then_cancel(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, 1);
    struct call sender = {.channel = channel, .value = 2}, receiver = {.channel = channel};
    int value;
    (void)arg;
    fill(channel, 1);
    line_up_coroutine(co, &sender, GRI_SEND, 1);
    uv_thread_create(&receiver.thread, receive_in_thread, &receiver);
    uv_thread_join(&receiver.thread);
    gr_cancel(sender.task);
    join(co, &sender);
    ck_assert_int_eq(sender.rc, 0);
    ck_assert_int_eq(gr_channel_try_receive(channel, &value), 0);
    ck_assert_int_eq(value, 2);
    gr_channel_destroy(co, channel);
    return 0;
}

START_TEST(what_was_handed_over_before_a_cancellation_or_a_deadline_counts)
{
    ck_assert_int_eq(gr_run(serve_by_a_thread_then_end, &(bool){true}), 0);
    ck_assert_int_eq(gr_run(serve_by_a_thread_then_end, &(bool){false}), 0);
    ck_assert_int_eq(gr_run(take_then_cancel, NULL), 0);
}
END_TEST

static int time_threads_out(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, 1);
    struct call receiver = {.channel = channel, .within_ms = 20},
                sender = {.channel = channel, .value = 2, .within_ms = 20};
    int value;
    (void)arg;
    line_up_thread(co, &receiver, GRI_RECEIVE, 1);
    join(co, &receiver);
    ck_assert_int_eq(receiver.rc, GR_ETIMEDOUT);
    fill(channel, 1);
    line_up_thread(co, &sender, GRI_SEND, 1);
    join(co, &sender);
    ck_assert_int_eq(sender.rc, GR_ETIMEDOUT);
    ck_assert_int_eq(gr_channel_try_receive(channel, &value), 0);
    ck_assert_int_eq(value, 1);
    ck_assert_int_eq(gr_channel_try_receive(channel, &value), GR_EBUSY);
    gr_channel_destroy(co, channel);
    return 0;
}

START_TEST(a_blocking_end_leaves_the_line_when_its_time_is_over)
{
    ck_assert_int_eq(gr_run(time_threads_out, NULL), 0);
}
END_TEST

static void poll_it(void *arg)
{
    int value = 5;
    ck_assert_int_eq(gr_channel_receive_blocking(arg, &value, 0), GR_ETIMEDOUT);
    ck_assert_int_eq(gr_channel_send_blocking(arg, &value, INT64_MAX), 0);
    ck_assert_int_eq(gr_channel_send_blocking(arg, &value, 0), GR_ETIMEDOUT);
    value = 0;
    ck_assert_int_eq(gr_channel_receive_blocking(arg, &value, 0), 0);
    ck_assert_int_eq(value, 5);
}

static int poll_in_a_thread(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, 1);
    uv_thread_t thread;
    (void)arg;
    uv_thread_create(&thread, poll_it, channel);
    uv_thread_join(&thread);
    gr_channel_destroy(co, channel);
    return 0;
}

START_TEST(a_timeout_of_0_does_not_block_and_one_of_ages_does_not_overflow)
{
    ck_assert_int_eq(gr_run(poll_in_a_thread, NULL), 0);
}
END_TEST

static int receive_in_a_job(void *arg)
{
    struct call *call = arg;
    receive_in_thread(call);
    ck_assert_int_eq(call->rc, GR_ECANCELED);
    ck_assert(gr_job_cancelled());
    ck_assert_int_eq(gr_channel_receive_blocking(call->channel, &call->value, -1), GR_ECANCELED);
    ck_assert_int_eq(gr_channel_send_blocking(call->channel, &(int){3}, -1), 0); /* that it need not wait for */
    return 0;
}

static int cancel_a_job(gr_co co, void *arg)
{
    struct call call = {.channel = open_channel(co, 1)};
    int value;
    (void)arg;
    ck_assert_int_eq(gr_offload(gr_within(co, 20), receive_in_a_job, &call), GR_ETIMEDOUT);
    ck_assert_uint_eq(waiting(call.channel, GRI_RECEIVE), 0);
    ck_assert_int_eq(gr_channel_try_receive(call.channel, &value), 0);
    ck_assert_int_eq(value, 3);
    gr_channel_destroy(co, call.channel);
    return 0;
}

START_TEST(a_job_that_is_cancelled_while_it_blocks_is_woken)
{
    ck_assert_int_eq(gr_run(cancel_a_job, NULL), 0);
}
END_TEST

/* --- close, destroy --- */

static void close_in_thread(void *arg)
{
    gr_channel_close(arg);
}

static int close_on_waiters(gr_co co, void *arg)
{
    enum gri_channel_end end = *(enum gri_channel_end *)arg;
    gr_channel *channel = open_channel(co, 1);
    struct call thread = {.channel = channel, .value = 7}, coroutine = {.channel = channel, .value = 8};
    uv_thread_t closer;
    int value;
    if (end == GRI_SEND)
        fill(channel, 1);
    line_up_thread(co, &thread, end, 1);
    line_up_coroutine(co, &coroutine, end, 2);
    uv_thread_create(&closer, close_in_thread, channel);
    uv_thread_join(&closer);
    gr_channel_close(channel);
    join(co, &thread);
    join(co, &coroutine);
    ck_assert_int_eq(thread.rc, GR_EPIPE);
    ck_assert_int_eq(coroutine.rc, GR_EPIPE);
    ck_assert_int_eq(gr_channel_try_send(channel, &value), GR_EPIPE);
    if (end == GRI_SEND)
        ck_assert_int_eq(gr_channel_try_receive(channel, &value), 0);
    ck_assert_int_eq(gr_channel_try_receive(channel, &value), GR_EPIPE);
    gr_channel_destroy(co, channel);
    return 0;
}

START_TEST(a_close_ends_every_wait_and_what_is_in_it_is_drained)
{
    enum gri_channel_end send = GRI_SEND, receive = GRI_RECEIVE;
    ck_assert_int_eq(gr_run(close_on_waiters, &send), 0);
    ck_assert_int_eq(gr_run(close_on_waiters, &receive), 0);
}
END_TEST

static int destroy_under_waiters(gr_co co, void *arg)
{
    struct call *thread = arg;
    gr_channel *channel = thread->channel = open_channel(co, 1);
    struct call coroutine = {.channel = channel};
    line_up_thread(co, thread, GRI_RECEIVE, 1);
    line_up_coroutine(co, &coroutine, GRI_RECEIVE, 2);
    gr_channel_destroy(co, channel);
    join(co, &coroutine);
    ck_assert_int_eq(coroutine.rc, GR_EPIPE);
    return 0;
}

START_TEST(a_channel_may_be_destroyed_while_others_wait_in_it)
{
    struct call thread = {0};
    ck_assert_int_eq(gr_run(destroy_under_waiters, &thread), 0);
    uv_thread_join(&thread.thread);
    ck_assert_int_eq(thread.rc, GR_EPIPE);
}
END_TEST

struct holder {
    gr_channel *channel;
    uv_sem_t go;
    uv_thread_t thread;
};

static void drain_late(void *arg)
{
    struct holder *self = arg;
    int value = 0;
    uv_sem_wait(&self->go);
    for (int i = 1; i <= 3; i++) {
        ck_assert_int_eq(gr_channel_receive_blocking(self->channel, &value, -1), 0);
        ck_assert_int_eq(value, i);
    }
    ck_assert_int_eq(gr_channel_receive_blocking(self->channel, &value, -1), GR_EPIPE);
    ck_assert_int_eq(gr_channel_send_blocking(self->channel, &value, -1), GR_EPIPE);
    gr_channel_unref(self->channel);
}

static int leave_it_to_a_thread(gr_co co, void *arg)
{
    struct holder *holder = arg;
    gr_channel *channel = open_channel(co, 3);
    fill(channel, 3);
    holder->channel = gr_channel_ref(channel);
    ck_assert_ptr_eq(holder->channel, channel);
    uv_thread_create(&holder->thread, drain_late, holder);
    gr_channel_destroy(co, channel);
    return 0;
}

START_TEST(a_thread_with_a_reference_outlives_the_loop)
{
    struct holder holder;
    uv_sem_init(&holder.go, 0);
    ck_assert_int_eq(gr_run(leave_it_to_a_thread, &holder), 0);
    uv_sem_post(&holder.go);
    uv_thread_join(&holder.thread);
    uv_sem_destroy(&holder.go);
    gr_channel_unref(NULL);
}
END_TEST

static int drain_on_the_loops_thread(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, 3);
    fill(channel, 3);
    *(gr_channel **)arg = gr_channel_ref(channel);
    gr_channel_destroy(co, channel);
    gr_channel_destroy(co, NULL);
    return 0;
}

START_TEST(once_destroyed_it_may_block_the_thread_of_what_was_its_loop)
{
    gr_channel *channel;
    int value;
    ck_assert_int_eq(gr_run(drain_on_the_loops_thread, &channel), 0);
    ck_assert_int_eq(gr_channel_receive_blocking(channel, &value, -1), 0);
    ck_assert_int_eq(value, 1);
    gr_channel_unref(channel);
}
END_TEST

static int make_impossible_ones(gr_co co, void *arg)
{
    gr_channel *channel = NULL;
    (void)arg;
    ck_assert_int_eq(gr_channel_create(co, &channel, 0, 4), GR_EINVAL);
    ck_assert_int_eq(gr_channel_create(co, &channel, 4, 0), GR_EINVAL);
    ck_assert_int_eq(gr_channel_create(co, &channel, SIZE_MAX / 2, 4), GR_ENOMEM);
    ck_assert_int_eq(gr_channel_create(co, &channel, SIZE_MAX, 1), GR_ENOMEM);
    memory_is_out = true;
    int rc = gr_channel_create(co, &channel, 4, 4);
    memory_is_out = false;
    ck_assert_int_eq(rc, GR_ENOMEM);
    ck_assert_ptr_null(channel);
    return 0;
}

START_TEST(a_channel_that_cannot_be_is_refused)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, make_impossible_ones, NULL), 0);
}
END_TEST

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

/* --- misuse --- */

static int block_in_a_coroutine(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, 1);
    (void)arg;
    return gr_channel_send_blocking(channel, &(int){1}, 0);
}

static void on_timer(uv_timer_t *timer)
{
    int value;
    (void)!gr_channel_receive_blocking(timer->data, &value, 1);
}

static int block_in_a_callback(gr_co co, void *arg)
{
    static uv_timer_t timer;
    (void)arg;
    timer.data = open_channel(co, 1);
    uv_timer_init(gr_loop(co), &timer);
    uv_timer_start(&timer, on_timer, 1, 0);
    return gr_sleep(co, 1000);
}

static int await_it_elsewhere(gr_co co, void *arg)
{
    int value;
    return gr_channel_receive(co, arg, &value);
}

static void run_another_loop(void *arg)
{
    (void)!gr_run(await_it_elsewhere, arg);
}

static int await_on_another_loop(gr_co co, void *arg)
{
    uv_thread_t thread;
    (void)arg;
    uv_thread_create(&thread, run_another_loop, open_channel(co, 1));
    uv_thread_join(&thread);
    return 0;
}

static int leave_it_open(gr_co co, void *arg)
{
    gr_channel *channel = open_channel(co, 1);
    (void)arg;
    return channel ? 0 : 1;
}

static int wait_beside_an_unused_one(gr_co co, void *arg)
{
    gr_event never = {0};
    gr_channel *channel = open_channel(co, 1);
    (void)arg;
    int rc = gr_event_wait(co, &never);
    gr_channel_destroy(co, channel);
    return rc;
}

static void run_apart_fn(void *arg)
{
    (void)!gr_run(*(gr_task_fn **)arg, NULL);
}

static void assert_misuse(gr_task_fn *fn, const char *text)
{
    assert_aborts_saying(run_apart(run_apart_fn, &fn), text);
}

START_TEST(misuse_aborts_and_says_what_to_do)
{
    assert_misuse(block_in_a_coroutine, "gr_channel_send_blocking() was called in the coroutine \"main\", which would "
                                        "hold its loop: await gr_channel_send() there");
    assert_misuse(block_in_a_callback, "gr_channel_receive_blocking() was called on the loop's own thread");
    assert_misuse(await_on_another_loop, "\"main\" uses a channel of another loop");
    assert_misuse(leave_it_open, "gr_run() ended while a handle of its loop is open");
    assert_misuse(wait_beside_an_unused_one, "deadlock: the coroutine \"main\" waits for event");
}
END_TEST

/* --- a crowd --- */

enum { SENDERS = 4, RECEIVERS = 4, CROWD = 50, EACH = 500 };

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
    for (int i = 0; i < EACH * 4; i++)
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
    ck_assert_int_gt(self.sent, SENDERS * EACH);
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
    const test_list tests = {values_of_a_thread_reach_a_coroutine_in_order_and_so_does_the_close,
                             values_of_a_coroutine_reach_a_thread_in_order_and_so_does_the_close,
                             threads_and_coroutines_are_served_in_one_line_first_come_first_served,
                             coroutines_run_in_the_order_in_which_a_thread_served_them,
                             whom_a_thread_served_runs_before_whom_the_loop_served_later,
                             an_awaiting_end_leaves_the_line_at_its_deadline,
                             a_cancelled_coroutine_leaves_the_line_and_the_next_one_is_served,
                             what_was_handed_over_before_a_cancellation_or_a_deadline_counts,
                             a_blocking_end_leaves_the_line_when_its_time_is_over,
                             a_timeout_of_0_does_not_block_and_one_of_ages_does_not_overflow,
                             a_job_that_is_cancelled_while_it_blocks_is_woken,
                             a_close_ends_every_wait_and_what_is_in_it_is_drained,
                             a_channel_may_be_destroyed_while_others_wait_in_it,
                             a_thread_with_a_reference_outlives_the_loop,
                             once_destroyed_it_may_block_the_thread_of_what_was_its_loop,
                             a_channel_that_cannot_be_is_refused,
                             a_coroutine_that_never_has_to_wait_lets_others_run,
                             misuse_aborts_and_says_what_to_do,
                             a_crowd_of_threads_and_coroutines_loses_and_doubles_nothing,
                             a_channel_ends_at_any_moment_without_a_deadlock,
                             NULL};
    return run_tests("channel", tests, 30);
}
