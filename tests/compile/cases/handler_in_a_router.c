/* says: root is no address of a route: .* it is &f_route */
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
static gr_reply other(gr_req *req)
{
    return gr_text(req, "x");
}
GR_GET("/other", other);
extern const gr_router users_router;
#ifdef MISTAKE
GR_ROUTER(users, "/users", .routes = GR_ROUTES(&other_route, root)); /* mistake */
#else
GR_ROUTER(users, "/users", .routes = GR_ROUTES(&other_route, &root_route));
#endif
