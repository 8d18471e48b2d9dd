#include "co/call.h"
#include "serve/failure.h"

/* How long one async teardown may take. */
enum { TEARDOWN_MS = 5000 };

static bool is_early(const struct gri_deferred *deferred)
{
    return deferred->early_blocking || deferred->early_async;
}

static int defer(gr_req *req, struct gri_deferred deferred)
{
    gri_req_check(req);
    gri_req_check_lasts(req, deferred.arg,
                        is_early(&deferred) ? "the arg of gr_defer_early()" : "the arg of gr_defer()");
    if (is_early(&deferred) && req->is_replied)
        return GR_EINVAL;
    struct gri_records *records = gri_records_of(req);
    struct gri_deferred **first = is_early(&deferred) ? &records->early : &records->deferred;
    struct gri_deferred *place = gri_arena_alloc(&req->x.arena, sizeof *place);
    if (!place)
        return GR_ENOMEM;
    *place = deferred;
    place->running = req->running;
    place->next = *first;
    *first = place;
    return 0;
}

/* --- one of them --- */

struct teardown {
    gr_req *req;
    const struct gri_deferred *deferred;
    gr_outcome outcome;
    int rc;
    bool ran;
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
    const struct gri_deferred *deferred = self->deferred;
    co = gr_within(co, TEARDOWN_MS);
    if (deferred->early_async)
        return deferred->early_async(co, self->req, deferred->arg, self->outcome);
    deferred->async(co, self->req, deferred->arg, self->outcome);
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

/* An async one needs a coroutine: this one, or that which waits for this pool thread. */
static int run_from_anywhere(struct teardown *self)
{
    return gri_running() ? run_at_once((gr_co){gri_running(), 0}, self) : gri_job_ask(run_at_once, self);
}

static int defer_run_blocking(void *arg)
{
    struct teardown *self = arg;
    const struct gri_deferred *deferred = self->deferred;
    self->ran = true;
    if (deferred->early_blocking)
        self->rc = deferred->early_blocking(self->req, deferred->arg, self->outcome);
    else
        deferred->blocking(self->req, deferred->arg, self->outcome);
    return 0;
}

static int defer_run_on_pool(gr_co co, struct teardown *self)
{
    (void)gri_req_lend(co, self->req, defer_run_blocking, self);
    if (!self->ran) /* not even one thread could be started: late is worse than on the loop */
        defer_run_blocking(self);
    return self->rc;
}

static int defer_run_one(gr_co co, struct teardown *self)
{
    struct gri_running *around = self->req->running;
    self->req->running = self->deferred->running;
    int rc = self->deferred->kind == GR_ASYNC ? defer_run_on_loop(co, self) : defer_run_on_pool(co, self);
    self->req->running = around;
    return rc;
}

/* --- recording --- */

/* What could not be recorded runs at once. */
static int record(gr_req *req, struct gri_deferred deferred)
{
    struct teardown self = {.req = req, .deferred = &deferred, .outcome = GR_ABANDONED};
    int rc = defer(req, deferred);
    if (rc)
        (void)(deferred.kind == GR_ASYNC ? run_from_anywhere(&self) : defer_run_blocking(&self));
    return rc;
}

int gr_defer_blocking(gr_req *req, gr_teardown_fn *fn, void *arg)
{
    return record(req, (struct gri_deferred){.kind = GR_BLOCKING, .blocking = fn, .arg = arg});
}

int gr_defer_async(gr_req *req, gr_async_teardown_fn *fn, void *arg)
{
    return record(req, (struct gri_deferred){.kind = GR_ASYNC, .async = fn, .arg = arg});
}

int gr_defer_early_blocking(gr_req *req, gr_early_fn *fn, void *arg)
{
    return record(req, (struct gri_deferred){.kind = GR_BLOCKING, .early_blocking = fn, .arg = arg});
}

int gr_defer_early_async(gr_req *req, gr_async_early_fn *fn, void *arg)
{
    return record(req, (struct gri_deferred){.kind = GR_ASYNC, .early_async = fn, .arg = arg});
}

/* --- when the request has ended --- */

static const struct gri_deferred *defer_take_first(struct gri_deferred **list)
{
    const struct gri_deferred *first = *list;
    *list = first->next;
    return first;
}

static int run_all(gr_co co, void *arg)
{
    const struct teardown *all = arg;
    gr_req *req = all->req;
    while (req->records.deferred) {
        struct teardown self = {.req = req, .outcome = all->outcome};
        self.deferred = defer_take_first(&req->records.deferred);
        (void)defer_run_one(co, &self);
    }
    return 0;
}

void gri_deferred_run(gr_co co, gr_req *req, gr_outcome outcome)
{
    struct teardown self = {.req = req, .outcome = outcome};
    req->tears_down = true;
    (void)shielded_teardown(co, req, run_all, &self);
}

/* --- when it has a reply --- */

struct early_run {
    gr_req *req;
    gr_reply reply;
    struct gri_running *failing; /* whose teardown it was that the reply tells of, which is to be answered; or NULL */
};

static bool is_wanted(const struct early_run *run)
{
    return !run->reply.impl->none && !__atomic_load_n(&run->req->x.task->unwanted, __ATOMIC_RELAXED);
}

static gr_outcome outcome_of(const struct early_run *run)
{
    if (!is_wanted(run))
        return GR_ABANDONED;
    return run->reply.impl->response.status < 400 && !run->req->failed_early ? GR_ANSWERED : GR_FAILED;
}

static struct teardown next_early(const struct early_run *run)
{
    struct teardown self = {.req = run->req, .outcome = outcome_of(run)};
    self.deferred = defer_take_first(&run->req->records.early);
    return self;
}

/* By what the application whose teardown failed says of that, or (rc 0) answers. */
static void replace_early(struct early_run *run, struct gri_running *of, int rc)
{
    struct gri_running *around = run->req->running;
    run->req->running = of;
    run->reply = rc ? gr_failed(run->req, rc) : gri_error_answer(run->req, run->reply);
    run->req->running = around;
}

/* Else what failed last is answered, which may record another. */
static bool has_early(struct early_run *run)
{
    struct gri_running *failing = run->failing;
    if (!run->req->records.early && failing && run->reply.impl->raised) {
        run->failing = NULL;
        replace_early(run, failing, 0);
    }
    return run->req->records.early;
}

static void note_early(struct early_run *run, struct gri_running *of, int rc)
{
    if (rc == 0)
        return;
    run->req->failed_early = true;
    if (is_wanted(run)) {
        run->failing = of;
        replace_early(run, of, rc);
    } else
        gri_log(run->req->running->program.log, GRI_LOG_ERROR,
                "operation \"%s\": an early teardown failed, and nobody waits for a reply: %d (%s)", run->req->name, rc,
                gr_strerror(rc));
}

static int run_early(gr_co co, void *arg)
{
    struct early_run *run = arg;
    while (has_early(run)) {
        struct teardown self = next_early(run);
        note_early(run, self.deferred->running, defer_run_one(co, &self));
    }
    return 0;
}

gr_reply gri_early_run(gr_co co, gr_req *req, gr_reply reply)
{
    struct early_run run = {req, reply, NULL};
    (void)shielded_teardown(co, req, run_early, &run);
    return run.reply;
}

static int run_early_here(struct teardown *self)
{
    struct gri_running *around = self->req->running;
    self->req->running = self->deferred->running;
    int rc = self->deferred->kind == GR_ASYNC ? run_from_anywhere(self) : (defer_run_blocking(self), self->rc);
    self->req->running = around;
    return rc;
}

gr_reply gri_early_run_on_thread(gr_req *req, gr_reply reply)
{
    struct early_run run = {req, reply, NULL};
    while (has_early(&run)) {
        struct teardown self = next_early(&run);
        note_early(&run, self.deferred->running, run_early_here(&self));
    }
    return run.reply;
}
