// C++17: the tables are structs, filled by functions instead of by macros; the handler is any function with C linkage's
// calling convention.
#include <cstddef>
#include <string>

#include <griddle.h>

extern "C" gr_app *tutorial_app(void);

namespace
{

struct greeting {
    const char *name;
    std::int64_t times;
};

gr_field make_field(const char *name, std::size_t offset, unsigned type, gr_source source)
{
    gr_field field{};
    field.name = name;
    field.offset = offset;
    field.type = type;
    field.source = source;
    return field;
}

gr_model make_model(const char *name, const gr_field *fields)
{
    gr_model model{};
    model.size = sizeof model;
    model.field_size = sizeof *fields;
    model.struct_size = sizeof(greeting);
    model.name = name;
    model.fields = fields;
    return model;
}

const gr_model *greeting_input()
{
    static gr_field fields[3]{make_field("name", offsetof(greeting, name), GR_TYPE_STRING, GR_IN_PATH),
                              make_field("times", offsetof(greeting, times), GR_TYPE_INT64, GR_IN_QUERY)};
    static const gr_model model = make_model("greeting", fields);
    fields[0].max_len = 20;
    fields[1].default_value.kind = fields[1].ge.kind = fields[1].le.kind = GR_CONSTANT_INT;
    fields[1].default_value.i = fields[1].ge.i = 1;
    fields[1].le.i = 5;
    return &model;
}

gr_reply greet(gr_co, gr_req *req, const void *in)
{
    const auto *input = static_cast<const greeting *>(in);
    std::string text;
    for (std::int64_t i = 0; i < input->times; i++)
        text += std::string("Hello ") + input->name + "!";
    return gr_text(req, text.c_str());
}

gr_model_fn *const greet_input = greeting_input;

gr_route make_route()
{
    gr_route route{};
    route.size = sizeof route;
    route.method = "GET";
    route.path = "/greet/{name}";
    route.name = "greet";
    route.kind = GR_ASYNC;
    route.takes_input = true;
    route.call = greet;
    route.input = &greet_input;
    return route;
}

} // namespace

gr_app *tutorial_app(void)
{
    static const gr_route route = make_route();
    static const gr_route *const routes[] = {&route};
    gr_app *app = gr_app_create("Greetings", "1.0");
    gr_app_add_n(app, routes, 1);
    return app;
}
