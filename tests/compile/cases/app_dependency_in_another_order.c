/* says: pool has its parameters in another order: write int pool\(gr_co co, gr_app \*app, int \*value\) to await */
#include <griddle/app_dependency.h>

#ifdef MISTAKE
static int pool(gr_app *app, gr_co co, int *value)
{
    (void)app, (void)co;
    *value = 1;
    return 0;
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
