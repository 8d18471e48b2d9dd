/* says: user_dependency */
#include <griddle/dependency.h>

static int user(gr_req *req, int *value)
{
    (void)req;
    *value = 1;
    return 0;
}
struct read_me {
    int user;
};
#ifdef MISTAKE
static GR_INPUT(read_me, GR_NEEDS(user, user)); /* mistake */
GR_DEPENDENCY(user, int);
#else
GR_DEPENDENCY(user, int);
static GR_INPUT(read_me, GR_NEEDS(user, user));
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
