/* says: did you mean 'summary' */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

static gr_reply root(gr_req *req)
{
    return gr_text(req, "x");
}
#ifdef MISTAKE
GR_GET("/", root, .sumary = "Hello"); /* mistake */
#else
GR_GET("/", root, .summary = "Hello");
#endif

void main_(void);
void main_(void)
{
    serve(&root_route);
}
