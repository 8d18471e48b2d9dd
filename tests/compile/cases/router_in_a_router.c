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
extern const gr_router outer_router;
#ifdef MISTAKE
GR_ROUTER(outer, "/outer", .routers = GR_ROUTERS(users_router)); /* mistake */
#else
GR_ROUTER(outer, "/outer", .routers = GR_ROUTERS(&users_router));
#endif
