/* says: gr_middleware_that_takes_no_argument */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/middleware.h>

static gr_reply through(gr_co co, gr_req *req, gr_next *next)
{
    return gr_call_next(co, req, next);
}
static const int most = 3;

void add(gr_app *app);
void add(gr_app *app)
{
    (void)most;
#ifdef MISTAKE
    (void)gr_use(app, through, .name = "all", .with = &most); /* mistake */
#else
    (void)gr_use(app, through, .name = "all");
#endif
}
