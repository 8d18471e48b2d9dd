/* All of /items: prefix, tag, guard and 404 are said once, for the router. */
#include "items.h"

#include <string.h>

#include "../dependencies.h"

struct item {
    const char *id, *name;
};

static const struct item fake_items_db[] = {{"plumbus", "Plumbus"}, {"gun", "Portal Gun"}};
enum { N_ITEMS = sizeof fake_items_db / sizeof *fake_items_db };

static gr_reply read_items(GR_UNUSED gr_co co, gr_req *req)
{
    json_t *items = json_object();
    for (size_t i = 0; i < N_ITEMS; i++)
        json_object_set_new(items, fake_items_db[i].id, json_pack("{s:s}", "name", fake_items_db[i].name));
    return gr_json(req, items);
}
GR_GET("/", read_items);

struct read_item {
    const char *item_id;
};
static GR_INPUT(read_item, GR_PATH(item_id));

static gr_reply read_item(GR_UNUSED gr_co co, gr_req *req, const struct read_item *in)
{
    for (size_t i = 0; i < N_ITEMS; i++)
        if (strcmp(fake_items_db[i].id, in->item_id) == 0)
            return gr_pack(req, "{s:s,s:s}", "name", fake_items_db[i].name, "item_id", in->item_id);
    return gr_error(req, 404, "Item not found");
}
GR_GET("/{item_id}", read_item);

struct update_item {
    const char *item_id;
};
static GR_INPUT(update_item, GR_PATH(item_id));

static gr_reply update_item(GR_UNUSED gr_co co, gr_req *req, const struct update_item *in)
{
    if (strcmp(in->item_id, "plumbus") != 0)
        return gr_error(req, 403, "You can only update the item: plumbus");
    return gr_pack(req, "{s:s,s:s}", "item_id", in->item_id, "name", "The great Plumbus");
}
GR_PUT("/{item_id}", update_item, .tags = GR_NAMES("custom"),
       .responses = GR_RESPONSES({403, .description = "Operation forbidden"}));

GR_ROUTER(items, "/items", .routes = GR_ROUTES(&read_items_route, &read_item_route, &update_item_route),
          .tags = GR_NAMES("items"), .needs = GR_DEPENDENCIES(&get_token_header_dependency),
          .responses = GR_RESPONSES({404, .description = "Not found"}));
