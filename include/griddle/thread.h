/* Griddle: threads and the event loop: calling coroutines from threads. The other way round is gr_offload(). */
#ifndef GRIDDLE_THREAD_H
#define GRIDDLE_THREAD_H

#include <griddle/request.h>
#include <griddle/task.h>

GR_BEGIN_DECLS

/* A way into an event loop for threads that the loop knows nothing of. anyio's BlockingPortal. */
typedef struct gr_portal gr_portal;

/* A new portal into the loop of `co`, owned by this coroutine, which must close it. GR_ENOMEM, or libuv's error. */
GR_API GR_MUST_USE int gr_portal_open(gr_co co, gr_portal **portal);

/* Cancels what runs in the portal, waits for it, and frees it (steals `portal`). Calls that have not begun return
 * GR_ECANCELED. No thread may call into it any more: tell them first. Shielded: waits even in a cancelled coroutine.
 * NULL is allowed. */
GR_API void gr_portal_close(gr_co co, gr_portal *portal);

/* Runs fn(arg) as a coroutine on the loop, and waits for it; returns what it returned. asyncio's
 * run_coroutine_threadsafe(...).result().
 *
 * `portal` NULL: from a blocking handler, or another function that runs on a pool thread: fn runs in the coroutine that
 * waits for the thread, and under its deadline. Through a portal: any thread but the loop's, where it would wait for
 * itself; fn runs in a task of its own, side by side with others. fn must not block, as any coroutine. The call returns
 * when the tasks have ended, too, that fn spawned: nothing goes on that could use `arg`.
 *
 * GR_ECANCELED: the portal closes. GR_EINVAL: NULL, and not on a pool thread. While a pool thread waits here it keeps
 * its place in the pool, so what it called may not wait for another: gr_offload() in fn, or in a child of it, is
 * refused with GR_EDEADLK and a log line. */
GR_API GR_MUST_USE int gr_call_on_loop(gr_portal *portal, gr_task_fn *fn, void *arg);

/* Whether nobody waits for the reply of this request any more: its deadline has passed, its client has left, or the
 * server stops. A long blocking handler asks now and then, and returns early. The request's owner. */
GR_API bool gr_is_cancelled(gr_req *req);

GR_END_DECLS

#endif
