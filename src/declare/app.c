#include "declare/app.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"

gr_app *gr_app_create(const char *title, const char *version)
{
    gr_app *app = calloc(1, sizeof *app);
    if (!app)
        return NULL;
    app->title = title ? title : "Griddle";
    app->version = version ? version : "0";
    app->docs_url = "/docs";
    app->redoc_url = "/redoc";
    app->openapi_url = "/openapi.json";
    gr_limits_init(&app->limits);
    gri_arena_init(&app->arena, NULL, 0);
    app->redirects_slashes = true;
    return app;
}

void gr_app_destroy(gr_app *app)
{
    if (!app)
        return;
    const struct gri_option *options = app->options.items;
    for (size_t i = 0; i < app->options.n; i++)
        free((char *)(uintptr_t)options[i].name);
    gri_app_forget_info(app);
    const struct gri_part *parts = app->parts.items;
    for (size_t i = 0; i < app->parts.n; i++)
        if (parts[i].mounted && !parts[i].refused)
            gr_app_destroy(parts[i].mounted);
    gri_list_finish(&app->parts);
    gri_list_finish(&app->webhooks);
    gri_list_finish(&app->steps);
    gri_list_finish(&app->options);
    gri_list_finish(&app->hooks);
    gri_list_finish(&app->on_errors);
    gri_list_finish(&app->tasks);
    free(app->failure);
    gri_list_finish(&app->needs);
    gri_list_finish(&app->overrides);
    gri_arena_finish(&app->arena);
    free(app);
}

int gr_app_add_n(gr_app *app, const gr_route *const *routes, size_t n)
{
    for (size_t i = 0; app && i < n; i++) {
        if (!routes[i])
            return gri_app_refuse(app, GR_EINVAL, "gr_app_add() was given NULL for a route");
        struct gri_part *place = gri_app_add(app, &app->parts, sizeof *place);
        if (!place)
            return GR_ENOMEM;
        *place = (struct gri_part){.route = routes[i]};
    }
    return app ? 0 : GR_ENOMEM;
}

const char *gr_app_title(const gr_app *app)
{
    return app ? app->title : "";
}

const char *gr_app_version(const gr_app *app)
{
    return app ? app->version : "";
}

const char *gr_app_docs_url(const gr_app *app)
{
    return app ? app->docs_url : NULL;
}

const char *gr_app_redoc_url(const gr_app *app)
{
    return app ? app->redoc_url : NULL;
}

const char *gr_app_openapi_url(const gr_app *app)
{
    return app ? app->openapi_url : NULL;
}

const gr_route *gr_app_route(const gr_app *app, size_t i)
{
    const struct gri_part *parts = app ? app->parts.items : NULL;
    for (size_t at = 0; app && at < app->parts.n; at++)
        if (parts[at].route && i-- == 0)
            return parts[at].route;
    return NULL;
}

int gr_app_set_state(gr_app *app, void *state)
{
    if (!app)
        return GR_ENOMEM;
    app->state = state;
    return 0;
}

int gr_app_set_redirect_slashes(gr_app *app, bool on)
{
    if (!app)
        return GR_ENOMEM;
    app->redirects_slashes = on;
    return 0;
}

int gr_app_set_strict_content_type(gr_app *app, bool on)
{
    if (!app)
        return GR_ENOMEM;
    app->lax_content_type = !on;
    return 0;
}

int gr_app_set_problem_details(gr_app *app, bool on)
{
    if (!app)
        return GR_ENOMEM;
    app->problem_details = on;
    return 0;
}

static bool has_on_error(const gr_app *app, int status)
{
    const struct gri_on_error *all = app->on_errors.items;
    for (size_t i = 0; i < app->on_errors.n; i++)
        if (all[i].status == status)
            return true;
    return false;
}

int gr_app_on_error(gr_app *app, int status, gr_error_fn *fn)
{
    bool known = status == 0 || status == 4 || status == 5 || (status >= 400 && status <= 599);
    if (!app)
        return GR_ENOMEM;
    if (!fn || !known)
        return gri_app_refuse(app, GR_EINVAL,
                              "gr_app_on_error() takes a status from 400 to 599, 4, 5 or 0, and a function");
    if (has_on_error(app, status))
        return gri_app_refuse(app, GR_EEXIST, "gr_app_on_error() was given two functions for one status");
    struct gri_on_error *place = gri_app_add(app, &app->on_errors, sizeof *place);
    if (!place)
        return GR_ENOMEM;
    *place = (struct gri_on_error){status, fn};
    return 0;
}

int gr_app_set_invalid_sized(gr_app *app, gr_invalid_fn *fn, gr_model_fn *model, size_t size)
{
    if (!app)
        return GR_ENOMEM;
    if (!fn || !model || !gri_invalid_size_fits(size))
        return gri_app_refuse(app, GR_EINVAL,
                              "gr_app_set_invalid() takes a function, the model of its reply and sizeof(gr_invalid)");
    app->invalid = fn;
    app->invalid_size = size;
    app->invalid_model = model;
    return 0;
}

int gr_app_set_limits(gr_app *app, const gr_limits *limits)
{
    if (!app)
        return GR_ENOMEM;
    gr_limits own;
    gr_limits_init(&own);
    if (!gr_sized_take(&own, sizeof own, limits, offsetof(gr_limits, head_bytes)))
        return gri_app_refuse(app, GR_EINVAL, "gr_app_set_limits() takes limits that gr_limits_init() began");
    app->limits = own;
    return 0;
}

static bool is_page_url(const char *url)
{
    return url[0] == '/' && url[strspn(url, GRI_PLAIN_PATH)] == '\0';
}

static int set_page_url(gr_app *app, const char **place, const char *url, const char *why)
{
    if (url && !is_page_url(url))
        return gri_app_refuse(app, GR_EINVAL, why);
    *place = url;
    return 0;
}

int gr_app_set_docs_url(gr_app *app, const char *url)
{
    static const char why[] = "gr_app_set_docs_url() takes a path that begins with '/' and needs no escape";
    return app ? set_page_url(app, &app->docs_url, url, why) : GR_ENOMEM;
}

int gr_app_set_redoc_url(gr_app *app, const char *url)
{
    static const char why[] = "gr_app_set_redoc_url() takes a path that begins with '/' and needs no escape";
    return app ? set_page_url(app, &app->redoc_url, url, why) : GR_ENOMEM;
}

int gr_use_middleware(gr_app *app, const gr_middleware *middleware)
{
    gr_middleware own = {.size = sizeof own};
    if (!app)
        return GR_ENOMEM;
    if (!gr_sized_take(&own, sizeof own, middleware, sizeof own))
        return gri_app_refuse(app, GR_EINVAL, "gr_use_middleware() takes a middleware, of size sizeof(gr_middleware)");
    gr_middleware *place = gri_app_add(app, &app->steps, sizeof *place);
    if (!place)
        return GR_ENOMEM;
    *place = own;
    return 0;
}

static bool is_option(const char *name)
{
    return name && strncmp(name, "--", 2) == 0 && name[2] && name[2] != ' ';
}

/* "--db FILE": the name, and what stands for its argument in --help. */
static bool split_option(struct gri_option *option, const char *name)
{
    char *copy = strdup(name + 2);
    if (!copy)
        return false;
    char *space = strchr(copy, ' ');
    if (space)
        *space = '\0';
    option->name = copy;
    option->placeholder = space ? space + 1 : "VALUE";
    return true;
}

static bool has_option(const gr_app *app, const char *name)
{
    const struct gri_option *options = app->options.items;
    for (size_t i = 0; i < app->options.n; i++)
        if (strcmp(options[i].name, name) == 0)
            return true;
    return false;
}

int gr_option(gr_app *app, const char *name, const char **value, const char *doc)
{
    struct gri_option option = {.value = value, .doc = doc};
    if (!app)
        return GR_ENOMEM;
    if (!value || !is_option(name))
        return gri_app_refuse(app, GR_EINVAL, "gr_option() takes \"--name VALUE\" and a place for the value");
    if (!split_option(&option, name))
        return gri_app_refuse(app, GR_ENOMEM, NULL);
    bool taken = has_option(app, option.name);
    struct gri_option *place = taken ? NULL : gri_app_add(app, &app->options, sizeof *place);
    if (!place) {
        free((char *)(uintptr_t)option.name);
        return taken ? gri_app_refuse(app, GR_EEXIST, "gr_option() was given one option twice") : GR_ENOMEM;
    }
    *place = option;
    return 0;
}

static int add_hook(gr_app *app, struct gri_hook hook)
{
    struct gri_hook *place = app ? gri_app_add(app, &app->hooks, sizeof *place) : NULL;
    if (!place)
        return GR_ENOMEM;
    *place = hook;
    return 0;
}

int gr_app_on(gr_app *app, gr_start_fn *start, gr_stop_fn *stop)
{
    return add_hook(app, (struct gri_hook){.start = start, .stop = stop});
}

int gr_app_on_start_blocking(gr_app *app, const char *name, gr_start_fn *fn)
{
    return add_hook(app, (struct gri_hook){.name = name, .start = fn});
}

int gr_app_on_start_async(gr_app *app, const char *name, gr_async_start_fn *fn)
{
    return add_hook(app, (struct gri_hook){.name = name, .start_async = fn});
}

int gr_app_on_stop_blocking(gr_app *app, const char *name, gr_stop_fn *fn)
{
    return add_hook(app, (struct gri_hook){.name = name, .stop = fn});
}

int gr_app_on_stop_async(gr_app *app, const char *name, gr_async_stop_fn *fn)
{
    return add_hook(app, (struct gri_hook){.name = name, .stop_async = fn});
}

int gr_app_fail(gr_app *app, const char *fmt, ...)
{
    char text[512];
    va_list args;
    if (!app)
        return GR_ENOMEM;
    va_start(args, fmt);
    gri_vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (!app->failure)
        app->failure = strdup(text); /* without memory the code has to say it */
    return GR_EIO;
}

int gr_app_add_task(gr_app *app, const char *name, gr_task_fn *fn, void *arg)
{
    if (app && !fn)
        return gri_app_refuse(app, GR_EINVAL, "gr_app_add_task() was given NULL for a function");
    struct gri_app_task *place = app ? gri_app_add(app, &app->tasks, sizeof *place) : NULL;
    if (!place)
        return GR_ENOMEM;
    *place = (struct gri_app_task){name, fn, arg};
    return 0;
}
