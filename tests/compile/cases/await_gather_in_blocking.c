/* says: incompatible type for argument 1 of 'gr_gather_n'|to parameter of incompatible type 'gr_co' */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

static int work(gr_co co, void *arg)
{
    (void)arg;
    return gr_yield(co);
}
#ifdef MISTAKE
static gr_reply root(gr_req *req)
{
    int rc = gr_gather(req, {work, NULL}, {work, NULL}); /* mistake */
    return gr_failed(req, rc);
}
#else
static gr_reply root(gr_co co, gr_req *req)
{
    int rc = gr_gather(co, {work, NULL}, {work, NULL});
    return gr_failed(req, rc);
}
#endif
GR_GET("/", root);

void main_(void);
void main_(void)
{
    serve(&root_route);
}
