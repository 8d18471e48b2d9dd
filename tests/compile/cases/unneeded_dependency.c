/* flags: -Wall -Werror */
/* says: user_dependency */
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
GR_DEPENDENCY(user, struct account); /* mistake */
#else
GR_DEPENDENCY(user, struct account);

void need(const gr_dependency *dependency);
void main_(void);
void main_(void)
{
    need(&user_dependency);
}
#endif
