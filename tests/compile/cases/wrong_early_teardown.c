/* says: end is no early teardown: write int end\(gr_req \*req, void \*arg, gr_outcome outcome\), or */
#include <griddle/dependency.h>

#ifdef MISTAKE
static void end(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg, (void)outcome;
}
static gr_reply root(gr_req *req)
{
    int rc = gr_defer_early(req, end, NULL); /* mistake */
    return gr_failed(req, rc);
}
#else
static int end(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg, (void)outcome;
    return 0;
}
static gr_reply root(gr_req *req)
{
    int rc = gr_defer_early(req, end, NULL);
    return gr_failed(req, rc);
}
#endif
GR_GET("/", root);

void serve(const gr_route *route);
void main_(void);
void main_(void)
{
    serve(&root_route);
}
