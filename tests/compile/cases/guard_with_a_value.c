/* says: user is no guard: write int user\(gr_co co, gr_req \*req\) to await, or int user\(gr_req \*req\) to block */
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
#ifdef MISTAKE
GR_GUARD(user); /* mistake */
#else
GR_DEPENDENCY(user, struct account);
#endif

void need(const gr_dependency *dependency);
void main_(void);
void main_(void)
{
    need(&user_dependency);
}
