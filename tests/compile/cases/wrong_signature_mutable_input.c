/* says: read_item takes its input without const: write const struct read_item \* */
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

#ifdef MISTAKE
static gr_reply read_item(gr_req *req, struct read_item *in)
{
    (void)in;
    return gr_text(req, "x");
}
GR_POST("/{item_id}", read_item); /* mistake */
#else
static gr_reply read_item(gr_req *req, const struct read_item *in)
{
    (void)in;
    return gr_text(req, "x");
}
GR_POST("/{item_id}", read_item);
#endif

void main_(void);
void main_(void)
{
    serve(&read_item_route);
}
