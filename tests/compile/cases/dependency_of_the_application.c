/* says: pool is of the application: it is a GR_APP_DEPENDENCY, or write int pool\(gr_co co, gr_req \*req, int \*value\) */
#include <griddle/dependency.h>

#ifdef MISTAKE
static int pool(gr_app *app, int *value)
{
    (void)app;
    *value = 1;
    return 0;
}
GR_DEPENDENCY(pool, int); /* mistake */
#else
static int pool(gr_req *req, int *value)
{
    (void)req;
    *value = 1;
    return 0;
}
GR_DEPENDENCY(pool, int);
#endif

void need(const gr_dependency *dependency);
void main_(void);
void main_(void)
{
    need(&pool_dependency);
}
