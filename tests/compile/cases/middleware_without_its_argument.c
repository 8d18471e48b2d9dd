/* says: limit takes an argument: write .with = &config behind it */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/middleware.h>

static gr_reply limit(gr_co co, gr_req *req, gr_next *next, const void *with)
{
    return *(const int *)with ? gr_call_next(co, req, next) : gr_error(req, 503, "not now");
}
static const int most = 3;

void add(gr_app *app);
void add(gr_app *app)
{
    (void)most;
#ifdef MISTAKE
    (void)gr_use(app, limit); /* mistake */
#else
    (void)gr_use(app, limit, .with = &most);
#endif
}
