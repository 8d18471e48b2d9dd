/* The watchdog: a thread that names, with a backtrace, the coroutine that has held the loop for too long: it blocks
 * where it should await, the commonest mistake of async code. */
#ifndef GRI_SERVER_WATCHDOG_H
#define GRI_SERVER_WATCHDOG_H

#include "co/sched.h"

struct gri_watchdog;

/* Watches `sched`, which runs on the calling thread, for coroutines that run for `limit_ms` (above 0) and more without
 * an await. Takes SIGURG for the process, by which it asks the loop's thread where it is, on an alternate signal stack
 * that this thread gets where it has none. A thread that waits in a system call is not asked, since that would end a
 * sleep early: it is looked at from outside. Any number, on any
 * threads. NULL: no memory or no thread; the server does without. */
struct gri_watchdog *gri_watchdog_start(const struct gri_sched *sched, int64_t limit_ms);

/* The thread that started it, before `sched` goes. NULL is allowed. */
void gri_watchdog_stop(struct gri_watchdog *watchdog);

#endif
