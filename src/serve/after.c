#include "co/call.h"
#include "serve/req.h"

/* How long a blocking task waits before it asks a full pool again. */
enum { AGAIN_MS = 10 };

static int after_record(gr_req *req, struct gri_after after)
{
    gri_req_check(req);
    gri_req_check_lasts(req, after.arg, "the arg of gr_after()");
    gri_req_check_lasts(req, after.name, "the name of gr_after()");
    if (req->tears_down)
        return GR_EINVAL;
    struct gri_after *place = gri_arena_alloc(&req->x.arena, sizeof *place);
    if (!place)
        return GR_ENOMEM;
    *place = after;
    place->running = req->running;
    *(req->last_after ? &req->last_after->next : &req->after) = place;
    req->last_after = place;
    return 0;
}

int gr_after_blocking(gr_req *req, const char *name, gr_after_fn *fn, void *arg)
{
    return after_record(req, (struct gri_after){.kind = GR_BLOCKING, .name = name, .blocking = fn, .arg = arg});
}

int gr_after_async(gr_req *req, const char *name, gr_async_after_fn *fn, void *arg)
{
    return after_record(req, (struct gri_after){.kind = GR_ASYNC, .name = name, .async = fn, .arg = arg});
}

struct after_call {
    gr_req *req;
    const struct gri_after *after;
    bool ran;
};

static int after_run_blocking(void *arg)
{
    struct after_call *call = arg;
    call->ran = true;
    return call->after->blocking(call->req, call->after->arg);
}

static int after_run_on_pool(gr_co co, gr_req *req, const struct gri_after *after)
{
    struct after_call call = {req, after, false};
    int rc = gri_req_lend(co, req, after_run_blocking, &call);
    while (rc == GR_EBUSY && !call.ran) {
        rc = gr_sleep(co, AGAIN_MS);
        rc = rc < 0 ? rc : gri_req_lend(co, req, after_run_blocking, &call);
    }
    return rc;
}

static int call_user_after(gr_co co, void *arg)
{
    struct after_call *call = arg;
    return call->after->async(co, call->req, call->after->arg);
}

static int after_run_on_loop(gr_co co, gr_req *req, const struct gri_after *after)
{
    struct after_call call = {req, after, false};
    return gri_call(co, call_user_after, &call);
}

static void after_run_one(gr_co co, gr_req *req, const struct gri_after *after)
{
    int rc = after->kind == GR_ASYNC ? after_run_on_loop(co, req, after) : after_run_on_pool(co, req, after);
    if (rc)
        gri_log(req->running->program.log, GRI_LOG_ERROR, "operation \"%s\": background task \"%s\" failed: %d (%s)",
                req->name, after->name, rc, gr_strerror(rc));
}

/* A client that left cancelled the handler, which has ended; the server's stop means these too. */
void gri_after_run(gr_co co, gr_req *req)
{
    co = (gr_co){co.task, 0};
    if (!req->x.http->aborted)
        gri_task_forgive(co.task);
    for (const struct gri_after *after = req->after; after; after = after->next) {
        req->running = after->running;
        if (co.task->cancelled)
            gri_log(req->running->program.log, GRI_LOG_ERROR,
                    "operation \"%s\": background task \"%s\" dropped: the server stops", req->name, after->name);
        else
            after_run_one(co, req, after);
    }
}
