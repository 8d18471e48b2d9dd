/* A struct as a dependency: what FastAPI does with a class, whose members the handler then uses.
 *
 *     $ curl '127.0.0.1:8000/items/?q=foo&skip=1&limit=1'
 *     {"q":"foo","items":[{"item_name":"Bar"}]} */
#include "tutorial.h"

struct item {
    const char *item_name;
};
static GR_MODEL(item, GR_FIELD(item_name));

static struct item fake_items_db[] = {{"Foo"}, {"Bar"}, {"Baz"}};
enum { N_ITEMS = sizeof fake_items_db / sizeof *fake_items_db };

struct common_query_params {
    const char *q;
    size_t skip, limit;
};
static GR_INPUT(common_query_params,
    GR_QUERY(q, GR_OPTIONAL),
    GR_QUERY(skip, GR_DEFAULT(0)),
    GR_QUERY(limit, GR_DEFAULT(100)));

static int common_query_params(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct common_query_params *in,
                               struct common_query_params *params)
{
    *params = *in;
    params->skip = in->skip < N_ITEMS ? in->skip : N_ITEMS;
    params->limit = in->limit < N_ITEMS - params->skip ? in->limit : N_ITEMS - params->skip;
    return 0;
}
GR_DEPENDENCY(common_query_params, struct common_query_params);

struct found {
    const char *q;
    GR_LIST_OF(struct item) items;
};
static GR_MODEL(found, GR_FIELD(q, GR_OPTIONAL), GR_OBJECTS(items, item));

struct read_items {
    struct common_query_params commons;
};
static GR_INPUT(read_items, GR_NEEDS(commons, common_query_params));

static gr_reply read_items(GR_UNUSED gr_co co, gr_req *req, const struct read_items *in)
{
    struct found found = {in->commons.q, {fake_items_db + in->commons.skip, in->commons.limit}};
    return found_reply(req, &found);
}
GR_GET("/items/", read_items, .response = found_model, .response_exclude_none = true);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("A struct as a dependency", "1.0");
    gr_app_add(app, &read_items_route);
    return app;
}
