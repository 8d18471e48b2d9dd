/* Dependencies whose value nobody reads: guards of one operation, named in its options.
 *
 *     $ curl -H 'x-token: fake-super-secret-token' -H 'x-key: fake-super-secret-key' 127.0.0.1:8000/items/
 *     [{"item":"Foo"},{"item":"Bar"}]
 *     $ curl -H 'x-token: invalid' -H 'x-key: fake-super-secret-key' 127.0.0.1:8000/items/
 *     {"detail":"X-Token header invalid"} */
#include <string.h>

#include "tutorial.h"

struct verify_token {
    const char *x_token;
};
static GR_INPUT(verify_token, GR_HEADER(x_token));

static int verify_token(GR_UNUSED gr_co co, gr_req *req, const struct verify_token *in)
{
    return strcmp(in->x_token, "fake-super-secret-token") == 0 ? 0 : gr_fail(req, 400, "X-Token header invalid");
}
GR_GUARD(verify_token);

struct verify_key {
    const char *x_key;
};
static GR_INPUT(verify_key, GR_HEADER(x_key));

static int verify_key(GR_UNUSED gr_co co, gr_req *req, const struct verify_key *in)
{
    return strcmp(in->x_key, "fake-super-secret-key") == 0 ? 0 : gr_fail(req, 400, "X-Key header invalid");
}
GR_GUARD(verify_key);

static gr_reply read_items(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_pack(req, "[{s:s},{s:s}]", "item", "Foo", "item", "Bar");
}
GR_GET("/items/", read_items, .needs = GR_DEPENDENCIES(&verify_token_dependency, &verify_key_dependency));

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Guards", "1.0");
    gr_app_add(app, &read_items_route);
    return app;
}
