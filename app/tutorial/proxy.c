/* Behind a proxy that serves the program below a path of its own, and takes that away before it passes a request on:
 * --root-path /api/v1 tells it, or, where it never changes, .root_path.
 *
 *     $ curl 127.0.0.1:8000/app
 *     {"message":"Hello World","root_path":"/api/v1"} */
#include "tutorial.h"

static gr_reply read_main(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_pack(req, "{s:s,s:s}", "message", "Hello World", "root_path", gr_root_path(req));
}
GR_GET("/app", read_main);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Behind a proxy", "1.0");
    gr_app_describe(app, &(gr_app_info){
                             .size = sizeof(gr_app_info),
                             .root_path = "/api/v1",
                             .servers = GR_SERVERS({"https://stag.example.com", "Staging environment"},
                                                   {"https://prod.example.com", "Production environment"}),
                         });
    gr_app_add(app, &read_main_route);
    return app;
}
