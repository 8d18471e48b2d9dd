/* says: user has its parameters in another order: write int user\(gr_co co, gr_req \*req, int \*value\) */
#include <griddle/dependency.h>

struct user {
    const char *token;
};
static GR_INPUT(user, GR_HEADER(token));
#ifdef MISTAKE
static int user(gr_req *req, int *value, const struct user *in)
{
    (void)req, (void)in;
    *value = 1;
    return 0;
}
GR_DEPENDENCY(user, int); /* mistake */
#else
static int user(gr_req *req, const struct user *in, int *value)
{
    (void)req, (void)in;
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
