/* What of a request runs on a thread of the pool. */
#include "co/call.h"
#include "serve/req.h"

/* --- what the application does: the request goes with it --- */

struct lent {
    gr_req *req;
    gr_blocking_fn *fn;
    void *arg;
};

static int run_lent(void *arg)
{
    const struct lent *lent = arg;
    gri_req_set_owner(lent->req, gri_this_thread());
    return lent->fn(lent->arg);
}

int gri_req_lend(gr_co co, gr_req *req, gr_blocking_fn *fn, void *arg)
{
    struct lent lent = {req, fn, arg};
    gri_req_set_owner(req, NULL);
    req->x.blocking = true;
    int rc = gr_offload(co, run_lent, &lent);
    req->x.blocking = false;
    gri_req_set_owner(req, gri_this_thread());
    return rc;
}

/* --- what the server does: the request stays --- */

struct our_trip {
    gr_blocking_fn *fn;
    void *arg;
};

static int make_trip(gr_co co, void *arg)
{
    const struct our_trip *trip = arg;
    return gr_offload(co, trip->fn, trip->arg);
}

int gri_offload_for_us(gr_co co, gr_blocking_fn *fn, void *arg)
{
    struct our_trip trip = {fn, arg};
    return gri_call_shielded(co, make_trip, &trip);
}
