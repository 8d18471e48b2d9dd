/* says: work is no task: write int work\(gr_co co, void \*arg\), or GR_TASK\(work, the type of \*arg\) */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/background.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/route.h>
#include <griddle/stream.h>
#include <griddle/task.h>

#ifdef MISTAKE
static void work(gr_co co, void *arg)
{
    (void)co, (void)arg;
}
static gr_group group;
static gr_reply root(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_group_spawn(co, &group, work, NULL); /* mistake */
#else
static int work(gr_co co, void *arg)
{
    (void)arg;
    return gr_yield(co);
}
static gr_group group;
static gr_reply root(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_group_spawn(co, &group, work, NULL);
#endif
    return rc ? gr_failed(req, rc) : gr_text(req, "x");
}
GR_GET("/", root);

void serve(gr_app *app);
void serve(gr_app *app)
{
    gr_app_add(app, &root_route);
}
