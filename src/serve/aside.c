/* Records of tasks of a request that run side by side. */
#include "serve/req.h"

static const gr_task *parent_of(const gr_task *task)
{
    return task->scope ? task->scope->owner : NULL;
}

struct gri_records *gri_records_aside(gr_req *req)
{
    for (const gr_task *task = gri_running(); task; task = parent_of(task))
        for (struct gri_aside *aside = req->asides; aside; aside = aside->next)
            if (aside->task == task)
                return &aside->records;
    return &req->records;
}

void gri_aside_enter(gr_req *req, struct gri_aside *aside)
{
    aside->next = req->asides;
    req->asides = aside;
}

void gri_aside_leave(gr_req *req, struct gri_aside *aside)
{
    struct gri_aside **at = &req->asides;
    while (*at != aside)
        at = &(*at)->next;
    *at = aside->next;
}

/* In front of the older ones. */
static void take_deferred(struct gri_deferred **into, struct gri_deferred *from)
{
    struct gri_deferred **end = &from;
    while (*end)
        end = &(*end)->next;
    *end = *into;
    *into = from;
}

void gri_aside_take(gr_req *req, const struct gri_aside *aside)
{
    gri_aside_take_failure(req, aside);
    take_deferred(&gri_records_of(req)->deferred, aside->records.deferred);
    take_deferred(&gri_records_of(req)->early, aside->records.early);
}

void gri_aside_take_failure(gr_req *req, const struct gri_aside *aside)
{
    struct gri_records *records = gri_records_of(req);
    if (!records->failure)
        records->failure = aside->records.failure;
}
