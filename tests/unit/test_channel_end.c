/* gr_channel: close, destroy, references, and what is refused. */
#include "unit/channel_calls.h"

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);

static bool memory_is_out;

void *__wrap_calloc(size_t n, size_t size)
{
    return memory_is_out ? NULL : __real_calloc(n, size);
}

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

int main(void)
{
    const test_list tests = {a_close_ends_every_wait_and_what_is_in_it_is_drained,
                             a_channel_may_be_destroyed_while_others_wait_in_it,
                             a_thread_with_a_reference_outlives_the_loop,
                             once_destroyed_it_may_block_the_thread_of_what_was_its_loop,
                             a_channel_that_cannot_be_is_refused,
                             misuse_aborts_and_says_what_to_do,
                             NULL};
    return run_tests("channel end", tests, 30);
}
