/* flags: -Wall -Werror */
/* says: ignoring return value */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

#ifdef MISTAKE
static gr_reply root(gr_req *req)
{
    gr_error(req, 404, "no item"); /* mistake */
    return gr_text(req, "x");
}
#else
static gr_reply root(gr_req *req)
{
    return gr_error(req, 404, "no item");
}
#endif
GR_GET("/", root);

void main_(void);
void main_(void)
{
    serve(&root_route);
}
