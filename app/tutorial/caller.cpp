// C++17: griddle.hpp has the macros of C by the same names; an option that C writes as .max_len = 20 is
// gr::max_len(20).
#include <string>

#include <griddle.hpp>

extern "C" gr_app *tutorial_app(void);

namespace
{

struct greet {
    const char *name;
    std::int64_t times;
};
static GR_INPUT(greet, GR_PATH(name, gr::max_len(20)), GR_QUERY(times, GR_DEFAULT(1), GR_GE(1), GR_LE(5)));

gr_reply greet(gr_co, gr_req *req, const struct greet *in)
{
    std::string text;
    for (std::int64_t i = 0; i < in->times; i++)
        text += std::string("Hello ") + in->name + "!";
    return gr_text(req, text.c_str());
}
GR_GET("/greet/{name}", greet, gr::summary("Greet somebody"));

} // namespace

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Greetings", "1.0");
    gr_app_add(app, &greet_route);
    return app;
}
