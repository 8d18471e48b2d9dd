#include "co/call.h"
#include "serve/req.h"

/* How long one async teardown may take. */
enum { TEARDOWN_MS = 5000 };

static int defer(gr_req *req, struct gri_deferred deferred)
{
    gri_req_check(req);
    gri_req_check_lasts(req, deferred.arg, "the arg of gr_defer()");
    struct gri_deferred *place = gri_arena_alloc(&req->x.arena, sizeof *place);
    if (!place)
        return GR_ENOMEM;
    *place = deferred;
    place->running = req->running;
    place->next = req->deferred;
    req->deferred = place;
    return 0;
}

int gr_defer_blocking(gr_req *req, gr_teardown_fn *fn, void *arg)
{
    int rc = defer(req, (struct gri_deferred){.kind = GR_BLOCKING, .blocking = fn, .arg = arg});
    if (rc)
        fn(req, arg, GR_ABANDONED);
    return rc;
}

struct teardown {
    gr_req *req;
    const struct gri_deferred *deferred;
    gr_outcome outcome;
};

/* In the coroutine of `co`, whatever has become of that. What a teardown waits for must not stand in a queue behind
 * those that wait for the teardown: its jobs go to threads that run no handler. */
static int shielded_teardown(gr_co co, gr_req *req, gr_task_fn *fn, void *arg)
{
    struct gri_pool *before = co.task->pool;
    co.task->pool = req->running->reserved;
    int rc = gr_shield(co, fn, arg);
    co.task->pool = before;
    return rc;
}

static int call_user_teardown(gr_co co, void *arg)
{
    const struct teardown *self = arg;
    self->deferred->async(gr_within(co, TEARDOWN_MS), self->req, self->deferred->arg, self->outcome);
    return 0;
}

static int defer_run_on_loop(gr_co co, void *arg)
{
    return gri_call(co, call_user_teardown, arg);
}

static int run_at_once(gr_co co, void *arg)
{
    struct teardown *self = arg;
    const void *owner = self->req->owner;
    gri_req_set_owner(self->req, gri_this_thread());
    int rc = shielded_teardown(co, self->req, defer_run_on_loop, self);
    gri_req_set_owner(self->req, owner);
    return rc;
}

/* The one that could not be recorded needs a coroutine: this one, or that which waits for this pool thread. */
int gr_defer_async(gr_req *req, gr_async_teardown_fn *fn, void *arg)
{
    struct gri_deferred deferred = {.kind = GR_ASYNC, .async = fn, .arg = arg};
    struct teardown self = {req, &deferred, GR_ABANDONED};
    int rc = defer(req, deferred);
    if (rc && gri_running())
        run_at_once((gr_co){gri_running(), 0}, &self);
    else if (rc)
        gri_job_ask(run_at_once, &self);
    return rc;
}

static int defer_run_blocking(void *arg)
{
    struct teardown *self = arg;
    self->deferred->blocking(self->req, self->deferred->arg, self->outcome);
    return 0;
}

static int defer_run_on_pool(gr_co co, struct teardown *self)
{
    int rc = gri_req_lend(co, self->req, defer_run_blocking, self);
    if (rc) /* not even one thread could be started: late is worse than on the loop */
        self->deferred->blocking(self->req, self->deferred->arg, self->outcome);
    return 0;
}

static int run_all(gr_co co, void *arg)
{
    struct teardown *self = arg;
    gr_req *req = self->req;
    while (req->deferred) {
        self->deferred = req->deferred;
        req->deferred = req->deferred->next;
        req->running = self->deferred->running;
        (void)(self->deferred->kind == GR_ASYNC ? defer_run_on_loop(co, self) : defer_run_on_pool(co, self));
    }
    return 0;
}

void gri_deferred_run(gr_co co, gr_req *req, gr_outcome outcome)
{
    struct teardown self = {.req = req, .outcome = outcome};
    req->tears_down = true;
    (void)shielded_teardown(co, req, run_all, &self);
}
