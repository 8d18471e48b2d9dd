/* Common parameters: a dependency that two operations need. It is a function with input of its own; who needs it says
 * so in a table, and has the value when it runs.
 *
 *     $ curl '127.0.0.1:8000/items/?q=foo&limit=10'
 *     {"q":"foo","skip":0,"limit":10}
 *     $ curl '127.0.0.1:8000/users/?skip=many'
 *     {"detail":[{"type":"int_parsing","loc":["query","skip"],...}]} */
#include "tutorial.h"

struct commons {
    const char *q;
    int64_t skip, limit;
};
static GR_INPUT(commons,
    GR_QUERY(q, GR_OPTIONAL),
    GR_QUERY(skip, GR_DEFAULT(0)),
    GR_QUERY(limit, GR_DEFAULT(100)));
static GR_MODEL(commons, GR_FIELD(q, GR_OPTIONAL), GR_FIELD(skip), GR_FIELD(limit));

/* What it was given is what it gives: there is nothing to do but to hand it on. */
static int commons(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct commons *in, struct commons *commons)
{
    *commons = *in;
    return 0;
}
GR_DEPENDENCY(commons, struct commons);

struct read_items {
    const struct commons *commons;
};
static GR_INPUT(read_items, GR_NEEDS(commons, commons));

static gr_reply read_items(GR_UNUSED gr_co co, gr_req *req, const struct read_items *in)
{
    return commons_reply(req, in->commons);
}
GR_GET("/items/", read_items);

struct read_users {
    const struct commons *commons;
};
static GR_INPUT(read_users, GR_NEEDS(commons, commons));

static gr_reply read_users(GR_UNUSED gr_co co, gr_req *req, const struct read_users *in)
{
    return commons_reply(req, in->commons);
}
GR_GET("/users/", read_users);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Common parameters", "1.0");
    gr_app_add(app, &read_items_route, &read_users_route);
    return app;
}
