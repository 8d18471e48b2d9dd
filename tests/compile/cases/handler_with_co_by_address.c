/* says: root is no handler: write gr_reply root\(gr_co co, gr_req \*req\) */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/background.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/route.h>
#include <griddle/stream.h>
#include <griddle/task.h>

#ifdef MISTAKE
static gr_reply root(gr_co *co, gr_req *req)
{
    (void)co;
    return gr_text(req, "x");
}
GR_GET("/", root); /* mistake */
#else
static gr_reply root(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "x");
}
GR_GET("/", root);
#endif

void serve(gr_app *app);
void serve(gr_app *app)
{
    gr_app_add(app, &root_route);
}
