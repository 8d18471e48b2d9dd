#include "app/req.h"

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

/* The one that could not be recorded has to wait in a coroutine; on a pool thread there is none, but the request's will
 * come: its own reserved place holds it. */
int gr_defer_async(gr_req *req, gr_async_teardown_fn *fn, void *arg)
{
    int rc = defer(req, (struct gri_deferred){.kind = GR_ASYNC, .async = fn, .arg = arg});
    if (rc == 0)
        return 0;
    if (gri_running() == req->x.task)
        fn((gr_co){req->x.task, 0}, req, arg, GR_ABANDONED);
    else
        req->stranded = (struct gri_deferred){.next = req->deferred, .kind = GR_ASYNC, .async = fn, .arg = arg},
        req->deferred = &req->stranded;
    return rc;
}

struct teardown {
    gr_req *req;
    const struct gri_deferred *deferred;
    gr_outcome outcome;
};

static int run_blocking(void *arg)
{
    struct teardown *self = arg;
    self->req->owner = pthread_self();
    self->deferred->blocking(self->req, self->deferred->arg, self->outcome);
    return 0;
}

static void run_one(gr_co co, struct teardown *self)
{
    gr_req *req = self->req;
    if (self->deferred->kind == GR_ASYNC) {
        self->deferred->async(gr_within(co, TEARDOWN_MS), req, self->deferred->arg, self->outcome);
        return;
    }
    int rc = gri_offload_to(co, req->running->reserved, run_blocking, self);
    req->owner = pthread_self();
    if (rc) /* not even one thread could be started: late is worse than on the loop */
        self->deferred->blocking(req, self->deferred->arg, self->outcome);
}

void gri_deferred_run(gr_co co, gr_req *req, gr_outcome outcome)
{
    bool before = co.task->shielded;
    co = (gr_co){co.task, 0};
    gri_task_shield(co.task, true);
    while (req->deferred) {
        struct teardown self = {req, req->deferred, outcome};
        req->deferred = req->deferred->next;
        run_one(co, &self);
    }
    gri_task_shield(co.task, before);
}
