/* What an application says of dependencies. */
#include "declare/app.h"

int gr_app_need(gr_app *app, const gr_dependency *const *needs)
{
    for (; app && needs && *needs; needs++) {
        const gr_dependency **place = gri_list_add(&app->needs, sizeof *place);
        if (!place)
            return gri_app_refuse(app, GR_ENOMEM, NULL);
        *place = *needs;
    }
    return app ? 0 : GR_ENOMEM;
}

static struct gri_override *find_override(const gr_app *app, const gr_dependency *dependency)
{
    struct gri_override *overrides = app->overrides.items;
    for (size_t i = 0; i < app->overrides.n; i++)
        if (overrides[i].dependency == dependency)
            return &overrides[i];
    return NULL;
}

int gr_app_override(gr_app *app, const gr_dependency *dependency, const gr_dependency *stand_in)
{
    if (!app)
        return GR_ENOMEM;
    struct gri_override *place = find_override(app, dependency);
    if (!place)
        place = gri_list_add(&app->overrides, sizeof *place);
    if (!place)
        return gri_app_refuse(app, GR_ENOMEM, NULL);
    *place = (struct gri_override){dependency, stand_in ? stand_in : dependency};
    return 0;
}

const gr_dependency *gri_app_stand_in(const gr_app *app, const gr_dependency *dependency)
{
    const struct gri_override *found = find_override(app, dependency);
    return found ? found->stand_in : dependency;
}
