/* says: verify is no address of a dependency: of a function f it is &f_dependency */
#include <griddle/dependency.h>

static int verify(gr_req *req)
{
    (void)req;
    return 0;
}
GR_GUARD(verify);

static gr_reply root(gr_req *req)
{
    return gr_text(req, "");
}
#ifdef MISTAKE
GR_GET("/", root, .needs = GR_DEPENDENCIES(verify)); /* mistake */
#else
GR_GET("/", root, .needs = GR_DEPENDENCIES(&verify_dependency));
#endif

void serve(const gr_route *route, const gr_dependency *dependency);
void main_(void);
void main_(void)
{
    serve(&root_route, &verify_dependency);
}
