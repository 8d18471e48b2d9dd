/* says: root takes gr_co in the wrong place: it comes first */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

#ifdef MISTAKE
static gr_reply root(gr_req *req, gr_co co)
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

void main_(void);
void main_(void)
{
    serve(&root_route);
}
