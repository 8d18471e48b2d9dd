/* says: verify */
#include <griddle/dependency.h>

static int user(gr_req *req, int *value)
{
    (void)req;
    *value = 1;
    return 0;
}
GR_DEPENDENCY(user, int);

#ifdef MISTAKE
struct read_me {
    int verified;
};
static GR_INPUT(read_me, GR_NEEDS(verify, user)); /* mistake */
#else
struct read_me {
    int verified;
};
static GR_INPUT(read_me, GR_NEEDS(verified, user));
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
