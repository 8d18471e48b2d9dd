/* says: mail is no background task: write int mail\(gr_req \*req, void \*arg\), or */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/background.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/route.h>
#include <griddle/stream.h>
#include <griddle/task.h>

#ifdef MISTAKE
static void mail(gr_req *req, void *arg)
{
    (void)req, (void)arg;
}
static gr_reply root(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_after(req, mail, NULL); /* mistake */
#else
static int mail(gr_req *req, void *arg)
{
    (void)req, (void)arg;
    return 0;
}
static gr_reply root(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_after(req, mail, NULL);
#endif
    return rc ? gr_failed(req, rc) : gr_text(req, "x");
}
GR_GET("/", root);

void serve(gr_app *app);
void serve(gr_app *app)
{
    gr_app_add(app, &root_route);
}
