/* flags: -Wall -Werror */
/* says: 'again_route' defined but not used|unused variable 'again_route' */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

static gr_reply root(gr_req *req)
{
    return gr_text(req, "x");
}
GR_GET("/", root);
#ifdef MISTAKE
GR_ROUTE_AS(again, "PURGE", "/", root); /* mistake */
#else
GR_ROUTE_AS(again, "PURGE", "/", root);

void second(void);
void second(void)
{
    serve(&again_route);
}
#endif

void main_(void);
void main_(void)
{
    serve(&root_route);
}
