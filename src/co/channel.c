#include "co/channel.h"

#include <stdlib.h>
#include <string.h>

#include "co/misuse.h"
#include "co/queue.h"
#include "co/task.h"

bool gri_channel_on_loop(const gr_channel *channel)
{
    uv_thread_t self = uv_thread_self();
    return !channel->detached && uv_thread_equal(&self, &channel->loop_thread);
}

static void tell_coroutines(gr_channel *channel)
{
    struct gr_waiter *first;
    while ((first = channel->served.first)) {
        gri_waiters_remove(&channel->served, first);
        GRI_OWNER_OF(first, struct gri_channel_waiter, waiter)->in_served = false;
        gri_wake(first->task, 0);
    }
}

/* The handle is told under the lock: while it is held the channel is not detached, since a coroutine waits in it. */
static void serve_coroutine(gr_channel *channel, struct gr_waiter *waiter)
{
    bool is_first = !channel->served.first;
    gri_waiters_append(&channel->served, waiter);
    GRI_OWNER_OF(waiter, struct gri_channel_waiter, waiter)->in_served = true;
    if (gri_channel_on_loop(channel))
        tell_coroutines(channel);
    else if (is_first)
        uv_async_send(&channel->async);
}

static void serve_first(gr_channel *channel, gr_waiters *line, int rc)
{
    struct gr_waiter *waiter = line->first;
    gri_waiters_remove(line, waiter);
    waiter->woken = true;
    waiter->rc = rc;
    if (waiter->task)
        serve_coroutine(channel, waiter);
    else
        uv_cond_signal(&GRI_OWNER_OF(waiter, struct gri_channel_waiter, waiter)->wake);
}

static int try_send(gr_channel *channel, const void *item)
{
    gr_waiters *receivers = &channel->lines[GRI_RECEIVE];
    if (!receivers->first)
        return gri_queue_try_put(&channel->values, item);
    memcpy(receivers->first->data, item, channel->values.item_size);
    serve_first(channel, receivers, 0);
    return 0;
}

static int try_receive(gr_channel *channel, void *item)
{
    gr_waiters *senders = &channel->lines[GRI_SEND];
    int rc = gri_queue_try_get(&channel->values, item);
    if (rc < 0 || !senders->first)
        return rc;
    rc = gri_queue_try_put(&channel->values, senders->first->data);
    serve_first(channel, senders, rc);
    return 0;
}

int gri_channel_try(gr_channel *channel, enum gri_channel_end end, void *item)
{
    return end == GRI_SEND ? try_send(channel, item) : try_receive(channel, item);
}

static int channel_try_once(gr_channel *channel, enum gri_channel_end end, void *item)
{
    uv_mutex_lock(&channel->lock);
    int rc = gri_channel_try(channel, end, item);
    uv_mutex_unlock(&channel->lock);
    return rc;
}

int gr_channel_try_send(gr_channel *channel, const void *item)
{
    return channel_try_once(channel, GRI_SEND, (void *)(uintptr_t)item);
}

int gr_channel_try_receive(gr_channel *channel, void *item)
{
    return channel_try_once(channel, GRI_RECEIVE, item);
}

static void on_channel_async(uv_async_t *async)
{
    gr_channel *channel = async->data;
    uv_mutex_lock(&channel->lock);
    tell_coroutines(channel);
    uv_mutex_unlock(&channel->lock);
    gri_sched_drain(channel->sched);
}

gr_channel *gr_channel_ref(gr_channel *channel)
{
    __atomic_add_fetch(&channel->refs, 1, __ATOMIC_RELAXED);
    return channel;
}

void gr_channel_unref(gr_channel *channel)
{
    if (!channel || __atomic_sub_fetch(&channel->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    uv_mutex_destroy(&channel->lock);
    free(channel);
}

static gr_channel *new_channel(gr_co co, size_t capacity, size_t item_size)
{
    size_t bytes;
    if (__builtin_mul_overflow(capacity, item_size, &bytes) ||
        __builtin_add_overflow(bytes, sizeof(gr_channel), &bytes))
        return NULL;
    gr_channel *channel = calloc(1, bytes);
    if (!channel)
        return NULL;
    channel->refs = 1;
    channel->sched = co.task->sched;
    channel->loop_thread = uv_thread_self();
    channel->values = (gr_queue){.items = channel->items, .item_size = item_size, .capacity = capacity};
    return channel;
}

int gr_channel_create(gr_co co, gr_channel **out, size_t capacity, size_t item_size)
{
    gri_check_co(co);
    if (capacity == 0 || item_size == 0)
        return GR_EINVAL;
    gr_channel *channel = new_channel(co, capacity, item_size);
    int rc = channel ? uv_mutex_init(&channel->lock) : GR_ENOMEM;
    if (rc < 0)
        goto fail;
    rc = uv_async_init(co.task->sched->loop, &channel->async, on_channel_async);
    if (rc < 0)
        goto fail_lock;
    channel->async.data = channel;
    uv_unref((uv_handle_t *)&channel->async);
    *out = channel;
    return 0;
fail_lock:
    uv_mutex_destroy(&channel->lock);
fail:
    free(channel);
    return rc;
}

static void close_it(gr_channel *channel)
{
    gri_queue_close(&channel->values);
    for (int end = GRI_SEND; end <= GRI_RECEIVE; end++)
        while (channel->lines[end].first)
            serve_first(channel, &channel->lines[end], GR_EPIPE);
}

void gr_channel_close(gr_channel *channel)
{
    uv_mutex_lock(&channel->lock);
    close_it(channel);
    uv_mutex_unlock(&channel->lock);
}

static void check_loop(gr_co co, const gr_channel *channel)
{
    gri_check_co(co);
    if (channel->sched != co.task->sched)
        gri_misuse(
            "\"%s\" uses a channel of another loop: await it, and destroy it, in a coroutine of the loop that it "
            "was created on",
            co.task->name);
}

static void on_channel_closed(uv_handle_t *handle)
{
    gr_channel_unref(handle->data);
}

void gr_channel_destroy(gr_co co, gr_channel *channel)
{
    if (!channel)
        return;
    check_loop(co, channel);
    uv_mutex_lock(&channel->lock);
    close_it(channel);
    tell_coroutines(channel);
    channel->detached = true;
    uv_mutex_unlock(&channel->lock);
    uv_close((uv_handle_t *)&channel->async, on_channel_closed);
}

static void note_waiting(gr_channel *channel)
{
    if (channel->awaiting++ == 0)
        uv_ref((uv_handle_t *)&channel->async);
}

static void note_back(gr_channel *channel)
{
    if (--channel->awaiting == 0 && !channel->detached)
        uv_unref((uv_handle_t *)&channel->async);
}

/* What it was given while it was cancelled, or late, is the caller's. */
static int leave_line(gr_channel *channel, gr_waiters *line, struct gri_channel_waiter *self, int rc)
{
    uv_mutex_lock(&channel->lock);
    if (!self->waiter.woken)
        gri_waiters_remove(line, &self->waiter);
    else if (self->in_served)
        gri_waiters_remove(&channel->served, &self->waiter);
    uv_mutex_unlock(&channel->lock);
    return self->waiter.woken ? self->waiter.rc : rc;
}

static int channel_wait_in_line(gr_co co, gr_channel *channel, enum gri_channel_end end,
                                struct gri_channel_waiter *self)
{
    note_waiting(channel);
    int rc = gri_suspend(co, INT64_MAX, end == GRI_SEND ? "channel, to send" : "channel, to receive");
    note_back(channel);
    return leave_line(channel, &channel->lines[end], self, rc);
}

static int transfer_held(gr_co co, gr_channel *channel, enum gri_channel_end end, void *item)
{
    check_loop(co, channel);
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    struct gri_channel_waiter self = {.waiter = {.task = co.task, .data = item}};
    uv_mutex_lock(&channel->lock);
    rc = gri_channel_try(channel, end, item);
    if (rc == GR_EBUSY)
        gri_waiters_append(&channel->lines[end], &self.waiter);
    uv_mutex_unlock(&channel->lock);
    return rc == GR_EBUSY ? channel_wait_in_line(co, channel, end, &self) : rc;
}

/* It may be destroyed by others whenever this coroutine does not run. */
static int channel_transfer(gr_co co, gr_channel *channel, enum gri_channel_end end, void *item)
{
    gr_channel_ref(channel);
    int rc = transfer_held(co, channel, end, item);
    gr_channel_unref(channel);
    return rc;
}

int gr_channel_send(gr_co co, gr_channel *channel, const void *item)
{
    return channel_transfer(co, channel, GRI_SEND, (void *)(uintptr_t)item);
}

int gr_channel_receive(gr_co co, gr_channel *channel, void *item)
{
    return channel_transfer(co, channel, GRI_RECEIVE, item);
}
