/* says: rot_route */
#include <griddle/co.h>

#include <griddle/background.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/route.h>
#include <griddle/stream.h>
#include <griddle/task.h>
#include <griddle/url.h>

static gr_reply root(gr_req *req)
{
    return gr_text(req, "x");
}
GR_GET("/{id}", root);
const char *url(gr_req *req);
const char *url(gr_req *req)
{
    (void)root_route;
#ifdef MISTAKE
    return GR_URL_FOR(req, rot, "id", 7); /* mistake */
#else
    return GR_URL_FOR(req, root, "id", 7);
#endif
}
