/* Dependencies of dependencies, and those that run again for each who needs them.
 *
 *     $ curl '127.0.0.1:8000/items/?q=foo'
 *     {"q_or_cookie":"foo"}
 *     $ curl --cookie 'last_query=bar' 127.0.0.1:8000/items/
 *     {"q_or_cookie":"bar"}
 *     $ curl 127.0.0.1:8000/tickets/
 *     {"mine":1,"also_mine":1,"fresh":2} */
#include "tutorial.h"

struct query_extractor {
    const char *q;
};
static GR_INPUT(query_extractor, GR_QUERY(q, GR_OPTIONAL));

static int query_extractor(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct query_extractor *in, const char **q)
{
    *q = in->q;
    return 0;
}
GR_DEPENDENCY(query_extractor, const char *);

struct query_or_cookie_extractor {
    const char *q;
    const char *last_query;
};
static GR_INPUT(query_or_cookie_extractor,
    GR_NEEDS(q, query_extractor),
    GR_COOKIE(last_query, GR_OPTIONAL));

static int query_or_cookie_extractor(GR_UNUSED gr_co co, GR_UNUSED gr_req *req,
                                     const struct query_or_cookie_extractor *in, const char **q)
{
    *q = in->q && *in->q ? in->q : in->last_query;
    return 0;
}
GR_DEPENDENCY(query_or_cookie_extractor, const char *);

struct read_query {
    const char *query_or_default;
};
static GR_INPUT(read_query, GR_NEEDS(query_or_default, query_or_cookie_extractor));

static gr_reply read_query(GR_UNUSED gr_co co, gr_req *req, const struct read_query *in)
{
    return gr_pack(req, "{s:s?}", "q_or_cookie", in->query_or_default);
}
GR_GET("/items/", read_query);

/* A number of each request's own. */
static int ticket(GR_UNUSED gr_co co, gr_req *req, int64_t *number)
{
    int64_t *last = gr_state(req);
    *number = ++*last;
    return 0;
}
GR_DEPENDENCY(ticket, int64_t);

struct read_tickets {
    int64_t mine, also_mine, fresh;
};
static GR_INPUT(read_tickets,
    GR_NEEDS(mine, ticket),
    GR_NEEDS(also_mine, ticket),
    GR_NEEDS(fresh, ticket, .uncached = true));
static GR_MODEL(read_tickets, GR_FIELD(mine), GR_FIELD(also_mine), GR_FIELD(fresh));

static gr_reply read_tickets(GR_UNUSED gr_co co, gr_req *req, const struct read_tickets *in)
{
    return read_tickets_reply(req, in);
}
GR_GET("/tickets/", read_tickets, .response = read_tickets_model);

gr_app *tutorial_app(void)
{
    static int64_t last_ticket;
    gr_app *app = gr_app_create("Sub-dependencies", "1.0");
    last_ticket = 0;
    gr_app_set_state(app, &last_ticket);
    gr_app_add(app, &read_query_route, &read_tickets_route);
    return app;
}
