/* What the browser's tests look at: operations, and the document that describes them. */
#include <griddle.h>

struct read_burger {
    int64_t number;
    const char *sauce;
};
static GR_INPUT(read_burger, GR_PATH(number, GR_GE(1)), GR_QUERY(sauce, GR_OPTIONAL));

static gr_reply read_burger(gr_co co, gr_req *req, const struct read_burger *in)
{
    (void)co;
    return gr_json(req, json_pack("{s:I,s:s?}", "number", (json_int_t)in->number, "sauce", in->sauce));
}
GR_GET("/burgers/{number}", read_burger);

/* A picture of one point. */
static const unsigned char gif[] = "GIF89a\1\0\1\0\x80\0\0\0\0\0\0\0\0\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0;";

static gr_reply photo(gr_co co, gr_req *req)
{
    (void)co;
    return gr_content(req, "image/gif", gif, sizeof gif - 1);
}
GR_GET("/photo", photo);

static const char document[] =
    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Burgers\",\"version\":\"1.0\"},\"paths\":{\"/burgers/{number}\":{"
    "\"get\":{\"summary\":\"Read Burger\",\"operationId\":\"read_burger\",\"parameters\":["
    "{\"name\":\"number\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"integer\",\"minimum\":1}},"
    "{\"name\":\"sauce\",\"in\":\"query\",\"required\":false,\"schema\":{\"anyOf\":[{\"type\":\"string\"},"
    "{\"type\":\"null\"}]}}],\"responses\":{\"200\":{\"description\":\"Successful Response\",\"content\":{"
    "\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/Burger\"}}}}}}},\"/photo\":{\"get\":{"
    "\"summary\":\"Photo\",\"operationId\":\"photo\",\"responses\":{\"200\":{\"description\":"
    "\"Successful Response\",\"content\":{\"image/gif\":{}}}}}}},\"components\":{\"schemas\":{"
    "\"Burger\":{\"type\":\"object\",\"title\":\"Burger\",\"required\":[\"number\"],\"properties\":{"
    "\"number\":{\"type\":\"integer\",\"title\":\"Number\"},\"sauce\":{\"type\":\"string\",\"title\":\"Sauce\"}}}}}}";

static gr_reply openapi(gr_co co, gr_req *req)
{
    (void)co;
    return gr_content(req, "application/json", document, sizeof document - 1);
}
GR_GET("/openapi.json", openapi, .hidden = true);

int main(int argc, char **argv)
{
    gr_app *app = gr_app_create("Burgers </title> & \"friends\"", "1.0");
    gr_app_add(app, &read_burger_route, &photo_route, &openapi_route);
    return gr_main(app, argc, argv);
}
