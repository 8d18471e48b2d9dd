/* flags: -Wall -Werror */
/* says: 'users_router' defined but not used|unused variable 'users_router' */
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
const gr_router *which(void);
#ifdef MISTAKE
static GR_ROUTER(users, "/users", .routes = GR_ROUTES(&root_route)); /* mistake */
#else
static GR_ROUTER(users, "/users", .routes = GR_ROUTES(&root_route));
const gr_router *which(void)
{
    return &users_router;
}
#endif
