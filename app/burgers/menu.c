/* burgers = await get_burgers(number): a coroutine awaits from any depth of calls. */
#include "shop.h"

enum { MOST_BURGERS = 100, KITCHEN_MS = 10 };

struct burger {
    int64_t id;
    const char *name;
};
static GR_MODEL(burger, GR_FIELD(id), GR_FIELD(name));

struct menu {
    GR_LIST_OF(struct burger) burgers;
};
static GR_MODEL(menu, GR_OBJECTS(burgers, burger));

/* Asks the kitchen, which takes its time. */
static int get_burgers(gr_co co, int64_t number, struct burger *burgers)
{
    static const char *const names[] = {"Classic Burger", "Cheeseburger",  "Bacon Burger", "Mushroom Burger",
                                        "Chili Burger",   "Veggie Burger", "Fish Burger",  "Chicken Burger",
                                        "Double Burger",  "Royal Burger"};
    for (int64_t i = 0; i < number; i++)
        burgers[i] = (struct burger){i + 1, names[(size_t)i % (sizeof names / sizeof names[0])]};
    return gr_sleep(co, KITCHEN_MS);
}

struct read_burgers {
    int64_t number;
};
static GR_INPUT(read_burgers, GR_PATH(number, GR_GE(1), GR_LE(MOST_BURGERS), .doc = "How many burgers"));

static gr_reply read_burgers(gr_co co, gr_req *req, const struct read_burgers *in)
{
    struct burger burgers[MOST_BURGERS];
    int rc = get_burgers(co, in->number, burgers);
    if (rc < 0)
        return gr_failed(req, rc);
    struct menu menu = {{burgers, (size_t)in->number}};
    return menu_reply(req, &menu);
}
GR_GET("/burgers/{number}", read_burgers, .summary = "Get some burgers", .response = menu_model);

void add_menu(gr_app *app)
{
    gr_app_add(app, &read_burgers_route);
}
