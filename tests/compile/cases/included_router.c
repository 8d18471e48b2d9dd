/* says: users_router is no address of a router: .* it is &r_router */
#include <griddle/co.h>

#include <griddle/background.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/router.h>
#include <griddle/stream.h>
#include <griddle/task.h>

static gr_reply root(gr_req *req)
{
    return gr_text(req, "x");
}
GR_GET("/", root);
static GR_ROUTER(users, "/users", .routes = GR_ROUTES(&root_route));
void add(gr_app *app);
void add(gr_app *app)
{
#ifdef MISTAKE
    gr_app_include(app, users_router, .prefix = "/v1"); /* mistake */
#else
    gr_app_include(app, &users_router, .prefix = "/v1");
#endif
}
