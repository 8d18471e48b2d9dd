/* A dependency that answers for what went wrong in the handler: FastAPI's `try: yield ... except OwnerError`. What is
 * thrown there is a note here, which the handler leaves in what the dependency gave it.
 *
 *     $ curl 127.0.0.1:8000/items/portal-gun
 *     {"description":"Gun to create portals","owner":"Rick"}
 *     $ curl 127.0.0.1:8000/items/plumbus
 *     {"detail":"Owner error: Rick"} */
#include <string.h>

#include "tutorial.h"

struct item {
    const char *id, *description, *owner;
};
static GR_MODEL(item, GR_FIELD(description), GR_FIELD(owner));

static const struct item data[] = {{"plumbus", "Freshly pickled plumbus", "Morty"},
                                   {"portal-gun", "Gun to create portals", "Rick"}};

struct user {
    const char *name;
    const char *owner_error; /* NULL: there was none */
};

static int check_owner(GR_UNUSED gr_co co, gr_req *req, void *arg, GR_UNUSED gr_outcome outcome)
{
    const struct user *user = arg;
    return user->owner_error ? gr_fail(req, 400, "Owner error: %s", user->owner_error) : 0;
}

static int current_user(GR_UNUSED gr_co co, gr_req *req, struct user **user)
{
    *user = gr_alloc(req, sizeof **user);
    if (!*user)
        return GR_ENOMEM;
    (*user)->name = "Rick";
    return gr_defer_early(req, check_owner, *user);
}
GR_DEPENDENCY(current_user, struct user *);

static const struct item *find_item(const char *id)
{
    for (size_t i = 0; i < sizeof data / sizeof *data; i++)
        if (strcmp(data[i].id, id) == 0)
            return &data[i];
    return NULL;
}

struct get_item {
    const char *item_id;
    struct user *user;
};
static GR_INPUT(get_item, GR_PATH(item_id), GR_NEEDS(user, current_user));

static gr_reply get_item(GR_UNUSED gr_co co, gr_req *req, const struct get_item *in)
{
    const struct item *item = find_item(in->item_id);
    if (!item)
        return gr_error(req, 404, "Item not found");
    if (strcmp(item->owner, in->user->name) != 0)
        in->user->owner_error = in->user->name;
    return item_reply(req, item);
}
GR_GET("/items/{item_id}", get_item, .response = item_model);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Owners", "1.0");
    gr_app_add(app, &get_item_route);
    return app;
}
