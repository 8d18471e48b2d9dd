/* Routers that an application includes. */
#include <string.h>

#include "declare/app.h"

/* --- what is written in place, and so ends with its block --- */

/* Of pointers, whatever they point to, ended by NULL. */
static const void *copy_list(gr_app *app, const void *list)
{
    size_t n = list ? gri_pointers(list) : 0, size = (n + 1) * sizeof(void *);
    void *copy = list ? gri_arena_alloc(&app->arena, size) : NULL;
    return copy ? memcpy(copy, list, size) : NULL;
}

/* One whose stride fits no gr_response_info is left as it is: its mistake is found by that. */
static const gr_response_list *copy_responses(gr_app *app, const gr_response_list *list)
{
    int status = 1;
    size_t n = 0;
    if (!list || !list->at || list->stride < sizeof status)
        return list;
    for (; status; n++)
        memcpy(&status, (const char *)list->at + n * list->stride, sizeof status);
    gr_response_list *copy = gri_arena_alloc(&app->arena, sizeof *copy);
    void *at = gri_arena_alloc(&app->arena, n * list->stride);
    if (!copy || !at)
        return NULL;
    *copy = (gr_response_list){list->stride, memcpy(at, list->at, n * list->stride)};
    return copy;
}

static int copy_options(gr_app *app, gr_include_options *own, const gr_include_options *given)
{
    gr_include_options all = {.size = sizeof all};
    if (given && !gr_sized_take(&all, sizeof all, given, offsetof(gr_include_options, prefix)))
        return GR_EINVAL;
    *own = all;
    own->tags = copy_list(app, all.tags);
    own->needs = copy_list(app, all.needs);
    own->responses = copy_responses(app, all.responses);
    own->callbacks = copy_list(app, all.callbacks);
    bool copied = !own->tags == !all.tags && !own->needs == !all.needs && !own->responses == !all.responses &&
                  !own->callbacks == !all.callbacks;
    return copied ? 0 : GR_ENOMEM;
}

int gr_app_include_with(gr_app *app, const gr_router *router, const gr_include_options *options)
{
    if (!app)
        return GR_ENOMEM;
    if (!router)
        return gri_app_refuse(app, GR_EINVAL, "gr_app_include() was given NULL to include");
    static const char odd_size[] = "gr_app_include_with() takes options of size sizeof(gr_include_options)";
    gr_include_options *own = gri_arena_alloc(&app->arena, sizeof *own);
    int rc = own ? copy_options(app, own, options) : GR_ENOMEM;
    struct gri_part *place = rc == 0 ? gri_app_add(app, &app->parts, sizeof *place) : NULL;
    if (!place)
        return gri_app_refuse(app, rc ? rc : GR_ENOMEM, rc == GR_EINVAL ? odd_size : NULL);
    *place = (struct gri_part){.router = router, .inclusion = own};
    return 0;
}

/* --- looking into them --- */

size_t gri_pointers(const void *list)
{
    const void *pointer = list;
    size_t n = 0;
    while (memcpy(&pointer, (const char *)list + n * sizeof pointer, sizeof pointer), pointer)
        n++;
    return n;
}

bool gri_router_take(gr_router *whole, const gr_router *declared)
{
    *whole = (gr_router){.size = sizeof *whole};
    return gr_sized_take(whole, sizeof *whole, declared, offsetof(gr_router, routes));
}

bool gri_is_within(const struct gri_within *within, const gr_router *router)
{
    for (; within; within = within->outer)
        if (within->router == router)
            return true;
    return false;
}

/* What is left of a path behind a prefix; NULL: it begins otherwise. */
static const char *behind(const char *path, const char *prefix)
{
    size_t len = prefix ? strlen(prefix) : 0;
    return len == 0 || strncmp(path, prefix, len) == 0 ? path + len : NULL;
}

static bool is_of(const gr_route *route, const char *method, const char *path)
{
    return route->method && route->path && strcmp(route->method, method) == 0 && strcmp(route->path, path) == 0;
}

static bool router_serves(const struct gri_within *outer, const gr_router *declared, const char *method,
                          const char *path)
{
    gr_router router;
    struct gri_within within = {outer, declared};
    if (gri_is_within(outer, declared) || !gri_router_take(&router, declared))
        return false;
    path = behind(path, router.prefix);
    for (const gr_route *const *route = router.routes; path && route && *route; route++)
        if (is_of(*route, method, path))
            return true;
    for (const gr_router *const *inner = router.routers; path && inner && *inner; inner++)
        if (router_serves(&within, *inner, method, path))
            return true;
    return false;
}

bool gr_app_has(const gr_app *app, const char *method, const char *path)
{
    const struct gri_part *parts = app ? app->parts.items : NULL;
    for (size_t i = 0; app && i < app->parts.n; i++) {
        const char *rest = parts[i].router ? behind(path, parts[i].inclusion->prefix) : NULL;
        if (parts[i].route ? is_of(parts[i].route, method, path)
                           : rest && router_serves(NULL, parts[i].router, method, rest))
            return true;
    }
    return false;
}
