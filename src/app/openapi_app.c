/* What an application says of its documentation. */
#include <unistd.h>

#include "app/app.h"

int gr_app_describe(gr_app *app, const gr_app_info *info)
{
    if (!app)
        return GR_ENOMEM;
    if (!info || info->size != sizeof *info)
        return app->failed = GR_EINVAL;
    app->info = *info;
    return 0;
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
    const gr_route **place = app ? gri_list_add(&app->webhooks, sizeof *place) : NULL;
    if (!place)
        return app ? (app->failed = GR_ENOMEM) : GR_ENOMEM;
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

int gr_app_openapi(const gr_app *app, json_t **document)
{
    struct gri_log log = {.level = GRI_LOG_WARNING, .fd = STDERR_FILENO};
    struct gri_running running;
    *document = NULL;
    int rc = app ? gri_running_init(&running, app, &log) : GR_ENOMEM;
    if (rc)
        return rc;
    rc = gri_openapi_make(&running, document);
    gri_running_finish(&running);
    return rc;
}
