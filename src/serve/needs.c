#include "serve/needs.h"

#include <string.h>

static int run_blocking(struct gri_needing *n, unsigned to)
{
    int rc = 0;
    for (; n->next < to && rc == 0; n->next++)
        if (gri_need_can_run(n, n->next))
            rc = gri_need_call_blocking(n, n->next);
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

static int run_overlapping(gr_co co, struct gri_needing *n)
{
    unsigned step = n->next;
    n->next += n->plan->at[step].side;
    return gri_needs_overlap(co, n, step);
}

/* Those before `to`. */
static int run_until(gr_co co, struct gri_needing *n, unsigned to)
{
    int rc = 0;
    while (rc == 0 && n->next < to) {
        const struct gri_need *need = &n->plan->at[n->next];
        if (gri_need_is_single(need))
            rc = gri_need_call_row(co, n, to);
        else
            rc = need->runs.kind == GR_BLOCKING ? run_on_thread(co, n, to) : run_overlapping(co, n);
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
    memset(n->block, 0, plan->block_size); /* none is barred */
    n->barred = (bool *)(n->block + plan->barred_at);
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
        gri_needs_feed_handler(n);
    return rc;
}

int gri_needs_finish(struct gri_needing *n)
{
    bool is_fed = n->next == n->plan->n;
    int rc = run_blocking(n, n->plan->n);
    if (rc == 0 && !is_fed)
        gri_needs_feed_handler(n);
    return rc;
}

const void *gri_needs_input(const struct gri_needing *n)
{
    return n->req->op->intake.input ? n->block + n->plan->input_at : NULL;
}
