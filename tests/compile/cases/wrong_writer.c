/* says: rows writes no body: write int rows\(gr_co co, gr_writer \*writer, void \*arg\), or */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/background.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/route.h>
#include <griddle/stream.h>
#include <griddle/task.h>

#ifdef MISTAKE
static int rows(gr_writer *writer)
{
    return gr_write_blocking(writer, "x", 1);
}
static gr_reply root(gr_req *req)
{
    return gr_stream(req, "text/csv", rows, NULL); /* mistake */
#else
static int rows(gr_writer *writer, void *arg)
{
    (void)arg;
    return gr_write_blocking(writer, "x", 1);
}
static gr_reply root(gr_req *req)
{
    return gr_stream(req, "text/csv", rows, NULL);
#endif
}
GR_GET("/", root);

void serve(gr_app *app);
void serve(gr_app *app)
{
    gr_app_add(app, &root_route);
}
