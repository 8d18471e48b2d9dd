/* says: user is made for each request: only an application dependency has a value of the application */
#include <griddle/app_dependency.h>

static int user(gr_req *req, int *value)
{
    (void)req;
    *value = 1;
    return 0;
}
GR_DEPENDENCY(user, int);

static int pool(gr_app *app, int *value)
{
    (void)app;
    *value = 1;
    return 0;
}
GR_APP_DEPENDENCY(pool, int);

int use(const gr_dependency *needed, const int *value);
int main_(gr_app *app);
int main_(gr_app *app)
{
#ifdef MISTAKE
    return use(&user_dependency, GR_APP_VALUE(app, user)) + use(&pool_dependency, NULL); /* mistake */
#else
    return use(&user_dependency, NULL) + use(&pool_dependency, GR_APP_VALUE(app, pool));
#endif
}
