/* says: end is no teardown: write void end */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/background.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/route.h>
#include <griddle/stream.h>
#include <griddle/task.h>

#ifdef MISTAKE
static void end(void *arg)
{
    (void)arg;
}
static gr_reply root(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, end, NULL); /* mistake */
#else
static void end(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)co, (void)req, (void)arg, (void)outcome;
}
static gr_reply root(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, end, NULL);
#endif
    return rc ? gr_failed(req, rc) : gr_text(req, "x");
}
GR_GET("/", root);

void serve(gr_app *app);
void serve(gr_app *app)
{
    gr_app_add(app, &root_route);
}
