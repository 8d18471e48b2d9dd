/* Concurrent burgers: one cook, who puts each order on the griddle and takes the next while it sizzles. */
#include "timeline.h"

struct concurrent {
    int64_t orders, cook_ms;
};
static GR_INPUT(concurrent,
                GR_QUERY(orders, GR_DEFAULT(8), GR_GE(1), GR_LE(MOST_ORDERS), .doc = "How many come at once"),
                GR_QUERY(cook_ms, GR_DEFAULT(50), GR_GE(0), GR_LE(1000), .doc = "How long each takes"));

/* All of them run on the loop's thread, so what they share needs no lock. */
static int cook_order(gr_co co, void *arg)
{
    struct rush *rush = arg;
    struct order_times *order = take_order(rush, 1, gr_now_ms(co));
    int rc = gr_sleep(co, rush->cook_ms);
    order->ready_ms = gr_now_ms(co) - rush->began_ms;
    return rc;
}

static gr_reply concurrent(gr_co co, gr_req *req, const struct concurrent *in)
{
    struct rush rush = {.n = (size_t)in->orders, .cook_ms = in->cook_ms, .began_ms = gr_now_ms(co), .req = req};
    gr_job jobs[MOST_ORDERS];
    for (size_t i = 0; i < rush.n; i++)
        jobs[i] = (gr_job){cook_order, &rush};
    int rc = gr_gather_n(co, jobs, rush.n);
    return rc ? gr_failed(req, rc) : rush_reply(&rush, gr_now_ms(co));
}
GR_GET("/concurrent", concurrent, .summary = "One cook who never waits", .response = timeline_model);

void add_concurrent(gr_app *app)
{
    gr_app_add(app, &concurrent_route);
}
