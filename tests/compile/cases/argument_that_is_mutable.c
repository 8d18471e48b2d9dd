/* says: role is no const pointer: it points to what .with gave, which others share */
#include <griddle/dependency.h>

#ifdef MISTAKE
struct read_me {
    int *role;
};
static GR_INPUT(read_me, GR_ARGUMENT(role)); /* mistake */
#else
struct read_me {
    const int *role;
};
static GR_INPUT(read_me, GR_ARGUMENT(role));
#endif
static gr_reply read_me(gr_req *req, const struct read_me *in)
{
    (void)in;
    return gr_text(req, "");
}
GR_GET("/", read_me);

void serve(const gr_route *route);
void main_(void);
void main_(void)
{
    serve(&read_me_route);
}
