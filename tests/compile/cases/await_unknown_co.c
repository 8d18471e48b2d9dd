/* says: 'co' undeclared|undeclared identifier 'co' */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

#ifdef MISTAKE
static gr_reply root(gr_req *req)
{
    int rc = gr_sleep(co, 100); /* mistake */
    return rc < 0 ? gr_failed(req, rc) : gr_text(req, "x");
}
#else
static gr_reply root(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 100);
    return rc < 0 ? gr_failed(req, rc) : gr_text(req, "x");
}
#endif
GR_GET("/", root);

void main_(void);
void main_(void)
{
    serve(&root_route);
}
