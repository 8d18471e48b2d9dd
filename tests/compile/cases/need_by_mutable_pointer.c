/* says: user is neither of the type that user gives nor a const pointer to one */
#include <griddle/dependency.h>

struct account {
    int id;
};
static int user(gr_req *req, struct account *value)
{
    (void)req;
    value->id = 1;
    return 0;
}
GR_DEPENDENCY(user, struct account);

#ifdef MISTAKE
struct read_me {
    struct account *user;
};
static GR_INPUT(read_me, GR_NEEDS(user, user)); /* mistake */
#else
struct read_me {
    const struct account *user;
};
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
