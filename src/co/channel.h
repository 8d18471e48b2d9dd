/* What the awaiting side of a channel and the blocking one share. */
#ifndef GRI_CO_CHANNEL_H
#define GRI_CO_CHANNEL_H

#include <griddle/channel.h>

#include "co/sched.h"
#include "co/waiters.h"

enum gri_channel_end { GRI_SEND, GRI_RECEIVE };

struct gr_channel {
    size_t refs; /* atomic */
    struct gri_sched *sched;
    uv_thread_t loop_thread;
    uv_async_t async; /* keeps the loop alive while a coroutine waits */
    size_t awaiting;  /* coroutines; the loop's own */

    uv_mutex_t lock;     /* of all below */
    gr_queue values;     /* nobody waits in it: they wait here */
    gr_waiters lines[2]; /* coroutines and threads, by end: while one waits to send it is full, to receive, empty */
    gr_waiters served;   /* coroutines that the loop has not been told of */
    bool detached;       /* `async` is closed, or about to be */
    char items[];
};

/* Who waits, in its own frame. waiter.task NULL: a thread. */
struct gri_channel_waiter {
    struct gr_waiter waiter;
    uv_cond_t wake; /* of a thread */
    bool in_served; /* of a coroutine */
    bool cancelled; /* of a thread: its job */
};

/* Sends or receives *item, with the lock held. GR_EBUSY: it would wait; GR_EPIPE. */
int gri_channel_try(gr_channel *channel, enum gri_channel_end end, void *item);

/* Whether this is the thread of the loop that the channel still belongs to; with the lock held. */
bool gri_channel_on_loop(const gr_channel *channel);

#endif
