/* says: end is no teardown: write void end\(gr_req \*req, void \*arg, gr_outcome outcome\), or */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

#ifdef MISTAKE
static int end(gr_req *req, void *arg)
{
    (void)req, (void)arg;
    return 0;
}
static gr_reply root(gr_req *req)
{
    int rc = gr_defer(req, end, NULL); /* mistake */
    return gr_failed(req, rc);
}
#else
static void end(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg, (void)outcome;
}
static gr_reply root(gr_req *req)
{
    int rc = gr_defer(req, end, NULL);
    return gr_failed(req, rc);
}
#endif
GR_GET("/", root);

void main_(void);
void main_(void)
{
    serve(&root_route);
}
