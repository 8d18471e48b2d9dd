/* What all that an application is told goes by: a place in a list, or the first mistake. */
#include "declare/app.h"

int gri_app_refuse(gr_app *app, int code, const char *why)
{
    if (app->failed)
        return code;
    app->failed = code;
    app->failed_why = why;
    return code;
}

void *gri_app_add(gr_app *app, struct gri_list *list, size_t size)
{
    void *place = gri_list_add(list, size);
    if (!place)
        (void)gri_app_refuse(app, GR_ENOMEM, NULL);
    return place;
}
