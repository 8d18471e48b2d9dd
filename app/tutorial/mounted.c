/* A sub-application: one with a document and pages of its own, below a path of another one.
 *
 *     $ curl 127.0.0.1:8000/subapi/sub
 *     {"message":"Hello World from sub API"}
 *
 * Its documentation is at /subapi/docs, and tells where it is: "servers":[{"url":"/subapi"}]. */
#include "tutorial.h"

static gr_reply read_main(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_pack(req, "{s:s}", "message", "Hello World from main app");
}
GR_GET("/app", read_main);

static gr_reply read_sub(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_pack(req, "{s:s}", "message", "Hello World from sub API");
}
GR_GET("/sub", read_sub);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Main", "1.0"), *subapi = gr_app_create("Sub", "1.0");
    gr_app_add(app, &read_main_route);
    gr_app_add(subapi, &read_sub_route);
    gr_app_mount(app, "/subapi", subapi);
    return app;
}
