/* A coroutine that sleeps. A thousand of them sleep at once, on one thread. */
#include "shop.h"

struct greeting {
    const char *result;
    int64_t waited_ms;
    const char *ran_on;
};
static GR_MODEL(greeting, GR_FIELD(result), GR_FIELD(waited_ms), GR_FIELD(ran_on));

struct hello {
    int64_t delay_ms;
};
static GR_INPUT(hello, GR_QUERY(delay_ms, GR_DEFAULT(100), GR_GE(0), GR_LE(10000), .doc = "How long to wait"));

static gr_reply hello(gr_co co, gr_req *req, const struct hello *in)
{
    int64_t began_ms = gr_now_ms(co);
    int rc = gr_sleep(co, in->delay_ms);
    if (rc < 0)
        return gr_failed(req, rc);
    struct greeting greeting = {"hello", gr_now_ms(co) - began_ms, ran_on(req)};
    return greeting_reply(req, &greeting);
}
GR_GET("/hello", hello, .summary = "Say hello after a while", .response = greeting_model);

void add_hello(gr_app *app)
{
    gr_app_add(app, &hello_route);
}
