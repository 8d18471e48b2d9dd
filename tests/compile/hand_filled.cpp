// The tables filled by hand, as C++ does it: the structs are C's, the macros are not needed.
#include <cstddef>
#include <cstdint>

#include <griddle/error.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/route.h>
#include <griddle/task.h>

namespace
{

struct item {
    std::int64_t id;
    const char *name;
    double *price;
};

gr_field field(const char *name, std::size_t offset, unsigned type)
{
    gr_field made{};
    made.name = name;
    made.offset = offset;
    made.type = type;
    return made;
}

const gr_model *item_model()
{
    static gr_field fields[4];
    static gr_model model{};
    fields[0] = field("id", offsetof(item, id), GR_TYPE_INT64);
    fields[0].ge.kind = GR_CONSTANT_INT;
    fields[0].ge.i = 1;
    fields[1] = field("name", offsetof(item, name), GR_TYPE_STRING);
    fields[1].max_len = 50;
    fields[2] = field("price", offsetof(item, price), GR_TYPE_DOUBLE | GR_POINTER);
    fields[2].optional = true;
    model.size = sizeof model;
    model.field_size = sizeof *fields;
    model.struct_size = sizeof(item);
    model.name = "item";
    model.fields = fields;
    return &model;
}

gr_reply read_item(gr_co, gr_req *req, const void *)
{
    item one{42, "Plumbus", nullptr};
    return gr_reply_model(req, item_model(), &one);
}

gr_reply around(gr_co co, gr_req *req, gr_next *next, const void *)
{
    return gr_call_next(co, req, next);
}

gr_reply keep(gr_req *, const gr_error_info *error)
{
    return error->reply;
}

int begin(gr_co, gr_app *, void *)
{
    return 0;
}

} // namespace

int hand_filled_app(gr_app *app);
int hand_filled_app(gr_app *app)
{
    static const int config = 3;
    gr_middleware middleware{};
    middleware.size = sizeof middleware;
    middleware.name = "around";
    middleware.async_with = around;
    middleware.options.with = &config;
    int rc = gr_use_middleware(app, &middleware);
    rc = rc ? rc : gr_app_on_start_async(app, "begin", begin);
    return rc ? rc : gr_app_on_error(app, 404, keep);
}

const gr_route *hand_filled_route();
const gr_route *hand_filled_route()
{
    static gr_route route{};
    route.size = sizeof route;
    route.method = "GET";
    route.path = "/items/{id}";
    route.name = "read_item";
    route.kind = GR_ASYNC;
    route.call = read_item;
    route.options.response = item_model;
    return &route;
}
