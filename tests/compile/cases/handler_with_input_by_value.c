/* says: root is no handler: .* const struct root \* */
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
static gr_reply root(gr_req *req, struct root in)
{
    return gr_text(req, in.brief ? "x" : "long x");
}
GR_GET("/", root); /* mistake */
#else
static gr_reply root(gr_req *req, const struct root *in)
{
    return gr_text(req, in->brief ? "x" : "long x");
}
GR_GET("/", root);
#endif

void serve(gr_app *app);
void serve(gr_app *app)
{
    gr_app_add(app, &root_route);
}
