/* says: pool takes its input without const: write const struct pool \* */
#include <griddle/app_dependency.h>

#ifdef MISTAKE
struct pool {
    const char *host;
};
static int pool(gr_app *app, struct pool *in, int *value)
{
    (void)app, (void)in;
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
