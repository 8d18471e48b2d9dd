#include "serve/req.h"

/* How long one async teardown may take. */
enum { TEARDOWN_MS = 5000 };

static int defer(gr_req *req, struct gri_deferred deferred)
{
    gri_req_check(req);
    struct gri_deferred *place = gri_arena_alloc(&req->x.arena, sizeof *place);
    if (!place)
        return GR_ENOMEM;
    *place = deferred;
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

/* In the coroutine of `co`, whatever has become of that. */
static int run_async(gr_co co, void *arg)
{
    struct teardown *self = arg;
    bool before = co.task->shielded;
    pthread_t owner = self->req->owner;
    self->req->owner = pthread_self();
    gri_task_shield(co.task, true);
    self->deferred->async(gr_within((gr_co){co.task, 0}, TEARDOWN_MS), self->req, self->deferred->arg, self->outcome);
    gri_task_shield(co.task, before);
    self->req->owner = owner;
    return 0;
}

/* The one that could not be recorded needs a coroutine: this one, or that which waits for this pool thread. */
int gr_defer_async(gr_req *req, gr_async_teardown_fn *fn, void *arg)
{
    struct gri_deferred deferred = {.kind = GR_ASYNC, .async = fn, .arg = arg};
    struct teardown self = {req, &deferred, GR_ABANDONED};
    int rc = defer(req, deferred);
    if (rc && gri_running())
        run_async((gr_co){gri_running(), 0}, &self);
    else if (rc)
        gri_job_ask(run_async, &self);
    return rc;
}

static int defer_run_blocking(void *arg)
{
    struct teardown *self = arg;
    self->req->owner = pthread_self();
    self->deferred->blocking(self->req, self->deferred->arg, self->outcome);
    return 0;
}

static void defer_run_one(gr_co co, struct teardown *self)
{
    gr_req *req = self->req;
    if (self->deferred->kind == GR_ASYNC) {
        run_async(co, self);
        return;
    }
    int rc = gri_offload_to(co, req->running->reserved, defer_run_blocking, self);
    req->owner = pthread_self();
    if (rc) /* not even one thread could be started: late is worse than on the loop */
        self->deferred->blocking(req, self->deferred->arg, self->outcome);
}

void gri_deferred_run(gr_co co, gr_req *req, gr_outcome outcome)
{
    bool before = co.task->shielded;
    co = (gr_co){co.task, 0};
    req->tears_down = true;
    gri_task_shield(co.task, true);
    while (req->deferred) {
        struct teardown self = {req, req->deferred, outcome};
        req->deferred = req->deferred->next;
        defer_run_one(co, &self);
    }
    gri_task_shield(co.task, before);
}
