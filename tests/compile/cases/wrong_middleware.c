/* says: timed is no middleware: write gr_reply timed\(gr_co co, gr_req \*req, gr_next \*next\), or */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/background.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/route.h>
#include <griddle/stream.h>
#include <griddle/task.h>

#ifdef MISTAKE
static gr_reply timed(gr_next *next, gr_req *req)
{
    return gr_call_next_blocking(req, next);
}
void add(gr_app *app);
void add(gr_app *app)
{
    (void)gr_use(app, timed); /* mistake */
#else
static gr_reply timed(gr_req *req, gr_next *next)
{
    return gr_call_next_blocking(req, next);
}
void add(gr_app *app);
void add(gr_app *app)
{
    (void)gr_use(app, timed);
#endif
}
