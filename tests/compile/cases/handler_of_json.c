/* says: root returns no gr_reply: write gr_reply root */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/background.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/route.h>
#include <griddle/stream.h>
#include <griddle/task.h>

#ifdef MISTAKE
static json_t *root(gr_co co, gr_req *req)
{
    (void)co, (void)req;
    return json_null();
}
GR_GET("/", root); /* mistake */
#else
static gr_reply root(gr_req *req)
{
    return gr_text(req, "x");
}
GR_GET("/", root);
#endif

void serve(gr_app *app);
void serve(gr_app *app)
{
    gr_app_add(app, &root_route);
}
