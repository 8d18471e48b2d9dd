/* Griddle: coroutines: awaiting, deadlines, calling blocking code.
 *
 * A coroutine runs on its event loop's thread until it awaits; others run meanwhile. Every function that waits takes a
 * gr_co, the right to await, first. Only the framework makes one: it is the first parameter of an async function. It is
 * a struct passed by value, so nothing else passes for it, and awaiting in a blocking function does not compile.
 *
 * It has a stack of its own: 64 KiB unless the server (--stack-bytes, gr_server_options) or the operation
 * (.stack_bytes) says otherwise, rounded up to a power of two; gr_on_stack() gives a function one of any size. Memory
 * is taken only as it is used, and given back when a stack stays unused. A frame, or a depth of calls, beyond it ends
 * the process: gr_main() has it print the coroutine's name and die of SIGSEGV. For that to hold for frames of any size,
 * which might jump over the 1 MiB of guard below each stack and into another's, what runs in a coroutine is compiled
 * with -fstack-clash-protection, as griddle.pc says. A blocking function has its thread's stack, of megabytes.
 *
 * C++: a coroutine has its own exceptions, so awaits may stand in a catch block, and in a destructor that an exception
 * runs. Each must be caught in the function that Griddle called, be it a handler, middleware, a task's function, a
 * teardown or a job of the pool: one that would leave it ends the process by std::terminate(), after a line that names
 * the coroutine, whoever would catch it further out.
 *
 * Every await
 *   - runs on the loop's thread, in the coroutine that `co` belongs to; elsewhere it aborts, naming both coroutines;
 *   - returns 0, or GR_ECANCELED once the task is cancelled (sticky: each later await returns it too, after having
 *     yielded once), or GR_ETIMEDOUT once the deadline of the scope `co` has passed;
 *   - may let others run where what it waits for is there already: always after 128 awaits in a row that found it so,
 *     or 32 that called the system, so that one to whom everything comes at once does not hold the loop. */
#ifndef GRIDDLE_CO_H
#define GRIDDLE_CO_H

#include <griddle/base.h>

GR_BEGIN_DECLS

struct uv_loop_s;

typedef struct gr_task gr_task;

/* The right to await, in a scope that ends at deadline_ms (0: no deadline). Borrowed: valid only in the coroutine that
 * it was passed to, on its thread: on another one all but gr_co_name() abort. The members are the framework's own. */
typedef struct gr_co {
    gr_task *task;
    int64_t deadline_ms;
} gr_co;

/* Waits at least `ms` milliseconds; 0 or less is gr_yield(). asyncio.sleep. */
GR_API GR_MUST_USE int gr_sleep(gr_co co, int64_t ms);

/* Lets every other coroutine that is ready, and the loop's I/O, go first. asyncio.sleep(0). */
GR_API GR_MUST_USE int gr_yield(gr_co co);

/* The loop's monotonic clock in milliseconds, read now (virtual under griddle/testing.h). Does not wait. */
GR_API int64_t gr_now_ms(gr_co co);

/* A narrower scope: awaits through the returned gr_co end with GR_ETIMEDOUT when `ms` milliseconds from now have
 * passed, or at the deadline of `co`, whichever comes first. Allocates nothing; scopes nest. asyncio.timeout.
 *
 *     rc = gr_gather(gr_within(co, 500), {find_item, &find}, {count_view, &view});
 */
GR_API gr_co gr_within(gr_co co, int64_t ms);

/* The name of the coroutine: of the operation for a request's, "parent's name" for a child spawned without one.
 * Borrowed, valid as long as `co`. */
GR_API const char *gr_co_name(gr_co co);

/* The libuv loop that the coroutine runs on, for a library that wants one: what its callbacks tell, a coroutine awaits
 * by a gr_event (griddle/sync.h). Borrowed. asyncio.get_running_loop. */
GR_API struct uv_loop_s *gr_loop(gr_co co);

/* A function that may block. Runs on a thread of the pool. */
typedef int gr_blocking_fn(void *arg);

/* Runs fn(arg) on a thread of the pool and waits for it. asyncio.to_thread.
 *
 * Returns what fn returned; GR_EBUSY at once, and fn does not run, where no thread is to be had: the pool's queue is
 * full, or not even one thread could be started; GR_ECANCELED or GR_ETIMEDOUT as any await. On those two a job that is
 * still queued is taken back and never runs; one that runs is waited for, since it uses the caller's memory: this is
 * the one await that may outlive its deadline. Such a job may ask gr_job_cancelled(). */
GR_API GR_MUST_USE int gr_offload(gr_co co, gr_blocking_fn *fn, void *arg);

/* Whether nobody waits for the result of the job that this pool thread runs: its deadline passed, or its client left.
 * A long job asks now and then and returns early. False outside a job. */
GR_API bool gr_job_cancelled(void);

/* Whether the server on the loop of `co` has been told to stop (gr_server_stop(); gr_main()'s first signal). Requests
 * that run are let finish until the stop's deadline, so what would go on for long, a stream of events, a loop of a
 * task, asks, and ends by itself. False in gr_run(). Does not wait. */
GR_API bool gr_stopping(gr_co co);

/* Waits until it has; returns at once where it has. Instead of a sleep between two events it ends a stream as soon as
 * the server stops, and its client sees a complete body (samples: app/burgers/date.c):
 *
 *     while ((rc = write_event(co, writer)) == 0)
 *         if (gr_wait_stopping(gr_within(co, 1000)) != GR_ETIMEDOUT)
 *             break;
 */
GR_API GR_MUST_USE int gr_wait_stopping(gr_co co);

GR_END_DECLS

#endif
