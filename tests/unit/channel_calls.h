/* What the tests of channels share: calls by threads and coroutines that stand in line in a known order. */
#ifndef TESTS_UNIT_CHANNEL_CALLS_H
#define TESTS_UNIT_CHANNEL_CALLS_H

#include <griddle/sync.h>

#include "co/channel.h"
#include "unit/co_world.h"

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

static inline int64_t timeout_of(const struct call *call)
{
    return call->within_ms ? call->within_ms : -1;
}

static inline void send_in_thread(void *arg)
{
    struct call *call = arg;
    call->rc = gr_channel_send_blocking(call->channel, &call->value, timeout_of(call));
}

static inline void receive_in_thread(void *arg)
{
    struct call *call = arg;
    call->rc = gr_channel_receive_blocking(call->channel, &call->value, timeout_of(call));
}

static inline int note_end(struct call *call, int rc)
{
    call->rc = rc;
    if (call->ended)
        call->place = (*call->ended)++;
    return 0;
}

static inline gr_co scope_of(gr_co co, const struct call *call)
{
    return call->within_ms ? gr_within(co, call->within_ms) : co;
}

static inline int send_in_coroutine(gr_co co, void *arg)
{
    struct call *call = arg;
    return note_end(call, gr_channel_send(scope_of(co, call), call->channel, &call->value));
}

static inline int receive_in_coroutine(gr_co co, void *arg)
{
    struct call *call = arg;
    return note_end(call, gr_channel_receive(scope_of(co, call), call->channel, &call->value));
}

static inline size_t waiting(gr_channel *channel, enum gri_channel_end end)
{
    size_t n = 0;
    uv_mutex_lock(&channel->lock);
    for (const struct gr_waiter *waiter = channel->lines[end].first; waiter; waiter = waiter->next)
        n++;
    uv_mutex_unlock(&channel->lock);
    return n;
}

static inline void until_waiting(gr_co co, gr_channel *channel, enum gri_channel_end end, size_t n)
{
    while (waiting(channel, end) != n) {
        int rc = gr_sleep(co, 1);
        ck_assert_int_eq(rc, 0);
    }
}

/* Starts a thread or a coroutine, and waits until it stands in the line as its n-th. */
static inline void line_up_thread(gr_co co, struct call *call, enum gri_channel_end end, size_t n)
{
    uv_thread_create(&call->thread, end == GRI_SEND ? send_in_thread : receive_in_thread, call);
    until_waiting(co, call->channel, end, n);
}

static inline void line_up_coroutine(gr_co co, struct call *call, enum gri_channel_end end, size_t n)
{
    gr_task_fn *fn = end == GRI_SEND ? send_in_coroutine : receive_in_coroutine;
    ck_assert_int_eq(gr_spawn_named(co, &call->task, "caller", fn, call), 0);
    until_waiting(co, call->channel, end, n);
}

static inline gr_channel *open_channel(gr_co co, size_t capacity)
{
    gr_channel *channel;
    ck_assert_int_eq(gr_channel_create(co, &channel, capacity, sizeof(int)), 0);
    return channel;
}

static inline void fill(gr_channel *channel, int n)
{
    for (int i = 1; i <= n; i++)
        ck_assert_int_eq(gr_channel_try_send(channel, &i), 0);
}

static inline void join(gr_co co, struct call *call)
{
    if (call->task)
        ck_assert_int_eq(gr_join(co, call->task), 0);
    else
        ck_assert_int_eq(uv_thread_join(&call->thread), 0);
}

#endif
