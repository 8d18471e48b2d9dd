/* Applications within an application. */
#include <string.h>

#include "declare/app.h"

static bool is_inside(const gr_app *app, const gr_app *outer)
{
    for (; app; app = app->outer)
        if (app == outer)
            return true;
    return false;
}

/* "/" is everywhere, as "" is. */
static const char *plain_prefix(const char *prefix)
{
    return prefix && strcmp(prefix, "/") != 0 ? prefix : "";
}

int gr_app_mount(gr_app *app, const char *prefix, gr_app *mounted)
{
    if (!app)
        return GR_ENOMEM;
    if (!mounted)
        return gri_app_refuse(app, GR_ENOMEM, "gr_app_mount() was given NULL to mount");
    struct gri_part *place = gri_app_add(app, &app->parts, sizeof *place);
    if (!place)
        return GR_ENOMEM;
    *place = (struct gri_part){.mounted = mounted, .prefix = plain_prefix(prefix)};
    if (is_inside(app, mounted))
        place->refused = "it would be inside itself";
    else if (mounted->outer)
        place->refused = "it is mounted already";
    if (place->refused)
        return GR_EEXIST;
    mounted->outer = app;
    mounted->mounted_at = place->prefix;
    return 0;
}

const gr_middleware *gri_app_blocking_middleware(const gr_app *app)
{
    for (; app; app = app->outer) {
        const gr_middleware *steps = app->steps.items;
        for (size_t i = app->steps.n; i > 0; i--)
            if (gri_middleware_is_blocking(&steps[i - 1]))
                return &steps[i - 1];
    }
    return NULL;
}

const struct gri_part *gri_app_mount_at(const gr_app *app, size_t i)
{
    const struct gri_part *parts = app->parts.items;
    for (size_t at = 0; at < app->parts.n; at++)
        if (parts[at].mounted && !parts[at].refused && i-- == 0)
            return &parts[at];
    return NULL;
}
