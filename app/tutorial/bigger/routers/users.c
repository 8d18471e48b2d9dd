/* All of /users: a router without a prefix; each operation has its whole path, and its tag. */
#include "users.h"

static gr_reply read_users(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_pack(req, "[{s:s},{s:s}]", "username", "Rick", "username", "Morty");
}
GR_GET("/users/", read_users, .tags = GR_NAMES("users"));

static gr_reply read_user_me(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_pack(req, "{s:s}", "username", "fakecurrentuser");
}
GR_GET("/users/me", read_user_me, .tags = GR_NAMES("users"));

struct read_user {
    const char *username;
};
static GR_INPUT(read_user, GR_PATH(username));

static gr_reply read_user(GR_UNUSED gr_co co, gr_req *req, const struct read_user *in)
{
    return gr_pack(req, "{s:s}", "username", in->username);
}
GR_GET("/users/{username}", read_user, .tags = GR_NAMES("users"));

GR_ROUTER(users, NULL, .routes = GR_ROUTES(&read_users_route, &read_user_me_route, &read_user_route));
