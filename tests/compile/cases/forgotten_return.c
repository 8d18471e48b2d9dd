/* flags: -Wall -Werror */
/* says: no return statement|does not return a value */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

static gr_reply root(gr_req *req)
{
#ifdef MISTAKE
    (void)req;
} /* mistake */
#else
    return gr_text(req, "x");
}
#endif
GR_GET("/", root);

void main_(void);
void main_(void)
{
    serve(&root_route);
}
