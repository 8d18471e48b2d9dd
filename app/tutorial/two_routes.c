/* Two routes to one handler: the old path stays while clients move. */
#include "tutorial.h"

struct user {
    int64_t id;
    const char *name;
};
static GR_MODEL(user, GR_FIELD(id), GR_FIELD(name));

struct read_user {
    int64_t user_id;
    const char *greeting;
};
static GR_INPUT(read_user, GR_PATH(user_id), GR_QUERY(greeting, GR_DEFAULT("Hello")));

static gr_reply read_user(GR_UNUSED gr_co co, gr_req *req, const struct read_user *in)
{
    return user_reply(req, &(struct user){in->user_id, gr_printf(req, "%s %s", in->greeting, gr_operation(req))});
}
GR_GET("/users/{user_id}", read_user, .response = user_model);
GR_ROUTE_AS(read_user_old, "GET", "/api/v1/user/{user_id:int}", read_user, .response = user_model, .deprecated = true);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Users", "2.0");
    gr_app_add(app, &read_user_route, &read_user_old_route);
    return app;
}
