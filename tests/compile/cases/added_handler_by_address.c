/* says: &other is no address of a route: .* it is &f_route */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/background.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/route.h>
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
void add(gr_app *app);
void add(gr_app *app)
{
#ifdef MISTAKE
    gr_app_add(app, &root_route, &other); /* mistake */
#else
    gr_app_add(app, &root_route, &other_route);
#endif
}
