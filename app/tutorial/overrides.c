/* A dependency that tests replace: overrides.h tells them of it, and tests/tutorial/test_overrides.c has the stand-in.
 *
 *     $ curl '127.0.0.1:8000/items/?q=foo&skip=5'
 *     {"message":"Hello Items!","params":{"q":"foo","skip":5,"limit":100}} */
#include "overrides.h"
#include "tutorial.h"

static GR_MODEL(commons, GR_FIELD(q, GR_OPTIONAL), GR_FIELD(skip), GR_FIELD(limit));

struct common_parameters {
    const char *q;
    int64_t skip, limit;
};
static GR_INPUT(common_parameters,
    GR_QUERY(q, GR_OPTIONAL),
    GR_QUERY(skip, GR_DEFAULT(0)),
    GR_QUERY(limit, GR_DEFAULT(100)));

static int common_parameters(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct common_parameters *in,
                             struct commons *commons)
{
    *commons = (struct commons){in->q, in->skip, in->limit};
    return 0;
}
GR_DEFINE_DEPENDENCY(common_parameters, struct commons);

struct greeting {
    const char *message;
    struct commons params;
};
static GR_MODEL(greeting, GR_FIELD(message), GR_OBJECT(params, commons));

struct read_items {
    struct commons commons;
};
static GR_INPUT(read_items, GR_NEEDS(commons, common_parameters));

static gr_reply read_items(GR_UNUSED gr_co co, gr_req *req, const struct read_items *in)
{
    return greeting_reply(req, &(struct greeting){"Hello Items!", in->commons});
}
GR_GET("/items/", read_items, .response = greeting_model);

struct read_users {
    struct commons commons;
};
static GR_INPUT(read_users, GR_NEEDS(commons, common_parameters));

static gr_reply read_users(GR_UNUSED gr_co co, gr_req *req, const struct read_users *in)
{
    return greeting_reply(req, &(struct greeting){"Hello Users!", in->commons});
}
GR_GET("/users/", read_users, .response = greeting_model);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Overrides", "1.0");
    gr_app_add(app, &read_items_route, &read_users_route);
    return app;
}
