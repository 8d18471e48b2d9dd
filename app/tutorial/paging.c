/* Query parameters that several operations share: one struct, one table, one check. */
#include "tutorial.h"

struct paging {
    int64_t skip, limit;
    const char *order;
};

static const char *check_paging(const void *value)
{
    const struct paging *paging = value;
    return paging->skip % paging->limit ? "skip is not a whole number of pages" : NULL;
}

static GR_MODEL(paging,
    GR_FIELD(skip, GR_DEFAULT(0), GR_GE(0)),
    GR_FIELD(limit, GR_DEFAULT(10), GR_GE(1), GR_LE(100), .doc = "Items a page"),
    GR_FIELD(order, GR_DEFAULT("asc"), GR_LITERAL("asc", "desc")),
    GR_SELF(.extra = GR_EXTRA_FORBIDDEN, .validate = check_paging));

struct page {
    gr_ints items;
    int64_t next;
};
static GR_MODEL(page, GR_LIST(items), GR_FIELD(next));

static gr_reply reply_page(gr_req *req, const struct paging *paging, int64_t factor)
{
    int64_t items[100];
    struct page page = {{items, (size_t)paging->limit}, paging->skip + paging->limit};
    bool down = paging->order[0] == 'd';
    for (int64_t i = 0; i < paging->limit; i++)
        items[i] = factor * (paging->skip + (down ? paging->limit - 1 - i : i));
    return page_reply(req, &page);
}

struct list_evens {
    struct paging paging;
};
static GR_INPUT(list_evens, GR_OBJECT(paging, paging, GR_FROM_QUERY));

static gr_reply list_evens(GR_UNUSED gr_co co, gr_req *req, const struct list_evens *in)
{
    return reply_page(req, &in->paging, 2);
}
GR_GET("/evens", list_evens, .response = page_model);

struct list_multiples {
    int64_t factor;
    struct paging paging;
};
static GR_INPUT(list_multiples, GR_PATH(factor), GR_OBJECT(paging, paging, GR_FROM_QUERY));

static gr_reply list_multiples(GR_UNUSED gr_co co, gr_req *req, const struct list_multiples *in)
{
    return reply_page(req, &in->paging, in->factor);
}
GR_GET("/multiples/{factor}", list_multiples, .response = page_model);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Numbers", "1.0");
    gr_app_add(app, &list_evens_route, &list_multiples_route);
    return app;
}
