/* gr_channel: values between threads and coroutines, in order and without loss, to the deadline or the cancellation. */
#include "unit/channel_calls.h"

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

/* The loop hears of what the thread did only after the cancellation, and after the deadline: a virtual clock runs on
 * without looking for news. */
static int serve_by_a_thread_then_end(gr_co co, void *arg)
{
    bool cancels = *(bool *)arg;
    gr_channel *channel = open_channel(co, 1);
    struct call receiver = {.channel = channel, .within_ms = cancels ? 0 : 20},
                sender = {.channel = channel, .value = 42};
    line_up_coroutine(co, &receiver, GRI_RECEIVE, 1);
    uv_thread_create(&sender.thread, send_in_thread, &sender);
    uv_thread_join(&sender.thread);
    if (cancels)
        gr_cancel(receiver.task);
    int rc = gr_sleep(co, 30);
    join(co, &receiver);
    ck_assert_int_eq(receiver.rc, 0);
    ck_assert_int_eq(receiver.value, 42);
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
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, serve_by_a_thread_then_end, &(bool){true}), 0);
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, serve_by_a_thread_then_end, &(bool){false}), 0);
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
    uv_thread_create(&receiver.thread, receive_in_thread, &receiver);
    join(co, &receiver);
    ck_assert_int_eq(receiver.rc, GR_ETIMEDOUT);
    ck_assert_uint_eq(waiting(channel, GRI_RECEIVE), 0);
    fill(channel, 1);
    uv_thread_create(&sender.thread, send_in_thread, &sender);
    join(co, &sender);
    ck_assert_uint_eq(waiting(channel, GRI_SEND), 0);
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

static int offload_it(gr_co co, void *arg)
{
    return gr_offload(co, receive_in_a_job, arg);
}

static int cancel_a_job(gr_co co, void *arg)
{
    struct call call = {.channel = open_channel(co, 1)};
    gr_task *task;
    int value;
    (void)arg;
    ck_assert_int_eq(gr_spawn(co, &task, offload_it, &call), 0);
    until_waiting(co, call.channel, GRI_RECEIVE, 1);
    gr_cancel(task);
    ck_assert_int_eq(gr_join(co, task), GR_ECANCELED);
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
                             NULL};
    return run_tests("channel", tests, 30);
}
