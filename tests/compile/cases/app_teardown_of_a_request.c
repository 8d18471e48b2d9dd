/* says: close_pool is no teardown of an application: write void close_pool\(gr_app \*app, void \*arg\), or the same */
#include <griddle/app_dependency.h>

#ifdef MISTAKE
static void close_pool(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg, (void)outcome;
}
#else
static void close_pool(gr_app *app, void *arg)
{
    (void)app, (void)arg;
}
#endif

static int pool(gr_app *app, int *value)
{
    *value = 1;
    return gr_app_defer(app, close_pool, NULL); /* mistake */
}
GR_APP_DEPENDENCY(pool, int);

void need(const gr_dependency *dependency);
void main_(void);
void main_(void)
{
    need(&pool_dependency);
}
