/* Orders in a database whose library blocks: blocking handlers, each on a thread of the pool. */
#include "shop.h"
#include "store.h"

enum { MOST_BURGERS = 100, MOST_IN_ORDER = 100, MOST_LISTED = 10000 };

static GR_MODEL(order, GR_FIELD(id), GR_FIELD(burger_id), GR_FIELD(quantity));

static struct store *store_of(gr_req *req)
{
    const struct shop *shop = gr_state(req);
    return shop->store;
}

/* What a client orders: the id is ours to give. */
struct new_order {
    int64_t burger_id, quantity;
};
static GR_MODEL(new_order,
    GR_FIELD(burger_id, GR_GE(1), GR_LE(MOST_BURGERS)),
    GR_FIELD(quantity, GR_GE(1), GR_LE(MOST_IN_ORDER)));

struct create_order {
    struct new_order order;
};
static GR_INPUT(create_order, GR_BODY(order, new_order));

static gr_reply create_order(gr_req *req, const struct create_order *in)
{
    struct order order = {.burger_id = in->order.burger_id, .quantity = in->order.quantity};
    int rc = store_add(store_of(req), &order);
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
GR_GET("/orders", list_orders, .summary = "List the orders", .response = order_model, .response_list = true);

void add_orders(gr_app *app)
{
    gr_app_add(app, &create_order_route, &list_orders_route);
}
