/* Griddle: tasks: coroutines inside coroutines, with structured concurrency.
 *
 * A scope never returns while a child runs: children hold pointers into their parent's stack, so this is memory safety.
 * Where a deadline or a cancellation ends a join or a gather early, it cancels the children, waits for them, and only
 * then returns. All functions: loop thread, from the coroutine that `co` belongs to. */
#ifndef GRIDDLE_TASK_H
#define GRIDDLE_TASK_H

#include <griddle/co.h>

GR_BEGIN_DECLS

/* A coroutine's function. Its result is what gr_join() returns, and an error in gr_gather(). */
typedef int gr_task_fn(gr_co co, void *arg);

/* Starts fn(arg) as a child task; it runs first when this coroutine next awaits, inheriting the deadline of `co`.
 * *task is owned by the caller until gr_join() takes it. A task that is never joined is cancelled and waited for
 * when its parent ends. `name` is borrowed and must outlive the task; NULL gives it the parent's name.
 * GR_ENOMEM where memory or the system's limit on stacks is exhausted; GR_ECANCELED in a cancelled coroutine.
 * asyncio.create_task. */
GR_API GR_MUST_USE int gr_spawn_named(gr_co co, gr_task **task, const char *name, gr_task_fn *fn, void *arg);

/* gr_spawn_named() with the function's own name. */
#define gr_spawn(co, task, fn, arg) gr_spawn_named((co), (task), #fn, (fn), (arg))

/* Waits until `task` has ended, returns what it returned, and frees it (steals `task`). Each task is joined once, by
 * the task that spawned it. On the deadline of `co` or on cancellation the child is cancelled and waited for, and the
 * result is GR_ETIMEDOUT or GR_ECANCELED. `await task`. */
GR_API GR_MUST_USE int gr_join(gr_co co, gr_task *task);

/* Asks a task to end: its present await and every later one return GR_ECANCELED. Does not wait; it still must be
 * joined. A second call, or one on a task that has ended, does nothing. Task.cancel. */
GR_API void gr_cancel(gr_task *task);

/* One member of a gather; its task takes the parent's name. */
typedef struct gr_job {
    gr_task_fn *run;
    void *arg;
} gr_job;

/* Runs n jobs as tasks, started in order, and waits until all have ended. 0 if every one returned 0; else the first
 * result in time that was not 0, upon which the others are cancelled. asyncio.gather, with the scope of a TaskGroup.
 * `jobs` is borrowed for the call. GR_ENOMEM: those that had started were cancelled and waited for. */
GR_API GR_MUST_USE int gr_gather_n(gr_co co, const gr_job *jobs, size_t n);

#ifndef __cplusplus
/* gr_gather(co, {fn_a, &a}, {fn_b, &b}): gr_gather_n() on a list written in place. */
#define gr_gather(co, ...) \
    gr_gather_n((co), (const gr_job[]){__VA_ARGS__}, sizeof((const gr_job[]){__VA_ARGS__}) / sizeof(gr_job))
#endif

/* Runs fn(arg) as a coroutine on an event loop of its own, with a thread pool, and returns what it returned: awaits in
 * a program, or on a thread, that serves nothing. Waits for fn's children too. A negative code where the loop could not
 * be made. Aborts where all of its coroutines wait and nothing is left that could wake one, naming what they wait for.
 * Any thread that runs no coroutine: in one it aborts. asyncio.run. */
GR_API GR_MUST_USE int gr_run(gr_task_fn *fn, void *arg);

GR_END_DECLS

#endif
