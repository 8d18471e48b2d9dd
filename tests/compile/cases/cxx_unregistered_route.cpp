/* flags: -Wall -Werror */
/* says: root_route.* defined but not used|unused variable 'root_route' */
#include <griddle.hpp>

static gr_reply root(gr_req *req)
{
    return gr_text(req, "x");
}
#ifdef MISTAKE
GR_GET("/", root); /* mistake */
#else
GR_GET("/", root);

void serve(const gr_route *route);
void main_();
void main_()
{
    serve(&root_route);
}
#endif
