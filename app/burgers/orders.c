/* Orders in a database whose library blocks: blocking handlers, each on a thread of the pool. */
#include "shop.h"
#include "store.h"

enum { MOST_IN_ORDER = 100, MOST_LISTED = 10000 };

static GR_MODEL(order, GR_FIELD(id), GR_FIELD(burger_id), GR_FIELD(quantity));

static struct store *store_of(gr_req *req)
{
    const struct shop *shop = gr_state(req);
    return shop->store;
}

/* The member `name` of the body: a number of 1 to 100. */
static int take_number(gr_req *req, const json_t *body, const char *name, int64_t *number)
{
    const json_t *value = json_object_get(body, name);
    if (!value)
        return gr_fail(req, 422, "%s is missing", name);
    *number = json_integer_value(value); /* 0 where it is none */
    if (*number < 1 || *number > MOST_IN_ORDER)
        return gr_fail(req, 422, "%s should be an integer from 1 to %d", name, MOST_IN_ORDER);
    return 0;
}

static int take_order(gr_req *req, struct order *order)
{
    json_t *body;
    int rc = gr_body_json(req, &body);
    if (rc)
        return rc;
    if (!json_is_object(body))
        return gr_fail(req, 422, "the body should be an object with burger_id and quantity");
    rc = take_number(req, body, "burger_id", &order->burger_id);
    return rc ? rc : take_number(req, body, "quantity", &order->quantity);
}

static gr_reply create_order(gr_req *req)
{
    struct order order;
    int rc = take_order(req, &order);
    if (rc == 0)
        rc = store_add(store_of(req), &order);
    return rc ? gr_failed(req, rc) : order_reply(req, &order);
}
GR_POST("/orders", create_order, .status = 201, .summary = "Order burgers", .response = order_model);

struct list_orders {
    int64_t skip, limit;
};
static GR_INPUT(list_orders,
    GR_QUERY(skip, GR_DEFAULT(0), GR_GE(0), .doc = "How many to leave out"),
    GR_QUERY(limit, GR_DEFAULT(1000), GR_GE(1), GR_LE(MOST_LISTED), .doc = "How many to list, at most"));

static gr_reply list_orders(gr_req *req, const struct list_orders *in)
{
    struct order *orders = gr_alloc(req, (size_t)in->limit * sizeof *orders);
    size_t n = 0;
    int rc = orders ? store_list(store_of(req), in->skip, in->limit, orders, &n) : GR_ENOMEM;
    return rc ? gr_failed(req, rc) : order_reply_list(req, orders, n);
}
GR_GET("/orders", list_orders, .summary = "List the orders");

void add_orders(gr_app *app)
{
    gr_app_add(app, &create_order_route, &list_orders_route);
}
