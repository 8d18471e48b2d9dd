/* A bigger application, in several files: FastAPI's app/ with dependencies, routers and a router of somebody else's.
 *
 *     $ curl '127.0.0.1:8000/users/me?token=jessica'
 *     {"username":"fakecurrentuser"}
 *     $ curl -H 'x-token: fake-super-secret-token' '127.0.0.1:8000/items/gun?token=jessica'
 *     {"name":"Portal Gun","item_id":"gun"}
 *     $ curl -X POST '127.0.0.1:8000/admin/?token=jessica'
 *     {"detail":[{"type":"missing","loc":["header","x-token"],"msg":"Field required","input":null}]} */
#include "dependencies.h"
#include "internal/admin.h"
#include "routers/items.h"
#include "routers/users.h"
#include "tutorial.h"

static gr_reply root(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_pack(req, "{s:s}", "message", "Hello Bigger Applications!");
}
GR_GET("/", root);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Bigger applications", "1.0");
    gr_app_need(app, GR_DEPENDENCIES(&get_query_token_dependency));
    gr_app_include(app, &users_router);
    gr_app_include(app, &items_router);
    gr_app_include(app, &admin_router, .prefix = "/admin", .tags = GR_NAMES("admin"),
                   .needs = GR_DEPENDENCIES(&get_token_header_dependency),
                   .responses = GR_RESPONSES({418, .description = "I'm a teapot"}));
    gr_app_add(app, &root_route);
    return app;
}
