/* A dependency with an argument: one function, and each who needs it says what it is to look for. FastAPI makes it a
 * class with __call__; here .with is what __init__ is given.
 *
 *     $ curl '127.0.0.1:8000/query-checker/?q=foobar'
 *     {"fixed_content_in_query":true}
 *     $ curl '127.0.0.1:8000/both/?q=foo'
 *     {"foo":true,"bar":false} */
#include <string.h>

#include "tutorial.h"

struct query_has {
    const char *q;
    const char *content;
};
static GR_INPUT(query_has, GR_QUERY(q, GR_DEFAULT("")), GR_ARGUMENT(content));

static int query_has(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct query_has *in, bool *has)
{
    *has = strstr(in->q, in->content) != NULL;
    return 0;
}
GR_DEPENDENCY(query_has, bool);

struct read_query_check {
    bool has_bar;
};
static GR_INPUT(read_query_check, GR_NEEDS(has_bar, query_has, .with = "bar"));

static gr_reply read_query_check(GR_UNUSED gr_co co, gr_req *req, const struct read_query_check *in)
{
    return gr_pack(req, "{s:b}", "fixed_content_in_query", in->has_bar);
}
GR_GET("/query-checker/", read_query_check);

/* Two arguments are two dependencies, each of which runs. */
struct read_both {
    bool has_foo, has_bar;
};
static GR_INPUT(read_both,
    GR_NEEDS(has_foo, query_has, .with = "foo"),
    GR_NEEDS(has_bar, query_has, .with = "bar"));

static gr_reply read_both(GR_UNUSED gr_co co, gr_req *req, const struct read_both *in)
{
    return gr_pack(req, "{s:b,s:b}", "foo", in->has_foo, "bar", in->has_bar);
}
GR_GET("/both/", read_both);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Query checker", "1.0");
    gr_app_add(app, &read_query_check_route, &read_both_route);
    return app;
}
