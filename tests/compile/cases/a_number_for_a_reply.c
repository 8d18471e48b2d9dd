/* says: 'gr_reply' was expected|incompatible result type 'gr_reply' */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

#ifdef MISTAKE
static gr_reply root(gr_req *req)
{
    (void)req;
    return 404; /* mistake */
}
#else
static gr_reply root(gr_req *req)
{
    return gr_empty(req, 404);
}
#endif
GR_GET("/", root);

void main_(void);
void main_(void)
{
    serve(&root_route);
}
