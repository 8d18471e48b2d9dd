/* Middleware: how long a request took, in a header field of its own.
 *
 *     $ curl -i '127.0.0.1:8000/?delay_ms=250'
 *     HTTP/1.1 200 OK
 *     ...
 *     X-Process-Time: 0.2...
 *     ... */
#include "tutorial.h"

static gr_reply add_process_time(gr_co co, gr_req *req, gr_next *next)
{
    int64_t began_ms = gr_now_ms(co);
    gr_reply reply = gr_call_next(co, req, next);
    double seconds = (double)(gr_now_ms(co) - began_ms) / 1000;
    return gr_with_header(reply, "X-Process-Time", gr_printf(req, "%.3f", seconds));
}

struct root {
    int64_t delay_ms;
};
static GR_INPUT(root, GR_QUERY(delay_ms, GR_DEFAULT(0), GR_GE(0), GR_LE(10000)));

static gr_reply root(gr_co co, gr_req *req, const struct root *in)
{
    int rc = gr_sleep(co, in->delay_ms);
    return rc ? gr_failed(req, rc) : gr_pack(req, "{s:s}", "message", "Hello World");
}
GR_GET("/", root);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Process time", "1.0");
    gr_use(app, add_process_time);
    gr_app_add(app, &root_route);
    return app;
}
