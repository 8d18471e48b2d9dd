#include "serve/needs.h"

#include <string.h>

#include "co/call.h"

/* --- one step --- */

static inline void feed_need(char *block, const struct gri_feed *f)
{
    char *to = block + f->to, *from = block + f->from;
    if (f->how == GRI_FEED_POINTER)
        memcpy(to, &from, sizeof from);
    else if (f->how == GRI_FEED_4)
        memcpy(to, from, 4);
    else if (f->how == GRI_FEED_8)
        memcpy(to, from, 8);
    else
        memcpy(to, f->how == GRI_FEED_GIVEN ? f->given : from, f->size);
}

static inline void feed_all(char *block, const struct gri_feeds *feeds)
{
    for (const struct gri_feed *f = feeds->at, *end = f + feeds->n; f < end; f++)
        feed_need(block, f);
}

static inline const void *input_of_need(const struct gri_needing *n, const struct gri_need *need)
{
    feed_all(n->block, &need->feeds);
    return need->intake.input ? n->block + need->input_at : NULL;
}

static inline void *value_of_need(const struct gri_needing *n, const struct gri_need *need)
{
    return need->runs.value_size ? n->block + need->value_at : NULL;
}

bool gri_need_is_barred(const struct gri_needing *n, unsigned step)
{
    const struct gri_feeds *feeds = &n->plan->at[step].feeds;
    if (n->states[step] != GRI_NEED_READY)
        return true;
    for (unsigned i = 0; i < feeds->n; i++)
        if (feeds->at[i].type == GR_TYPE_NEED && n->states[feeds->at[i].step] != GRI_NEED_RAN)
            return true;
    return false;
}

struct need_call {
    gr_depend_fn *fn;
    gr_req *req;
    const void *in;
    void *value;
};

static int call_user_dependency(gr_co co, void *arg)
{
    const struct need_call *call = arg;
    return call->fn(co, call->req, call->in, call->value);
}

static inline int call_on_loop(gr_co co, struct gri_needing *n, const struct gri_need *need, unsigned step)
{
    struct need_call call = {need->runs.call, n->req, input_of_need(n, need), value_of_need(n, need)};
    int rc = gri_call(co, call_user_dependency, &call);
    if (rc == 0)
        n->states[step] = GRI_NEED_RAN;
    return rc;
}

int gri_need_call(gr_co co, struct gri_needing *n, unsigned step)
{
    return call_on_loop(co, n, &n->plan->at[step], step);
}

static int call_blocking_dependency(struct gri_needing *n, unsigned step)
{
    GRI_EXCEPTIONS_END_HERE();
    const struct gri_need *need = &n->plan->at[step];
    int rc = need->runs.call((gr_co){0}, n->req, input_of_need(n, need), value_of_need(n, need));
    if (rc == 0)
        n->states[step] = GRI_NEED_RAN;
    return rc;
}

/* --- several --- */

static int run_blocking(struct gri_needing *n, unsigned to)
{
    int rc = 0;
    for (; n->next < to && rc == 0; n->next++)
        if (gri_need_can_run(n, n->next))
            rc = call_blocking_dependency(n, n->next);
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
static int run_on_thread(gr_co co, struct gri_needing *n, unsigned to)
{
    struct need_trip trip = {n, end_of_blocking(n, to)};
    while (n->next < trip.to && !gri_need_can_run(n, n->next))
        n->next++;
    return n->next < trip.to ? gri_req_lend(co, n->req, run_trip, &trip) : 0;
}

/* Those before `to`. */
static int run_until(gr_co co, struct gri_needing *n, unsigned to)
{
    const struct gri_need *all = n->plan->at;
    int rc = 0;
    for (unsigned step; rc == 0 && (step = n->next) < to;) {
        const struct gri_need *need = &all[step];
        if (need->runs.kind == GR_BLOCKING) {
            rc = run_on_thread(co, n, to);
            continue;
        }
        n->next += need->side;
        if (need->side > 1)
            rc = gri_needs_overlap(co, n, step);
        else if (gri_need_can_run(n, step))
            rc = call_on_loop(co, n, need, step);
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

static GRI_COLD int needs_refuse(struct gri_needing *n)
{
    return gri_invalid_record(n->req, &n->invalid);
}

/* Of inputs that were wrong, where something else is answered. */
static void drop_answer(struct gri_needing *n)
{
    if (n->is_wrong)
        gri_invalid_drop(&n->invalid);
}

int gri_needs_begin(gr_co co, struct gri_needing *n, gr_req *req)
{
    const struct gri_needs *plan = req->op->needs;
    n->req = req;
    n->plan = plan;
    n->next = 0;
    n->is_wrong = false;
    n->invalid.values = NULL;
    n->block = gri_arena_alloc(&req->x.arena, plan->block_size);
    if (!n->block)
        return GR_ENOMEM;
    memset(n->block, 0, plan->block_size); /* all of them are GRI_NEED_READY */
    n->states = (unsigned char *)n->block + plan->states_at;
    if (!plan->n_before_body || !has_body_to_read(req))
        return 0;
    int rc = plan->are_read_before ? gri_needs_bind(co, n, 0, plan->n_before_body) : 0;
    rc = rc ? rc : run_until(co, n, plan->n_before_body);
    if (rc == 0 && n->is_wrong)
        return needs_refuse(n);
    drop_answer(n);
    return rc;
}

int gri_needs_go_on(gr_co co, struct gri_needing *n)
{
    int rc = n->plan->are_read ? gri_needs_bind(co, n, n->next, n->plan->n + 1) : 0;
    rc = rc ? rc : run_until(co, n, end_on_loop(n));
    if (rc == 0 && n->is_wrong)
        return needs_refuse(n);
    drop_answer(n);
    if (rc == 0 && n->next == n->plan->n)
        feed_all(n->block, &n->plan->feeds);
    return rc;
}

int gri_needs_finish(struct gri_needing *n)
{
    bool is_fed = n->next == n->plan->n;
    int rc = run_blocking(n, n->plan->n);
    if (rc == 0 && !is_fed)
        feed_all(n->block, &n->plan->feeds);
    return rc;
}

const void *gri_needs_input(const struct gri_needing *n)
{
    return n->req->op->intake.input ? n->block + n->plan->input_at : NULL;
}
