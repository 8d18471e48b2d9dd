/* The body that was wrong, beside what was wrong with it: for whoever develops a client.
 *
 *     $ curl --json '{"title":"towel","size":"XL"}' 127.0.0.1:8000/items/
 *     {"detail":[{"loc":["body","size"],"msg":"Input should be a valid integer, unable to parse string as an integer",
 *      "type":"int_parsing"}],"body":{"title":"towel","size":"XL"}} */
#include "tutorial.h"

struct item {
    const char *title;
    int64_t size;
};
static GR_MODEL(item, GR_FIELD(title), GR_FIELD(size));

struct create_item {
    struct item item;
};
static GR_INPUT(create_item, GR_BODY(item, item));

static gr_reply create_item(GR_UNUSED gr_co co, gr_req *req, const struct create_item *in)
{
    return item_reply(req, &in->item);
}
GR_POST("/items/", create_item, .response = item_model);

struct mistake {
    json_t *loc;
    const char *msg, *type;
};
static GR_MODEL(mistake, GR_FIELD(loc), GR_FIELD(msg), GR_FIELD(type));
struct refusal {
    GR_LIST_OF(struct mistake) detail;
    json_t *body;
};
static GR_MODEL(refusal, GR_OBJECTS(detail, mistake), GR_FIELD(body, GR_OPTIONAL));

static gr_reply refuse(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    struct mistake *detail = gr_alloc(req, n * sizeof *detail);
    if (!detail)
        return gr_failed(req, GR_ENOMEM);
    for (size_t i = 0; i < n; i++)
        detail[i] = (struct mistake){mistakes[i].loc_json, mistakes[i].msg, mistakes[i].type};
    struct refusal refusal = {{detail, n}, NULL};
    if (gr_body_json(req, &refusal.body))
        refusal.body = NULL; /* it was no JSON, or there was none */
    return gr_with_status(refusal_reply(req, &refusal), 422);
}

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Echo of a body", "1.0");
    gr_app_set_invalid(app, refuse, refusal_model);
    gr_app_add(app, &create_item_route);
    return app;
}
