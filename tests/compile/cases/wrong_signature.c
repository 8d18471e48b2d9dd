/* says: root returns no gr_reply: write gr_reply root\(gr_co co, gr_req \*req\) to await, or */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

#ifdef MISTAKE
static int root(gr_req *req)
{
    (void)req;
    return 200;
}
GR_GET("/", root); /* mistake */
#else
static gr_reply root(gr_req *req)
{
    return gr_text(req, "x");
}
GR_GET("/", root);
#endif

void main_(void);
void main_(void)
{
    serve(&root_route);
}
