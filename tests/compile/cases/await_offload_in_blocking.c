/* says: incompatible type for argument 1 of 'gr_offload'|to parameter of incompatible type 'gr_co' */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

static int work(void *arg)
{
    (void)arg;
    return 0;
}
#ifdef MISTAKE
static gr_reply root(gr_req *req)
{
    int rc = gr_offload(req, work, NULL); /* mistake */
    return gr_failed(req, rc);
}
#else
static gr_reply root(gr_co co, gr_req *req)
{
    int rc = gr_offload(co, work, NULL);
    return gr_failed(req, rc);
}
#endif
GR_GET("/", root);

void main_(void);
void main_(void)
{
    serve(&root_route);
}
