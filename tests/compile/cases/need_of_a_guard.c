/* says: user is a guard, which gives no value: it is named in .needs */
#include <griddle/dependency.h>

static int user(gr_req *req)
{
    (void)req;
    return 0;
}
GR_GUARD(user);
void use(const gr_dependency *dependency);
void use_(void);
void use_(void)
{
    use(&user_dependency);
}

#ifdef MISTAKE
struct read_me {
    int user;
};
static GR_INPUT(read_me, GR_NEEDS(user, user)); /* mistake */
#else
struct read_me {
    int id;
};
static GR_INPUT(read_me, GR_QUERY(id));
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
