/* says: an option of a route is one of gr:: */
#include <griddle.hpp>

void serve(const gr_route *route);

static gr_reply root(gr_req *req)
{
    return gr_text(req, "x");
}
#ifdef MISTAKE
GR_GET("/", root, gr::max_len(5)); /* mistake */
#else
GR_GET("/", root, gr::status(201));
#endif

void main_();
void main_()
{
    serve(&root_route);
}
