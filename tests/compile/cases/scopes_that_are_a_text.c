/* says: scopes is no gr_strings */
#include <griddle/dependency.h>

#ifdef MISTAKE
struct read_me {
    const char *scopes;
};
static GR_INPUT(read_me, GR_SCOPES(scopes)); /* mistake */
#else
struct read_me {
    gr_strings scopes;
};
static GR_INPUT(read_me, GR_SCOPES(scopes));
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
