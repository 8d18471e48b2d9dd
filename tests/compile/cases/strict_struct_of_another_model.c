/* flags: -DGR_STRICT=1 */
/* says: incompatible.pointer.types */
#include <griddle/input.h>
#include <griddle/route.h>

struct item {
    int64_t id;
};
static GR_MODEL(item, GR_FIELD(id));
struct other {
    const char *name;
};

static gr_reply root(gr_req *req)
{
    struct other other = {"other"};
    struct item item = {7};
    (void)other;
#ifdef MISTAKE
    (void)item;
    return item_reply(req, &other); /* mistake */
#else
    return item_reply(req, &item);
#endif
}
GR_GET("/", root);

const gr_route *used(void);
const gr_route *used(void)
{
    return &root_route;
}
