/* says: a handler is gr_reply f\(gr_co, gr_req \*\), or f\(gr_req \*\) to block */
#include <griddle.hpp>

void serve(const gr_route *route);

#ifdef MISTAKE
static int root(gr_req *)
{
    return 200;
}
GR_GET("/", root); /* mistake */
#else
static gr_reply root(gr_req *req)
{
    return gr_text(req, "x");
}
GR_GET("/", root);
#endif

void main_();
void main_()
{
    serve(&root_route);
}
