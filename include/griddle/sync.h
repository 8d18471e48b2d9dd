/* Griddle: synchronisation between the coroutines of one event loop.
 *
 * Coroutines of a loop never run at the same time, so data that no await separates needs no lock. These are for what
 * lasts longer than that. Every object is the caller's memory, all zero at first (or as its macro says), and must not
 * go while anybody waits in it. Who waits is served first come, first served, and no wake-up is lost: one that comes
 * before a cancellation or a deadline counts, and the wait returns 0. All functions: loop thread, those without a gr_co
 * from its callbacks too. */
#ifndef GRIDDLE_SYNC_H
#define GRIDDLE_SYNC_H

#include <griddle/co.h>

GR_BEGIN_DECLS

/* Who waits, the first that came first. The members are the framework's own. */
typedef struct gr_waiters {
    struct gr_waiter *first, *last;
} gr_waiters;

/* A flag that coroutines wait for. What a callback of a C library sets, a coroutine can await. asyncio.Event. */
typedef struct gr_event {
    gr_waiters waiters;
    bool is_set;
} gr_event;

/* Waits until `event` is set; returns at once where it is. */
GR_API GR_MUST_USE int gr_event_wait(gr_co co, gr_event *event);

/* Sets it, and wakes all who wait. */
GR_API void gr_event_set(gr_event *event);

/* Who waits from now on waits until it is set again. */
GR_API void gr_event_clear(gr_event *event);

GR_END_DECLS

#endif
