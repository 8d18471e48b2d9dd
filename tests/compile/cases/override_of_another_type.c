/* says: fake gives another type than user does */
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
static int fake(gr_req *req, int *value)
{
    (void)req;
    *value = 1;
    return 0;
}
GR_DEPENDENCY(fake, int);
static int same(gr_req *req, struct account *value)
{
    (void)req;
    value->id = 2;
    return 0;
}
GR_DEPENDENCY(same, struct account);

void main_(gr_app *app, const gr_dependency **out);
void main_(gr_app *app, const gr_dependency **out)
{
    out[0] = &fake_dependency;
    out[1] = &same_dependency;
#ifdef MISTAKE
    gr_override(app, user, fake); /* mistake */
#else
    gr_override(app, user, same);
#endif
}
