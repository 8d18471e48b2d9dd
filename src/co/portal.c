#include <griddle/thread.h>
#include <stdlib.h>

#include "co/call.h"
#include "co/misuse.h"
#include "co/pool.h"

/* In the frame of the thread that waits for it. */
struct portal_call {
    struct portal_call *next;
    gr_portal *portal;
    gr_task_fn *fn;
    void *arg;
    struct gri_pool *holds; /* the pool that the thread belongs to, or NULL */
    int result;
    uv_sem_t done;
};

struct gr_portal {
    gr_group tasks;
    gr_co co;
    uv_async_t async;
    uv_thread_t loop_thread;

    uv_mutex_t lock; /* of all below */
    struct portal_call *first, **last;
    bool closing;
};

static void end_call(struct portal_call *call, int result)
{
    call->result = result;
    uv_sem_post(&call->done);
}

static int run_call(gr_co co, void *arg)
{
    struct portal_call *call = arg;
    end_call(call, gri_call(co, call->fn, call->arg));
    return 0;
}

static struct portal_call *take_calls(gr_portal *portal, bool for_good)
{
    uv_mutex_lock(&portal->lock);
    struct portal_call *first = portal->first;
    portal->first = NULL;
    portal->last = &portal->first;
    portal->closing |= for_good;
    uv_mutex_unlock(&portal->lock);
    return first;
}

static void start_call(gr_portal *portal, struct portal_call *call)
{
    portal->tasks.holds = call->holds;
    if (!gri_scope_start(portal->co, &portal->tasks, "portal", run_call, call))
        end_call(call, GR_ENOMEM);
}

static void on_portal_async(uv_async_t *async)
{
    gr_portal *portal = async->data;
    struct portal_call *next;
    for (struct portal_call *call = take_calls(portal, false); call; call = next) {
        next = call->next;
        start_call(portal, call);
    }
    gri_sched_drain(portal->co.task->sched);
}

int gr_portal_open(gr_co co, gr_portal **out)
{
    gri_check_co(co);
    gr_portal *portal = calloc(1, sizeof *portal);
    int rc = portal ? uv_mutex_init(&portal->lock) : GR_ENOMEM;
    if (rc < 0)
        goto fail;
    rc = uv_async_init(co.task->sched->loop, &portal->async, on_portal_async);
    if (rc < 0)
        goto fail_lock;
    portal->async.data = portal;
    portal->last = &portal->first;
    portal->co = (gr_co){co.task, 0};
    portal->tasks = gri_scope_of(co.task, GRI_FREE);
    portal->loop_thread = uv_thread_self();
    co.task->open_portals++;
    *out = portal;
    return 0;
fail_lock:
    uv_mutex_destroy(&portal->lock);
fail:
    free(portal);
    return rc;
}

static void on_portal_closed(uv_handle_t *handle)
{
    gr_portal *portal = handle->data;
    uv_mutex_destroy(&portal->lock);
    free(portal);
}

void gr_portal_close(gr_co co, gr_portal *portal)
{
    if (!portal)
        return;
    gri_check_co(co);
    if (co.task != portal->co.task)
        gri_misuse("\"%s\" closes a portal of \"%s\": it is closed by the coroutine that opened it", co.task->name,
                   portal->co.task->name);
    struct portal_call *next;
    for (struct portal_call *call = take_calls(portal, true); call; call = next) {
        next = call->next;
        end_call(call, GR_ECANCELED);
    }
    gri_scope_close(co, &portal->tasks, "portal");
    co.task->open_portals--;
    uv_close((uv_handle_t *)&portal->async, on_portal_closed); /* waits for nobody, so nobody waits for it */
}

static bool portal_enqueue(gr_portal *portal, struct portal_call *call)
{
    uv_mutex_lock(&portal->lock);
    bool open = !portal->closing;
    if (open) {
        *portal->last = call;
        portal->last = &call->next;
        uv_async_send(&portal->async); /* under the lock: once that is free the portal may go */
    }
    uv_mutex_unlock(&portal->lock);
    return open;
}

int gr_call_on_loop(gr_portal *portal, gr_task_fn *fn, void *arg)
{
    if (!portal)
        return gri_job_ask(fn, arg);
    uv_thread_t self = uv_thread_self();
    if (uv_thread_equal(&self, &portal->loop_thread))
        gri_misuse("gr_call_on_loop() was called on the loop's own thread, which would wait for itself: await there");
    struct portal_call call = {.portal = portal, .fn = fn, .arg = arg, .holds = gri_pool_of_this_thread()};
    int rc = uv_sem_init(&call.done, 0);
    if (rc < 0)
        return rc;
    if (portal_enqueue(portal, &call))
        uv_sem_wait(&call.done);
    else
        call.result = GR_ECANCELED;
    uv_sem_destroy(&call.done);
    return call.result;
}
