/* says: an option of a router is one of gr:: */
#include <griddle.hpp>

static gr_reply read_me(gr_req *req)
{
    return gr_text(req, "");
}
GR_GET("/me", read_me);

extern const gr_router users_router;
#ifdef MISTAKE
GR_ROUTER(users, "/users", gr::summary("Users")); /* mistake */
#else
GR_ROUTER(users, "/users", gr::routes(GR_ROUTES(&read_me_route)));
#endif
