/* says: user takes its input without const: write const struct user \* */
#include <griddle/dependency.h>

struct user {
    const char *token;
};
static GR_INPUT(user, GR_HEADER(token));
#ifdef MISTAKE
static int user(gr_req *req, struct user *in, int *value)
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
