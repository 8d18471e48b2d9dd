/* One step of what an operation needs: its input, what of that others gave, its call. */
#include "serve/needs.h"

#include <string.h>

#include "co/call.h"

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
    const struct gri_feed *feed = feeds->at;
    for (unsigned left = feeds->n; left; left--)
        feed_need(block, feed++);
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
    for (unsigned i = 0; i < feeds->n && !n->barred[step]; i++)
        n->barred[step] = feeds->at[i].type == GR_TYPE_NEED && n->barred[feeds->at[i].step];
    return n->barred[step];
}

/* The line that gr_failed() writes names the operation alone. */
static GRI_COLD int log_failed_need(const struct gri_needing *n, const struct gri_need *need, int rc)
{
    const gr_req *req = n->req;
    bool expected = rc == GR_ECANCELED || rc == GR_ETIMEDOUT || rc == GR_EBUSY;
    if (rc < 0 && !expected)
        gri_log(req->running->program.log, GRI_LOG_ERROR, "operation \"%s\": dependency \"%s\" failed: %d (%s)",
                req->name, need->runs.name, rc, gr_strerror(rc));
    return rc;
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

static GRI_HOT int call_need(gr_co co, const struct gri_needing *n, const struct gri_need *need)
{
    struct need_call call = {need->runs.call, n->req, input_of_need(n, need), value_of_need(n, need)};
    int rc = gri_call(co, call_user_dependency, &call);
    return rc ? log_failed_need(n, need, rc) : 0;
}

int gri_need_call(gr_co co, const struct gri_needing *n, unsigned step)
{
    return call_need(co, n, &n->plan->at[step]);
}

int gri_need_call_row(gr_co co, struct gri_needing *n, unsigned to)
{
    int rc = 0;
    for (const struct gri_need *need = &n->plan->at[n->next]; n->next < to && rc == 0 && gri_need_is_single(need);
         need++)
        if (gri_need_can_run(n, n->next++))
            rc = call_need(co, n, need);
    return rc;
}

int gri_need_call_blocking(const struct gri_needing *n, unsigned step)
{
    GRI_EXCEPTIONS_END_HERE();
    const struct gri_need *need = &n->plan->at[step];
    int rc = need->runs.call((gr_co){0}, n->req, input_of_need(n, need), value_of_need(n, need));
    return rc ? log_failed_need(n, need, rc) : 0;
}

void gri_needs_feed_handler(const struct gri_needing *n)
{
    feed_all(n->block, &n->plan->feeds);
}
