/* says: limit is no middleware: write .* one with an argument has const void \*with at the end */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/middleware.h>

struct limit {
    int most;
};
static const struct limit small = {3};

#ifdef MISTAKE
static gr_reply limit(gr_co co, gr_req *req, gr_next *next, const struct limit *limit)
{
#else
static gr_reply limit(gr_co co, gr_req *req, gr_next *next, const void *with)
{
    const struct limit *limit = with;
#endif
    return limit->most ? gr_call_next(co, req, next) : gr_error(req, 503, "not now");
}

static const gr_middleware *const list[] = {GR_MIDDLEWARE(limit, .with = &small)}; /* mistake */

void add(gr_app *app);
void add(gr_app *app)
{
    (void)gr_use_middleware(app, list[0]);
}
