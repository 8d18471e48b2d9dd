/* says: no GR_INPUT\(of that struct, ...\) stands before its route */
#include <griddle.hpp>

void serve(const gr_route *route);

struct item {
    int n;
};
#ifndef MISTAKE
static GR_INPUT(item, GR_QUERY(n));
#endif

static gr_reply item(gr_req *req, const struct item *in)
{
    return gr_text(req, in->n ? "x" : "y");
}
#ifdef MISTAKE
GR_GET("/", item); /* mistake */
#else
GR_GET("/", item);
#endif

void main_();
void main_()
{
    serve(&item_route);
}
