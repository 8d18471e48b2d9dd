/* flags: -Wall -Werror */
/* says: argument 4 has type 'const char \*'|the argument has type 'const char \*' */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

void serve(const gr_route *route);

static gr_reply root(gr_req *req)
{
    const char *name = gr_query(req, "name");
#ifdef MISTAKE
    return gr_error(req, 404, "no item %d", name); /* mistake */
#else
    return gr_error(req, 404, "no item %s", name);
#endif
}
GR_GET("/", root);

void main_(void);
void main_(void)
{
    serve(&root_route);
}
