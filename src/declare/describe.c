/* What an application says of its documentation. */
#include <stdlib.h>
#include <string.h>

#include "declare/app.h"

/* Both are written where they are needed, and such a list ends with its block: so they are copied. */
static gr_server_info *copy_servers(const gr_server_info *servers)
{
    size_t n = 1;
    for (const gr_server_info *s = servers; s->url; s++)
        n++;
    gr_server_info *copy = malloc(n * sizeof *copy);
    return copy ? memcpy(copy, servers, n * sizeof *copy) : NULL;
}

static gr_tag_info *copy_tags(const gr_tag_info *tags)
{
    size_t n = 1;
    for (const gr_tag_info *t = tags; t->name; t++)
        n++;
    gr_tag_info *copy = malloc(n * sizeof *copy);
    return copy ? memcpy(copy, tags, n * sizeof *copy) : NULL;
}

void gri_app_forget_info(gr_app *app)
{
    free((void *)(uintptr_t)app->info.servers);
    free((void *)(uintptr_t)app->info.tags);
    app->info = (gr_app_info){0};
}

int gr_app_describe(gr_app *app, const gr_app_info *info)
{
    if (!app)
        return GR_ENOMEM;
    gr_app_info own = {0};
    if (!gr_sized_take(&own, sizeof own, info, offsetof(gr_app_info, description)))
        return gri_app_refuse(app, GR_EINVAL, "gr_app_describe() takes a gr_app_info, of size sizeof(gr_app_info)");
    gri_app_forget_info(app);
    app->info = own;
    app->info.servers = own.servers ? copy_servers(own.servers) : NULL;
    app->info.tags = own.tags ? copy_tags(own.tags) : NULL;
    bool copied = !app->info.servers == !own.servers && !app->info.tags == !own.tags;
    return copied ? 0 : gri_app_refuse(app, GR_ENOMEM, NULL);
}

int gr_app_set_openapi_url(gr_app *app, const char *path)
{
    if (!app)
        return GR_ENOMEM;
    app->openapi_url = path;
    return 0;
}

int gr_app_add_webhook(gr_app *app, const gr_route *webhook)
{
    if (app && !webhook)
        return gri_app_refuse(app, GR_EINVAL, "gr_app_add_webhook() was given NULL for a route");
    const gr_route **place = app ? gri_app_add(app, &app->webhooks, sizeof *place) : NULL;
    if (!place)
        return GR_ENOMEM;
    *place = webhook;
    return 0;
}

int gr_app_on_openapi(gr_app *app, gr_openapi_fn *fn, void *arg)
{
    if (!app)
        return GR_ENOMEM;
    app->on_openapi = fn;
    app->on_openapi_arg = arg;
    return 0;
}
