/* says: user gives no value: it is a GR_GUARD, or write int user\(gr_co co, gr_req \*req, int \*value\) */
#include <griddle/dependency.h>

static int user(gr_req *req)
{
    (void)req;
    return 0;
}
#ifdef MISTAKE
GR_DEPENDENCY(user, int); /* mistake */
#else
GR_GUARD(user);
#endif

void need(const gr_dependency *dependency);
void main_(void);
void main_(void)
{
    need(&user_dependency);
}
