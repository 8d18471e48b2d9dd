/* says: pool returns no int: 0, or what gr_app_fail\(\) gave: write int pool\(gr_co co, gr_app \*app, int \*value\) to await */
#include <griddle/app_dependency.h>

#ifdef MISTAKE
static void pool(gr_app *app, int *value)
{
    (void)app;
    *value = 1;
}
GR_APP_DEPENDENCY(pool, int); /* mistake */
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
