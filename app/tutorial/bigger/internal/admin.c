/* Shared with other projects, say, and so not to be changed: what it lacks is said where it is included. */
#include "admin.h"

static gr_reply update_admin(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_pack(req, "{s:s}", "message", "Admin getting schwifty");
}
GR_POST("/", update_admin);

GR_ROUTER(admin, NULL, .routes = GR_ROUTES(&update_admin_route));
