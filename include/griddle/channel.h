/* Griddle: a channel: values between threads and coroutines, with back-pressure.
 *
 * A bounded queue of values of one size, copied in and out. Either end may be a coroutine of the channel's loop, which
 * awaits, or a thread, which blocks: one of the pool, one of a C library. A coroutine of another loop blocks in
 * gr_offload(). Within one loop gr_queue (griddle/sync.h) does the same without a lock. janus.Queue in Python; Go's
 * channel.
 *
 *     int rc = gr_channel_create(co, &readings, 64, sizeof(struct reading));
 *     ...
 *     rc = gr_channel_send_blocking(readings, &reading, -1);      the device's thread
 *     while ((rc = gr_channel_receive(co, readings, &reading)) == 0)    a coroutine
 *         ...
 *
 * Who waits is served first come, first served, coroutines and threads in one line: nobody who comes later gets in
 * before, and a value goes straight to the receiver that waited longest. No value is lost or doubled: where it was
 * handed over before a cancelled coroutine, or one that is out of time, has run again, the call returns 0 and it counts
 * as received or sent. Coroutines run again in the order in which they were served; what threads did meanwhile reaches
 * the loop in one batch. A coroutine that never has to wait yields after 128 values at most, so that fast threads do
 * not starve the others.
 *
 * A reference count keeps the memory: gr_channel_create() gives the first reference, gr_channel_destroy() takes it,
 * even while others wait in a call. Who may call later, a thread or a coroutine that nobody joins first, holds a
 * reference of its own. */
#ifndef GRIDDLE_CHANNEL_H
#define GRIDDLE_CHANNEL_H

#include <griddle/co.h>

GR_BEGIN_DECLS

typedef struct gr_channel gr_channel;

/* A new channel of the loop of `co` for `capacity` values of `item_size` bytes each. Any coroutine of that loop gives
 * it to gr_channel_destroy() before the loop ends. GR_EINVAL: one of them is 0; GR_ENOMEM; or libuv's error. */
GR_API GR_MUST_USE int gr_channel_create(gr_co co, gr_channel **channel, size_t capacity, size_t item_size);

/* Closes the channel, takes it from its loop, and gives up the reference that gr_channel_create() gave (steals
 * `channel`). Does not wait: those in a call, coroutines and threads, get GR_EPIPE. Works in a cancelled coroutine too.
 * Whoever holds a reference can still receive what is in it, without awaiting. NULL is allowed. */
GR_API void gr_channel_destroy(gr_co co, gr_channel *channel);

/* A new reference; returns `channel`. And gives one up: values that are left in a channel without references are
 * dropped as they are. Any thread. */
GR_API gr_channel *gr_channel_ref(gr_channel *channel);
GR_API void gr_channel_unref(gr_channel *channel);

/* No more values come: those that wait to send get GR_EPIPE, those that wait to receive too; what is in it can still be
 * received. Either end; any thread. A second call does nothing. */
GR_API void gr_channel_close(gr_channel *channel);

/* Sends a copy of *item; waits while the channel is full. GR_EPIPE: it is closed. An await, in a coroutine of the
 * channel's loop. */
GR_API GR_MUST_USE int gr_channel_send(gr_co co, gr_channel *channel, const void *item);

/* Moves the oldest value to *item; waits while there is none. GR_EPIPE: it is closed, and empty. An await, in a
 * coroutine of the channel's loop. */
GR_API GR_MUST_USE int gr_channel_receive(gr_co co, gr_channel *channel, void *item);

/* The same for threads: blocks for up to `timeout_ms` milliseconds of real time (negative: for ever; 0: not at all),
 * then GR_ETIMEDOUT. GR_ECANCELED: it would wait, in a job of gr_offload() or a blocking handler that is cancelled
 * (gr_job_cancelled()). Aborts on the loop's thread and in a coroutine, which would be held: await there. A thread of
 * the pool keeps its place in the pool while it blocks. */
GR_API GR_MUST_USE int gr_channel_send_blocking(gr_channel *channel, const void *item, int64_t timeout_ms);
GR_API GR_MUST_USE int gr_channel_receive_blocking(gr_channel *channel, void *item, int64_t timeout_ms);

/* Without waiting: GR_EBUSY where it is full or empty. Any thread, callbacks of the loop, coroutines. */
GR_API GR_MUST_USE int gr_channel_try_send(gr_channel *channel, const void *item);
GR_API GR_MUST_USE int gr_channel_try_receive(gr_channel *channel, void *item);

GR_END_DECLS

#endif
