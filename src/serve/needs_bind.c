/* The inputs of what an operation needs, and its own: read all together, before any of what needs them runs, since they
 * come from the request alone. So what is no JSON is known first, and what is wrong in them is one list. */
#include "serve/binding.h"
#include "serve/needs.h"

struct binding_of_all {
    struct binding b;
    struct gri_needing *n;
    unsigned from, to;
};

static int fill_one(struct binding *b, const struct gri_needing *n, unsigned step)
{
    const struct gri_needs *plan = n->plan;
    bool handler = step == plan->n;
    const struct gri_intake *intake = handler ? &n->req->op->intake : &plan->at[step].intake;
    size_t before = b->errors.count;
    if (!intake->is_read)
        return 0;
    int rc = gri_binding_fill(b, intake, n->block + (handler ? plan->input_at : plan->at[step].input_at));
    if (b->errors.count != before)
        n->barred[step] = true;
    return rc;
}

static int fill_all(void *arg)
{
    struct binding_of_all *all = arg;
    int rc = 0;
    for (unsigned i = all->from; i < all->to && rc == 0 && all->b.json_rc == 0; i++)
        rc = fill_one(&all->b, all->n, i);
    return gri_binding_close(&all->b, rc);
}

static GRI_COLD int fill_on_pool(gr_co co, struct binding_of_all *all)
{
    struct gri_arena own, *arena = all->b.arena;
    gri_arena_init(&own, NULL, 0);
    all->b.arena = all->b.errors.arena = &own;
    int rc = gri_offload_for_us(co, fill_all, all);
    gri_arena_join(arena, &own);
    return rc;
}

int gri_needs_bind(gr_co co, struct gri_needing *n, unsigned from, unsigned to)
{
    gr_req *req = n->req;
    struct binding_of_all all;
    all.n = n;
    all.from = from;
    all.to = to;
    gri_binding_begin(&all.b, req, &req->x.arena);
    bool large = to > n->plan->n && gri_req_reads_much(req, n->plan->n_bodies);
    int rc = large ? fill_on_pool(co, &all) : fill_all(&all);
    req->input_json = all.b.values;
    if (rc || all.b.json_rc)
        return gri_binding_refuse(req, &all.b, rc);
    n->is_wrong = all.b.errors.count;
    n->invalid = all.b.invalid;
    return 0;
}
