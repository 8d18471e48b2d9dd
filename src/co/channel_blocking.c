#include "co/channel.h"
#include "co/misuse.h"
#include "co/pool.h"
#include "co/task.h"

static const uint64_t HOUR_NS = UINT64_C(3600) * 1000000000;

static const char *const blocking_channel_names[] = {[GRI_SEND] = "send", [GRI_RECEIVE] = "receive"};

struct blocked {
    struct gri_channel_waiter self;
    gr_channel *channel;
};

/* On the loop's thread, which holds the pool's lock: so nobody takes that one while he holds a channel's. */
static void on_cancel(void *arg)
{
    struct blocked *blocked = arg;
    uv_mutex_lock(&blocked->channel->lock);
    blocked->self.cancelled = true;
    uv_cond_signal(&blocked->self.wake);
    uv_mutex_unlock(&blocked->channel->lock);
}

static void check_thread(const gr_channel *channel, enum gri_channel_end end)
{
    if (gri_running())
        gri_misuse("gr_channel_%s_blocking() was called in the coroutine \"%s\", which would hold its loop: await "
                   "gr_channel_%s() there",
                   blocking_channel_names[end], gri_running()->name, blocking_channel_names[end]);
    if (gri_channel_on_loop(channel))
        gri_misuse("gr_channel_%s_blocking() was called on the loop's own thread, which would wait for itself: "
                   "gr_channel_try_%s() does not wait",
                   blocking_channel_names[end], blocking_channel_names[end]);
}

static int blocking_channel_try_once(gr_channel *channel, enum gri_channel_end end, void *item)
{
    uv_mutex_lock(&channel->lock);
    check_thread(channel, end);
    int rc = gri_channel_try(channel, end, item);
    uv_mutex_unlock(&channel->lock);
    return rc;
}

/* UINT64_MAX: never. */
static uint64_t after_ns(int64_t ms)
{
    uint64_t ns, end;
    if (ms < 0 || __builtin_mul_overflow((uint64_t)ms, UINT64_C(1000000), &ns) ||
        __builtin_add_overflow(uv_hrtime(), ns, &end))
        return UINT64_MAX;
    return end;
}

/* In pieces that cannot overflow the clock they are added to. */
static int sleep_in_line(struct blocked *blocked, uint64_t end_ns)
{
    struct gri_channel_waiter *self = &blocked->self;
    for (uint64_t now_ns; !self->waiter.woken;) {
        if (self->cancelled)
            return GR_ECANCELED;
        if ((now_ns = uv_hrtime()) >= end_ns)
            return GR_ETIMEDOUT;
        uint64_t left_ns = end_ns - now_ns;
        uv_cond_timedwait(&self->wake, &blocked->channel->lock, left_ns < HOUR_NS ? left_ns : HOUR_NS);
    }
    return self->waiter.rc;
}

static int blocking_channel_wait_in_line(struct blocked *blocked, enum gri_channel_end end, uint64_t end_ns)
{
    gr_channel *channel = blocked->channel;
    struct gr_waiter *waiter = &blocked->self.waiter;
    uv_mutex_lock(&channel->lock);
    int rc = gri_channel_try(channel, end, waiter->data);
    if (rc == GR_EBUSY) {
        gri_waiters_append(&channel->lines[end], waiter);
        rc = sleep_in_line(blocked, end_ns);
        if (!waiter->woken)
            gri_waiters_remove(&channel->lines[end], waiter);
    }
    uv_mutex_unlock(&channel->lock);
    return rc;
}

static int block(gr_channel *channel, enum gri_channel_end end, void *item, int64_t timeout_ms)
{
    struct blocked blocked = {.self.waiter.data = item, .channel = channel};
    uint64_t end_ns = after_ns(timeout_ms);
    int rc = uv_cond_init(&blocked.self.wake);
    if (rc < 0)
        return rc;
    gr_channel_ref(channel);
    rc = gri_job_on_cancel(on_cancel, &blocked) ? blocking_channel_wait_in_line(&blocked, end, end_ns) : GR_ECANCELED;
    (void)gri_job_on_cancel(NULL, NULL);
    gr_channel_unref(channel);
    uv_cond_destroy(&blocked.self.wake);
    return rc;
}

static int blocking_channel_transfer(gr_channel *channel, enum gri_channel_end end, void *item, int64_t timeout_ms)
{
    int rc = blocking_channel_try_once(channel, end, item);
    if (rc != GR_EBUSY)
        return rc;
    return timeout_ms == 0 ? GR_ETIMEDOUT : block(channel, end, item, timeout_ms);
}

int gr_channel_send_blocking(gr_channel *channel, const void *item, int64_t timeout_ms)
{
    return blocking_channel_transfer(channel, GRI_SEND, (void *)(uintptr_t)item, timeout_ms);
}

int gr_channel_receive_blocking(gr_channel *channel, void *item, int64_t timeout_ms)
{
    return blocking_channel_transfer(channel, GRI_RECEIVE, item, timeout_ms);
}
