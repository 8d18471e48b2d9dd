/* says: user is no dependency that gives struct session: write int user\(gr_co co, gr_req \*req, struct session \*value\) to await */
#include <griddle/dependency.h>

struct account {
    int id;
};
struct session {
    int id;
};
static int user(gr_req *req, struct account *value)
{
    (void)req;
    value->id = 1;
    return 0;
}
#ifdef MISTAKE
GR_DEPENDENCY(user, struct session); /* mistake */
#else
GR_DEPENDENCY(user, struct account);
#endif

void need(const gr_dependency *dependency);
void main_(void);
void main_(void)
{
    need(&user_dependency);
}
