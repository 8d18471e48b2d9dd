/* Dependencies that run side by side: each in a coroutine of its own, with a list of its own of what it records, so
 * that the request has in the end what it would have if they had run one after the other. */
#include "serve/needs.h"

struct beside {
    struct gri_aside aside;
    struct gri_needing *n;
    unsigned step;
    int rc;
    bool was_told; /* that it was cancelled, before it returned that */
};

static int run_beside(gr_co co, void *arg)
{
    struct beside *self = arg;
    self->aside.task = co.task;
    self->rc = gri_need_call(co, self->n, self->step);
    self->was_told = gri_task_was_told(co.task);
    self->aside.task = NULL; /* its memory may be the next one's */
    return self->rc;
}

static int start_beside(gr_co co, gr_group *group, struct beside *list, unsigned side)
{
    int rc = 0;
    for (unsigned i = 0; i < side && rc == 0; i++) {
        const struct gri_needing *n = list[i].n;
        if (gri_need_can_run(n, list[i].step))
            rc = gr_group_spawn_named(co, group, n->plan->at[list[i].step].runs.name, run_beside, &list[i]);
    }
    return rc;
}

/* The first in the plan that failed by itself, and not because another had, in whatever words. */
static struct beside *first_failed(struct beside *list, unsigned side)
{
    for (unsigned i = 0; i < side; i++)
        if (list[i].rc && list[i].rc != GR_ECANCELED && !list[i].was_told)
            return &list[i];
    return NULL;
}

static int take_back(gr_req *req, struct beside *list, unsigned side, int rc)
{
    struct beside *failed = first_failed(list, side);
    for (unsigned i = 0; i < side; i++)
        gri_aside_leave(req, &list[i].aside);
    if (failed)
        gri_aside_take_failure(req, &failed->aside);
    for (unsigned i = 0; i < side; i++)
        gri_aside_take(req, &list[i].aside);
    return failed ? failed->rc : rc;
}

int gri_needs_overlap(gr_co co, struct gri_needing *n, unsigned step)
{
    unsigned side = n->plan->at[step].side;
    gr_req *req = n->req;
    struct beside *list = gri_arena_alloc(&req->x.arena, side * sizeof *list);
    if (!list)
        return GR_ENOMEM;
    for (unsigned i = 0; i < side; i++) {
        list[i] = (struct beside){.n = n, .step = step + i};
        gri_aside_enter(req, &list[i].aside);
    }
    gr_group group;
    gr_group_open(co, &group);
    int rc = gr_group_close(co, &group, start_beside(co, &group, list, side));
    return take_back(req, list, side, rc);
}
