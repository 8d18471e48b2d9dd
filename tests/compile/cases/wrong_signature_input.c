/* says: read_item is no handler: .* const struct read_item \*, named as the handler is */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

struct read_item {
    int64_t item_id;
    const char *q;
};
static GR_INPUT(read_item, GR_PATH(item_id), GR_QUERY(q, GR_OPTIONAL));
struct other {
    int x;
};

#ifdef MISTAKE
static gr_reply read_item(gr_req *req, const struct other *in)
{
    (void)in;
    return gr_text(req, "x");
}
GR_GET("/{item_id}", read_item); /* mistake */
#else
static gr_reply read_item(gr_req *req, const struct read_item *in)
{
    return gr_text(req, in->q ? in->q : "");
}
GR_GET("/{item_id}", read_item);
#endif

void main_(void);
void main_(void)
{
    serve(&read_item_route);
}
