/* says: root returns no gr_reply: write gr_reply root */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/background.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/route.h>
#include <griddle/stream.h>
#include <griddle/task.h>

struct root {
    bool brief;
};
static GR_INPUT(root, GR_QUERY(brief));
#ifdef MISTAKE
static void root(gr_req *req, const struct root *in)
{
    (void)req, (void)in;
}
GR_GET("/", root); /* mistake */
#else
static gr_reply root(gr_req *req, const struct root *in)
{
    (void)in;
    return gr_text(req, "x");
}
GR_GET("/", root);
#endif

void serve(gr_app *app);
void serve(gr_app *app)
{
    gr_app_add(app, &root_route);
}
