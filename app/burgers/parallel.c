/* Parallel burgers: several cooks, each of whom stands at the griddle until the order is ready. Each is a thread. */
#include "timeline.h"

struct parallel {
    int64_t orders, cooks, cook_ms;
};
static GR_INPUT(parallel,
                GR_QUERY(orders, GR_DEFAULT(8), GR_GE(1), GR_LE(MOST_ORDERS), .doc = "How many come at once"),
                GR_QUERY(cooks, GR_DEFAULT(4), GR_GE(1), GR_LE(MOST_COOKS), .doc = "How many cooks there are"),
                GR_QUERY(cook_ms, GR_DEFAULT(50), GR_GE(0), GR_LE(1000), .doc = "How long each takes"));

struct cook {
    struct rush *rush;
    int64_t number;
};

static int cook_order(void *arg)
{
    stand_and_cook(*(const int64_t *)arg);
    return 0;
}

/* The cook's turn at the counter is on the loop, the cooking on a thread of the pool. */
static int work(gr_co co, void *arg)
{
    const struct cook *cook = arg;
    struct rush *rush = cook->rush;
    struct order_times *order;
    int rc = 0;
    while (rc == 0 && (order = take_order(rush, cook->number, gr_now_ms(co))) != NULL) {
        rc = gr_offload(co, cook_order, &rush->cook_ms);
        order->ready_ms = gr_now_ms(co) - rush->began_ms;
    }
    return rc;
}

static gr_reply parallel(gr_co co, gr_req *req, const struct parallel *in)
{
    struct rush rush = {.n = (size_t)in->orders, .cook_ms = in->cook_ms, .began_ms = gr_now_ms(co), .req = req};
    struct cook cooks[MOST_COOKS];
    gr_job jobs[MOST_COOKS];
    for (size_t i = 0; i < (size_t)in->cooks; i++) {
        cooks[i] = (struct cook){&rush, (int64_t)i + 1};
        jobs[i] = (gr_job){work, &cooks[i]};
    }
    int rc = gr_gather_n(co, jobs, (size_t)in->cooks);
    return rc ? gr_failed(req, rc) : rush_reply(&rush, gr_now_ms(co));
}
GR_GET("/parallel", parallel, .summary = "Several cooks who wait", .response = timeline_model);

void add_parallel(gr_app *app)
{
    gr_app_add(app, &parallel_route);
}
