/* says: user returns no int: 0, or what gr_fail\(\) gave */
#include <griddle/dependency.h>

#ifdef MISTAKE
static void user(gr_req *req)
{
    (void)req;
}
GR_GUARD(user); /* mistake */
#else
static int user(gr_req *req)
{
    (void)req;
    return 0;
}
GR_GUARD(user);
#endif

void need(const gr_dependency *dependency);
void main_(void);
void main_(void)
{
    need(&user_dependency);
}
