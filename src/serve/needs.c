#include "serve/needs.h"

#include <string.h>

#include "co/call.h"

/* --- one step --- */

static void feed_need(const struct gri_needing *n, const struct gri_feed *f, const struct gri_need *owner, char *in)
{
    const char *value = n->block + n->plan->at[f->step].value_at;
    const void *from = f->pointer ? (const void *)&value : value;
    size_t size = f->pointer ? sizeof value : f->size;
    if (f->type == GR_TYPE_ARGUMENT) {
        from = &owner->argument;
        size = sizeof owner->argument;
    } else if (f->type == GR_TYPE_SCOPES) {
        from = &owner->scopes;
        size = sizeof owner->scopes;
    }
    if (size)
        memcpy(in + f->offset, from, size);
}

static void *input_at(const struct gri_needing *n, unsigned step)
{
    const struct gri_need *need = &n->plan->at[step];
    char *in = n->block + need->input_at;
    for (unsigned i = 0; i < need->feeds.n; i++)
        feed_need(n, &need->feeds.at[i], need, in);
    return need->intake.input ? in : NULL;
}

static void *value_at(const struct gri_needing *n, unsigned step)
{
    const struct gri_need *need = &n->plan->at[step];
    return need->runs.value_size ? n->block + need->value_at : NULL;
}

bool gri_need_can_run(const struct gri_needing *n, unsigned step)
{
    const struct gri_feeds *feeds = &n->plan->at[step].feeds;
    if (n->states[step] != GRI_NEED_READY)
        return false;
    for (unsigned i = 0; i < feeds->n; i++)
        if (feeds->at[i].type == GR_TYPE_NEED && n->states[feeds->at[i].step] != GRI_NEED_RAN)
            return false;
    return true;
}

struct need_call {
    struct gri_needing *n;
    unsigned step;
};

static int call_user_dependency(gr_co co, void *arg)
{
    const struct need_call *call = arg;
    const struct gri_needing *n = call->n;
    return n->plan->at[call->step].runs.call(co, n->req, input_at(n, call->step), value_at(n, call->step));
}

int gri_need_call(gr_co co, struct gri_needing *n, unsigned step)
{
    struct need_call call = {n, step};
    int rc = gri_call(co, call_user_dependency, &call);
    if (rc == 0)
        n->states[step] = GRI_NEED_RAN;
    return rc;
}

static int call_blocking_dependency(const struct gri_needing *n, unsigned step)
{
    GRI_EXCEPTIONS_END_HERE();
    return n->plan->at[step].runs.call((gr_co){0}, n->req, input_at(n, step), value_at(n, step));
}

/* --- several --- */

static int run_blocking(struct gri_needing *n, unsigned to)
{
    int rc = 0;
    for (; n->next < to && rc == 0; n->next++) {
        if (!gri_need_can_run(n, n->next))
            continue;
        rc = call_blocking_dependency(n, n->next);
        if (rc == 0)
            n->states[n->next] = GRI_NEED_RAN;
    }
    return rc;
}

struct need_trip {
    struct gri_needing *n;
    unsigned to;
};

static int run_trip(void *arg)
{
    const struct need_trip *trip = arg;
    return run_blocking(trip->n, trip->to);
}

/* Those that block from here on. */
static unsigned end_of_blocking(const struct gri_needing *n, unsigned to)
{
    unsigned at = n->next;
    while (at < to && n->plan->at[at].runs.kind == GR_BLOCKING)
        at++;
    return at;
}

/* Those that cannot run are not worth a trip. */
static void skip_barred(struct gri_needing *n, unsigned to)
{
    while (n->next < to && !gri_need_can_run(n, n->next))
        n->next++;
}

static int needs_run_on_loop(gr_co co, struct gri_needing *n)
{
    unsigned step = n->next, side = n->plan->at[step].side;
    n->next += side;
    if (side > 1)
        return gri_needs_overlap(co, n, step);
    return gri_need_can_run(n, step) ? gri_need_call(co, n, step) : 0;
}

/* Those before `to`. */
static int run_until(gr_co co, struct gri_needing *n, unsigned to)
{
    int rc = 0;
    while (rc == 0 && n->next < to) {
        struct need_trip trip = {n, end_of_blocking(n, to)};
        if (trip.to > n->next)
            skip_barred(n, trip.to);
        if (trip.to > n->next)
            rc = gri_req_lend(co, n->req, run_trip, &trip);
        else if (n->next < to && n->plan->at[n->next].runs.kind == GR_ASYNC)
            rc = needs_run_on_loop(co, n);
    }
    return rc;
}

/* --- the whole --- */

/* Where the handler runs on a thread, those that block right before it run there too. */
static unsigned end_on_loop(const struct gri_needing *n)
{
    unsigned end = n->plan->n;
    if (n->req->op->route->kind == GR_BLOCKING && !n->is_wrong)
        while (end > n->next && n->plan->at[end - 1].runs.kind == GR_BLOCKING)
            end--;
    return end;
}

static bool has_body_to_read(const gr_req *req)
{
    return !req->x.codec.complete && !req->op->route->options.stream_body;
}

static void init_states(struct gri_needing *n)
{
    memset(n->block, 0, n->plan->block_size);
    n->states = (unsigned char *)n->block + n->plan->states_at;
    memset(n->states, GRI_NEED_READY, n->plan->n + 1);
}

static GRI_COLD int needs_refuse(struct gri_needing *n)
{
    return gri_invalid_record(n->req, &n->invalid);
}

int gri_needs_begin(gr_co co, struct gri_needing *n, gr_req *req)
{
    const struct gri_needs *plan = req->op->needs;
    *n = (struct gri_needing){.req = req, .plan = plan};
    n->block = gri_arena_alloc(&req->x.arena, plan->block_size);
    if (!n->block)
        return GR_ENOMEM;
    init_states(n);
    if (!plan->n_before_body || !has_body_to_read(req))
        return 0;
    int rc = gri_needs_bind(co, n, 0, plan->n_before_body);
    rc = rc ? rc : run_until(co, n, plan->n_before_body);
    if (rc == 0 && n->is_wrong)
        return needs_refuse(n);
    gri_invalid_drop(&n->invalid);
    return rc;
}

static void feed_handler(const struct gri_needing *n)
{
    for (unsigned i = 0; i < n->plan->feeds.n; i++)
        feed_need(n, &n->plan->feeds.at[i], NULL, n->block + n->plan->input_at);
}

int gri_needs_go_on(gr_co co, struct gri_needing *n)
{
    int rc = gri_needs_bind(co, n, n->next, n->plan->n + 1);
    rc = rc ? rc : run_until(co, n, end_on_loop(n));
    if (rc == 0 && n->is_wrong)
        return needs_refuse(n);
    gri_invalid_drop(&n->invalid);
    if (rc == 0 && n->next == n->plan->n)
        feed_handler(n);
    return rc;
}

int gri_needs_finish(struct gri_needing *n)
{
    bool is_fed = n->next == n->plan->n;
    int rc = run_blocking(n, n->plan->n);
    if (rc == 0 && !is_fed)
        feed_handler(n);
    return rc;
}

const void *gri_needs_input(const struct gri_needing *n)
{
    return n->req->op->intake.input ? n->block + n->plan->input_at : NULL;
}
