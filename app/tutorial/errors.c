/* Errors: an answer for what is not there, header fields beside it, and an error of the program's own kind, for which
 * it says once what is answered.
 *
 *     $ curl 127.0.0.1:8000/items/bar
 *     {"detail":"Item not found"}
 *     $ curl 127.0.0.1:8000/unicorns/yolo
 *     {"message":"Oops! yolo did something. There goes a rainbow..."} */
#include <string.h>

#include "tutorial.h"

struct item {
    const char *id, *name;
};
static const struct item item = {"foo", "The Foo Wrestlers"};

/* A function that fails as a handler does: whoever calls it passes on what it returned. */
static int find_item(gr_req *req, const char *id, const struct item **found)
{
    *found = &item;
    return strcmp(id, item.id) == 0 ? 0 : gr_fail(req, 404, "Item not found");
}

struct read_item {
    const char *item_id;
};
static GR_INPUT(read_item, GR_PATH(item_id));

static gr_reply read_item(GR_UNUSED gr_co co, gr_req *req, const struct read_item *in)
{
    const struct item *found;
    int rc = find_item(req, in->item_id, &found);
    return rc ? gr_failed(req, rc) : gr_pack(req, "{s:s}", "item", found->name);
}
GR_GET("/items/{item_id}", read_item);

struct read_item_header {
    const char *item_id;
};
static GR_INPUT(read_item_header, GR_PATH(item_id));

static gr_reply read_item_header(GR_UNUSED gr_co co, gr_req *req, const struct read_item_header *in)
{
    const struct item *found;
    int rc = find_item(req, in->item_id, &found);
    if (rc > 0)
        rc = gr_fail_header(req, "X-Error", "There goes my error");
    return rc ? gr_failed(req, rc) : gr_pack(req, "{s:s}", "item", found->name);
}
GR_GET("/items-header/{item_id}", read_item_header);

/* FastAPI's UnicornException: a status that nothing else here answers, and who it was about. */
enum { UNICORN = 418 };

struct read_unicorn {
    const char *name;
};
static GR_INPUT(read_unicorn, GR_PATH(name));

static gr_reply read_unicorn(GR_UNUSED gr_co co, gr_req *req, const struct read_unicorn *in)
{
    if (strcmp(in->name, "yolo") == 0)
        return gr_failed(req, gr_fail(req, UNICORN, "%s", in->name));
    return gr_pack(req, "{s:s}", "unicorn_name", in->name);
}
GR_GET("/unicorns/{name}", read_unicorn);

static gr_reply on_unicorn(gr_req *req, const gr_error_info *error)
{
    return gr_pack(req, "{s:s++}", "message", "Oops! ", error->cause, " did something. There goes a rainbow...");
}

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Errors", "1.0");
    gr_app_on_error(app, UNICORN, on_unicorn);
    gr_app_add(app, &read_item_route, &read_item_header_route, &read_unicorn_route);
    return app;
}
