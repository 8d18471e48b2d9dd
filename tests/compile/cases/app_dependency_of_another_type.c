/* says: pool is no application dependency that gives double: write int pool\(gr_co co, gr_app \*app, double \*value\) to await */
#include <griddle/app_dependency.h>

#ifdef MISTAKE
static int pool(gr_app *app, int *value)
{
    (void)app;
    *value = 1;
    return 0;
}
GR_APP_DEPENDENCY(pool, double); /* mistake */
#else
static int pool(gr_app *app, int *value)
{
    (void)app;
    *value = 1;
    return 0;
}
GR_APP_DEPENDENCY(pool, int);
#endif

void need(const gr_dependency *dependency);
void main_(void);
void main_(void)
{
    need(&pool_dependency);
}
