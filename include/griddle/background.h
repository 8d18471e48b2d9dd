/* Griddle: background tasks: work that a reply does not wait for. */
#ifndef GRIDDLE_BACKGROUND_H
#define GRIDDLE_BACKGROUND_H

#include <griddle/app.h>
#include <griddle/task.h>

GR_BEGIN_DECLS

/* A background task of a request. 0, or a failure, which is logged with the task's and the operation's name. `req` may
 * be asked for all that the handler could ask; a reply cannot be made any more. */
typedef int gr_after_fn(gr_req *req, void *arg);
typedef int gr_async_after_fn(gr_co co, gr_req *req, void *arg);

/* Runs fn(req, arg) after the last byte of the reply was sent, before the teardowns: in the order in which they were
 * recorded, one after the other, an async one on the loop, a blocking one on a thread of the pool (for which it waits
 * where none is to be had). They are detached from the connection, which serves its next request meanwhile, and run too
 * where the client has left; not where there is no reply, or one that gr_failed() made. A stop of the server waits for
 * them until its deadline, which cancels them (what has not begun is dropped, and logged). No operation's deadline
 * holds for them. GR_ENOMEM; GR_EINVAL in a teardown, which is too late. The
 * request's owner. FastAPI's BackgroundTasks.add_task.
 *
 * `name` and `arg` are borrowed until fn has run: they are the request's own (gr_printf(), gr_alloc()), or live longer.
 * One in a frame of the handler, of a middleware, or of a task of these, is gone by then: that aborts, saying so. */
GR_API GR_MUST_USE int gr_after_blocking(gr_req *req, const char *name, gr_after_fn *fn, void *arg);
GR_API GR_MUST_USE int gr_after_async(gr_req *req, const char *name, gr_async_after_fn *fn, void *arg);

#ifndef __cplusplus
/* As in mistake.h: what is wrong is reported at the line that used a macro. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* gr_after(req, fn, arg): async or blocking by fn's type, under fn's name. */
#define gr_after(req, fn, arg) \
    GR_BY_TYPE_(fn, gr_after_fn, gr_after_blocking, gr_async_after_fn, gr_after_async) \
    (GR_ONE_OF_(req, fn, gr_after_fn, gr_async_after_fn, \
                #fn " is no background task: write int " #fn "(gr_req *req, void *arg), or the same with " \
                    "gr_co co first"), \
     #fn, (fn), (arg))
#endif

/* Adds a coroutine of the application itself: a poller, a queue's consumer, a portal (griddle/thread.h). fn(arg) starts
 * on the loop after the start hooks and before the first connection; when the server stops and the last request has
 * ended it is cancelled (the reason is "the server stops"), and the stop hooks wait for its end. One that ends
 * early with other than 0 is logged as an error; the server goes on. `name` and `arg` are borrowed until the server has
 * stopped: main()'s frame does. GR_ENOMEM, GR_EINVAL (fn is NULL), also reported at start. */
GR_API int gr_app_add_task(gr_app *app, const char *name, gr_task_fn *fn, void *arg);

GR_END_DECLS

#endif
