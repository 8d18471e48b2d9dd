/* Griddle: tasks: coroutines inside coroutines, with structured concurrency.
 *
 * A scope never returns while a child runs: children hold pointers into their parent's stack, so this is memory safety.
 * Where a deadline or a cancellation ends a join or a gather early, it cancels the children, waits for them, and only
 * then returns. All functions: loop thread, from the coroutine that `co` belongs to; on another thread they abort.
 * A task's stack is as large as the one of whoever starts it.
 *
 * A function that Griddle was given and calls in a coroutine is such a scope as well: a task's, a handler, middleware,
 * the writer of a stream, a background task, a teardown, what gr_call_on_loop(), gr_shield(), gr_on_stack(), gr_every()
 * or gr_as_completed() was given, what gr_fetch() pulls a body from. When it has returned, the tasks that it spawned
 * and did not join are cancelled and waited for, and only then is its result used: a reply is sent, a thread is
 * answered, the next one begins. One that returns with a group open that it opened aborts. */
#ifndef GRIDDLE_TASK_H
#define GRIDDLE_TASK_H

#include <griddle/co.h>
#include <griddle/mistake.h>

#ifdef __GNUC__
#pragma GCC system_header
#endif

GR_BEGIN_DECLS

/* A coroutine's function. Its result is what gr_join() returns, and an error in gr_gather(). */
typedef int gr_task_fn(gr_co co, void *arg);

/* Starts fn(arg) as a child task; it runs first when this coroutine next awaits, inheriting the deadline of `co`.
 * *task is owned by the caller until gr_join() takes it. A task that is not joined is cancelled and waited for when
 * the function has returned that Griddle called, see above: so what it uses must not be in the frame of that function,
 * nor of one that this called. What is to go on behind a reply is a background task (gr_after()). `name` is borrowed
 * and must outlive the task; NULL gives it the parent's name. GR_ENOMEM where memory or the system's limit on stacks is
 * exhausted; GR_ECANCELED in a cancelled coroutine. asyncio.create_task. */
GR_API GR_MUST_USE int gr_spawn_named(gr_co co, gr_task **task, const char *name, gr_task_fn *fn, void *arg);

/* gr_spawn_named() with the function's own name. */
#define gr_spawn(co, task, fn, arg) gr_spawn_named((co), GR_OF_TASK_(task, fn), #fn, (fn), (arg))
#ifdef __cplusplus
#define GR_OF_TASK_(first, fn) (first)
#else
#define GR_OF_TASK_(first, fn) \
    (GR_SAYS_(_Generic((fn), gr_task_fn * : 1, default : 0), \
              #fn " is no task: write int " #fn "(gr_co co, void *arg), or GR_TASK(" #fn ", the type of *arg)") \
         ? NULL \
         : (first))
#endif

/* Waits until `task` has ended, returns what it returned, and frees it (steals `task`). Each task is joined once, by
 * the task that spawned it. On the deadline of `co` or on cancellation the child is cancelled and waited for, and the
 * result is GR_ETIMEDOUT or GR_ECANCELED. `await task`. */
GR_API GR_MUST_USE int gr_join(gr_co co, gr_task *task);

/* Asks a task to end: its present await and every later one return GR_ECANCELED. Does not wait; it still must be
 * joined. A second call, or one on a task that has ended, does nothing. `reason` is what gr_cancel_reason() tells in
 * it: borrowed, and must outlive the task. Task.cancel(msg). */
GR_API void gr_cancel_because(gr_task *task, const char *reason);

/* gr_cancel_because() it is not wanted any more. */
GR_API void gr_cancel(gr_task *task);

/* Why the coroutine was cancelled ("its client left", "its deadline passed", "another task of its scope failed", "its
 * scope ended", "the server stops", or what gr_cancel_because() was told); NULL: it was not. Borrowed. */
GR_API const char *gr_cancel_reason(gr_co co);

/* What a task does now. */
typedef enum gr_task_state {
    GR_TASK_READY = 0,   /* it will run when its turn comes */
    GR_TASK_RUNNING = 1, /* the one that asks, or one that waits for what it does on a loop of its own */
    GR_TASK_WAITING = 2, /* in an await */
    GR_TASK_ENDED = 3    /* and is not joined yet */
} gr_task_state;

/* The state and the name of a task that is not joined yet; the name is borrowed. */
GR_API gr_task_state gr_task_get_state(const gr_task *task);
GR_API const char *gr_task_get_name(const gr_task *task);

/* One member of a gather; its task takes the parent's name. */
typedef struct gr_job {
    gr_task_fn *run;
    void *arg;
} gr_job;

/* Runs n jobs as tasks, started in order, and waits until all have ended. 0 if every one returned 0; else the first
 * result in time that was not 0, upon which the others are cancelled. asyncio.gather, with the scope of a TaskGroup.
 * `jobs` is borrowed for the call. GR_ENOMEM: those that had started were cancelled and waited for. */
GR_API GR_MUST_USE int gr_gather_n(gr_co co, const gr_job *jobs, size_t n);

/* The same, but failures cancel nobody: waits until all have ended, and stores what each returned in results[0 .. n).
 * 0, or GR_ECANCELED, GR_ETIMEDOUT or GR_ENOMEM, upon which the results are those of the ones that had ended,
 * GR_ECANCELED for the others. asyncio.gather(return_exceptions=True). */
GR_API GR_MUST_USE int gr_gather_all_n(gr_co co, const gr_job *jobs, size_t n, int *results);

/* Runs n jobs as tasks until the first has ended, in success or failure; the others are cancelled and waited for.
 * Returns what the first returned, even where a cancellation or the deadline comes before the caller runs again, and
 * stores its place among the jobs in *winner (may be NULL; n where there is none). asyncio.wait(FIRST_COMPLETED). */
GR_API GR_MUST_USE int gr_race_n(gr_co co, const gr_job *jobs, size_t n, size_t *winner);

/* Told of each job that has ended: its place among the jobs, what it returned, and `arg`. Runs in the coroutine that
 * waits, and may await. 0: go on; anything else ends the wait. */
typedef int gr_each_fn(gr_co co, size_t i, int result, void *arg);

/* Runs n jobs as tasks, and calls each(...) as one after the other ends, in that order. 0 after the last one; else what
 * `each` returned, or GR_ECANCELED, GR_ETIMEDOUT or GR_ENOMEM: then the jobs that are left were cancelled and waited
 * for. asyncio.as_completed. */
GR_API GR_MUST_USE int gr_as_completed_n(gr_co co, const gr_job *jobs, size_t n, gr_each_fn *each, void *arg);

#ifndef __cplusplus
/* gr_gather(co, {fn_a, &a}, {fn_b, &b}): gr_gather_n() on a list written in place; gr_gather_all() and gr_race() too.
 */
#define gr_gather(co, ...) \
    gr_gather_n((co), (const gr_job[]){__VA_ARGS__}, sizeof((const gr_job[]){__VA_ARGS__}) / sizeof(gr_job))
#define gr_gather_all(co, results, ...) \
    gr_gather_all_n((co), (const gr_job[]){__VA_ARGS__}, sizeof((const gr_job[]){__VA_ARGS__}) / sizeof(gr_job), \
                    (results))
#define gr_race(co, winner, ...) \
    gr_race_n((co), (const gr_job[]){__VA_ARGS__}, sizeof((const gr_job[]){__VA_ARGS__}) / sizeof(gr_job), (winner))
#endif

/* A scope for any number of tasks, started one by one. In the caller's memory; the members are the framework's own.
 *
 *     gr_group group;
 *     gr_group_open(co, &group);
 *     while ((rc = accept_one(co, &client)) == 0 && (rc = gr_group_spawn(co, &group, serve, client)) == 0)
 *         ;
 *     rc = gr_group_close(co, &group, rc);
 *
 * Every group that was opened is closed by the same coroutine, on every way out: where the function that Griddle called
 * ends with an open group it aborts, naming the coroutine, since the group's tasks would go on using its memory.
 * asyncio.TaskGroup. */
typedef struct gr_group {
    gr_task *owner;         /* who opened it, and waits */
    gr_task *first, *last;  /* its tasks: those that ended and are kept, then the others in the order of their start */
    gr_task *last_ended;    /* of those that are kept */
    size_t running;         /* those that have not ended */
    int result;             /* the first in time that was not 0 */
    int when_ended;         /* what becomes of a task that has ended */
    bool waits;             /* its owner is in an await for it */
    struct gri_pool *holds; /* a thread of it waits for the tasks */
} gr_group;

/* Opens a group that `co` belongs to. */
GR_API void gr_group_open(gr_co co, gr_group *group);

/* Starts fn(arg) in the group: by its owner, or by one of its tasks. The task has the deadline of `co`; once it has
 * ended nothing is kept of it but a result other than 0: the first of these is the group's, and cancels the other tasks
 * at once. `name` as for gr_spawn_named(). GR_ENOMEM; GR_ECANCELED in a cancelled coroutine, or where a task failed, or
 * the group was closed, or cancels its tasks to close. */
GR_API GR_MUST_USE int gr_group_spawn_named(gr_co co, gr_group *group, const char *name, gr_task_fn *fn, void *arg);
#define gr_group_spawn(co, group, fn, arg) gr_group_spawn_named((co), GR_OF_TASK_(group, fn), #fn, (fn), (arg))

/* Ends a group. rc 0: waits until every task has ended; returns the group's result, or GR_ECANCELED or GR_ETIMEDOUT,
 * upon which the tasks were cancelled and waited for. Any other rc is the owner's own failure: the tasks are cancelled
 * and waited for, and rc is returned (the group's result where it has failed itself). */
GR_API GR_MUST_USE int gr_group_close(gr_co co, gr_group *group, int rc);

/* Runs fn(arg) at once in this coroutine, as the scope that is described above: what a library does that calls what its
 * users give it. Returns what fn returned. */
GR_API GR_MUST_USE int gr_call(gr_co co, gr_task_fn *fn, void *arg);

/* Runs fn(arg) at once in this coroutine, without the deadline of `co` and deaf to a cancellation, which the next await
 * after it reports. Runs it even where the coroutine is cancelled already: for what must not be left half-way. Give it
 * a deadline of its own by gr_within(). Returns what fn returned. asyncio.shield. */
GR_API GR_MUST_USE int gr_shield(gr_co co, gr_task_fn *fn, void *arg);

/* Runs fn(arg) at once in this coroutine on another stack, of at least `bytes` bytes (64 MiB at most), which is given
 * back when fn has returned: for code that recurses deeply or has large arrays. Everything else stays as it is: name,
 * deadline, cancellation. Tasks that fn starts have stacks of that size. Returns what fn returned; GR_ENOMEM, where fn
 * did not run because no stack is left, or GR_EINVAL, where none can be so large. */
GR_API GR_MUST_USE int gr_on_stack(gr_co co, size_t bytes, gr_task_fn *fn, void *arg);

/* Calls fn(arg) every `every_ms` milliseconds, the first time after that time, until it returns other than 0, and
 * returns that; GR_ECANCELED or GR_ETIMEDOUT as any await. The times do not drift; where one was missed, because fn
 * took longer, it is left out. */
GR_API GR_MUST_USE int gr_every(gr_co co, int64_t every_ms, gr_task_fn *fn, void *arg);

/* A value that belongs to a task, and to the tasks that it starts from then on: the key is the address of a gr_local,
 * static as a rule. A task that sets one changes nothing for its parent. contextvars.ContextVar. */
typedef struct gr_local {
    const char *name; /* for a debugger */
} gr_local;

/* `value` is borrowed, and must outlive the tasks that can ask for it. GR_ENOMEM. */
GR_API GR_MUST_USE int gr_local_set(gr_co co, const gr_local *key, void *value);

/* NULL: neither this task nor one that it comes from has set it. */
GR_API void *gr_local_get(gr_co co, const gr_local *key);

#ifndef __cplusplus
/* GR_TASK(cook, struct order); after the definition of `int cook(gr_co co, struct order *order)` makes typed ways to
 * start it, so that no pointer passes for another:
 *
 *     gr_job cook_job(struct order *order)                                            for gr_gather() and its like
 *     int cook_spawn(gr_co co, gr_task **task, struct order *order)                   gr_spawn()
 *     int cook_spawn_in(gr_co co, gr_group *group, struct order *order)               gr_group_spawn() */
#define GR_TASK(fn, type) \
    static int fn##_task(gr_co gr_co_, void *gr_arg_) \
    { \
        return fn(gr_co_, gr_arg_); \
    } \
    GR_UNUSED static inline gr_job fn##_job(type *gr_arg_) \
    { \
        return (gr_job){fn##_task, gr_arg_}; \
    } \
    GR_UNUSED GR_MUST_USE static inline int fn##_spawn(gr_co gr_co_, gr_task **gr_task_, type *gr_arg_) \
    { \
        return gr_spawn_named(gr_co_, gr_task_, #fn, fn##_task, gr_arg_); \
    } \
    GR_UNUSED GR_MUST_USE static inline int fn##_spawn_in(gr_co gr_co_, gr_group *gr_group_, type *gr_arg_) \
    { \
        return gr_group_spawn_named(gr_co_, gr_group_, #fn, fn##_task, gr_arg_); \
    } \
    static int fn##_task(gr_co co, void *arg)
#endif

/* Runs fn(arg) as a coroutine on an event loop of its own, with a thread pool, and returns what it returned: awaits in
 * a program, or on a thread, that serves nothing. Waits for fn's children too. A negative code where the loop could not
 * be made. What fn has left behind on a thread of libuv's (griddle/file.h) is given 10 s to come back; then it is named
 * on standard error, and GR_ETIMEDOUT returned: the process should leave by _exit(), since exit() waits for libuv's
 * threads. Aborts where all of its coroutines wait and nothing is left that could wake one, naming what they wait for.
 * Any thread that runs no coroutine: in one it aborts. Descriptors 0 to 2 are open, as for gr_server_start().
 * asyncio.run. */
GR_API GR_MUST_USE int gr_run(gr_task_fn *fn, void *arg);

GR_END_DECLS

#endif
