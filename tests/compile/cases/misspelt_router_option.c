/* says: tag */
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
extern const gr_router users_router;
#ifdef MISTAKE
GR_ROUTER(users, "/users", .routes = GR_ROUTES(&root_route), .tag = GR_NAMES("users")); /* mistake */
#else
GR_ROUTER(users, "/users", .routes = GR_ROUTES(&root_route), .tags = GR_NAMES("users"));
#endif
