/* What the browser's tests look at. */
#include <griddle.h>

struct burger {
    int64_t number;
    const char *sauce;
};
static GR_MODEL(burger, GR_FIELD(number), GR_FIELD(sauce, GR_OPTIONAL));

struct read_burger {
    int64_t number;
    const char *sauce;
};
static GR_INPUT(read_burger, GR_PATH(number, GR_GE(1)), GR_QUERY(sauce, GR_OPTIONAL));

static gr_reply read_burger(gr_co co, gr_req *req, const struct read_burger *in)
{
    (void)co;
    struct burger burger = {.number = in->number, .sauce = in->sauce};
    return burger_reply(req, &burger);
}
GR_GET("/burgers/{number}", read_burger, .response = burger_model);

/* A picture of one point. */
static const unsigned char gif[] = "GIF89a\1\0\1\0\x80\0\0\0\0\0\0\0\0\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0;";

static gr_reply photo(gr_co co, gr_req *req)
{
    (void)co;
    return gr_content(req, "image/gif", gif, sizeof gif - 1);
}
GR_GET("/photo", photo);

int main(int argc, char **argv)
{
    gr_app *app = gr_app_create("Burgers </title> & \"friends\"", "1.0");
    gr_app_add(app, &read_burger_route, &photo_route);
    return gr_main(app, argc, argv);
}
