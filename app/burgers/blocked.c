/* Blocked burgers: the mistake. One cook, and coroutines as in concurrent.c, but each stands at the griddle instead of
 * awaiting: nobody else is served meanwhile, not by this operation nor by any other. The watchdog (--watchdog-ms) names
 * it. */
#include "timeline.h"

struct blocked_rush {
    int64_t orders, cook_ms;
};

static const char *check_rush(const void *value)
{
    const struct blocked_rush *rush = value;
    return rush->orders * rush->cook_ms > MOST_BLOCKED_MS
               ? "orders times cook_ms is above 5000: the whole server would "
                 "stand still for that long"
               : NULL;
}

static GR_MODEL(blocked_rush,
                GR_FIELD(orders, GR_DEFAULT(8), GR_GE(1), GR_LE(MOST_ORDERS), .doc = "How many come at once"),
                GR_FIELD(cook_ms, GR_DEFAULT(50), GR_GE(0), GR_LE(1000), .doc = "How long each takes"),
                GR_SELF(.validate = check_rush));

struct blocked {
    struct blocked_rush rush;
};
static GR_INPUT(blocked, GR_OBJECT(rush, blocked_rush, GR_FROM_QUERY));

static int cook_order(gr_co co, void *arg)
{
    struct rush *rush = arg;
    struct order_times *order = take_order(rush, 1, gr_now_ms(co));
    stand_and_cook(rush->cook_ms); /* wrong: gr_sleep(co, ...), or gr_offload(co, ...) of a function that blocks */
    order->ready_ms = gr_now_ms(co) - rush->began_ms;
    return 0;
}

static gr_reply blocked(gr_co co, gr_req *req, const struct blocked *in)
{
    struct rush rush = {
        .n = (size_t)in->rush.orders, .cook_ms = in->rush.cook_ms, .began_ms = gr_now_ms(co), .req = req};
    gr_job jobs[MOST_ORDERS];
    for (size_t i = 0; i < rush.n; i++)
        jobs[i] = (gr_job){cook_order, &rush};
    int rc = gr_gather_n(co, jobs, rush.n);
    return rc ? gr_failed(req, rc) : rush_reply(&rush, gr_now_ms(co));
}
GR_GET("/blocked", blocked, .summary = "One cook who waits: the mistake", .response = timeline_model);

void add_blocked(gr_app *app)
{
    gr_app_add(app, &blocked_route);
}
