/* says: user returns no int: 0, or what gr_fail\(\) gave */
#include <griddle/dependency.h>

#ifdef MISTAKE
static void user(gr_req *req, int *value)
{
    (void)req;
    *value = 1;
}
GR_DEPENDENCY(user, int); /* mistake */
#else
static int user(gr_req *req, int *value)
{
    (void)req;
    *value = 1;
    return 0;
}
GR_DEPENDENCY(user, int);
#endif

void need(const gr_dependency *dependency);
void main_(void);
void main_(void)
{
    need(&user_dependency);
}
