/* flags: -Wall -Werror */
/* says: ignoring return value */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

struct item {
    int64_t id;
    const char *name;
};
static GR_MODEL(item, GR_FIELD(id), GR_FIELD(name));
#ifdef MISTAKE
static gr_reply root(gr_req *req)
{
    item_reply(req, &(struct item){1, "x"}); /* mistake */
    return gr_text(req, "x");
}
#else
static gr_reply root(gr_req *req)
{
    return item_reply(req, &(struct item){1, "x"});
}
#endif
GR_GET("/", root);

void main_(void);
void main_(void)
{
    serve(&root_route);
}
