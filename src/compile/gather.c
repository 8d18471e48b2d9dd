/* All that an application serves, in the order in which it was declared, each operation with what it takes over from
 * its routers. */
#include <string.h>

#include "compile/program.h"
#include "compile/scope.h"

struct gathering {
    struct gri_program *program;
    struct gri_scopes scopes;
    unsigned n_mounts;
};

static struct gri_taken_route **last_taken(struct gri_program *program)
{
    return (struct gri_taken_route **)program->routes.items + program->routes.n - 1;
}

static int gather_route(struct gathering *g, const struct gri_scope *scope, const gr_route *route)
{
    struct gri_taken_route *taken = gri_arena_alloc(&g->program->arena, sizeof *taken);
    struct gri_taken_route **place = taken ? gri_list_add(&g->program->routes, sizeof *place) : NULL;
    if (!place)
        return GR_ENOMEM;
    *taken = (struct gri_taken_route){.declared = route, .scope = scope, .name = route->name};
    *place = taken;
    taken->usable = gri_route_take(&taken->whole, route); /* else the checks refuse it */
    return taken->usable && scope ? gri_scope_apply(&g->scopes, scope, taken) : 0;
}

static int gather_router(struct gathering *g, const struct gri_scope *outer, const gr_router *declared)
{
    gr_router router;
    const struct gri_scope *scope;
    int rc = gri_scope_enter(&g->scopes, outer, declared, &router, &scope);
    if (rc || !scope)
        return rc;
    const struct gri_scope **place = gri_list_add(&g->program->scopes, sizeof *place);
    if (!place)
        return GR_ENOMEM;
    *place = scope;
    for (const gr_route *const *route = router.routes; rc == 0 && route && *route; route++)
        rc = gather_route(g, scope, *route);
    for (const gr_router *const *inner = router.routers; rc == 0 && inner && *inner; inner++)
        rc = gather_router(g, scope, *inner);
    return rc;
}

static gr_reply never_called(gr_co co, gr_req *req, const void *in)
{
    (void)co, (void)req, (void)in;
    return (gr_reply){NULL};
}

static void check_mount(struct gathering *g, const struct gri_part *part)
{
    const char *prefix = part->prefix;
    if (part->refused)
        g->scopes.report(g->scopes.arg, "the mount at \"%s\": %s", prefix, part->refused);
    else if (prefix[0] && (prefix[0] != '/' || prefix[strlen(prefix) - 1] == '/'))
        g->scopes.report(g->scopes.arg, "the mount at \"%s\": a prefix starts with '/' and does not end with it",
                         prefix);
    else if (prefix[strspn(prefix, GRI_PLAIN_PATH)])
        g->scopes.report(g->scopes.arg, "the mount at \"%s\": a prefix has no parameters, and nothing to escape",
                         prefix);
}

/* A route that leads to whatever is below the prefix, so that the router finds operations and mounts in their order. */
static int gather_mount(struct gathering *g, const struct gri_part *part)
{
    struct gri_arena *arena = &g->program->arena;
    gr_route *route = gri_arena_alloc(arena, sizeof *route);
    const char *path = gri_join_texts(arena, part->prefix, "", "/{path:path}");
    const char *name = gri_join_texts(arena, "the mount at \"", part->prefix, "\"");
    check_mount(g, part);
    if (!route || !path || !name)
        return GR_ENOMEM;
    if (part->refused)
        return 0;
    *route = (gr_route){.size = sizeof *route, .method = "*", .path = path, .name = name, .call = never_called};
    route->options.hidden = true;
    int rc = gather_route(g, NULL, route);
    if (rc == 0)
        (*last_taken(g->program))->mount = ++g->n_mounts;
    return rc;
}

static int gather_part(struct gathering *g, const struct gri_part *part)
{
    const struct gri_scope *scope;
    if (part->route)
        return gather_route(g, NULL, part->route);
    if (part->mounted)
        return gather_mount(g, part);
    int rc = gri_scope_include(&g->scopes, part, &scope);
    return rc ? rc : gather_router(g, scope, part->router);
}

/* What each of the application's operations needs, of which `own` are the library's. */
static int add_needs(struct gri_program *program, size_t own)
{
    const struct gri_list *needs = &program->app->needs;
    struct gri_taken_route *const *routes = program->routes.items;
    const gr_dependency **all = gri_arena_alloc(&program->arena, (needs->n + 1) * sizeof *all);
    int rc = all ? 0 : GR_ENOMEM;
    if (needs->n && all)
        memcpy(all, needs->items, needs->n * sizeof *all);
    if (all)
        all[needs->n] = NULL;
    for (size_t i = own; i < program->routes.n && rc == 0; i++)
        rc = routes[i]->usable ? gri_scope_add_needs(&program->arena, all, &routes[i]->whole.options) : 0;
    return rc;
}

/* --- names --- */

static bool is_named_alike(const struct gri_taken_route *a, const struct gri_taken_route *b)
{
    return a != b && a->name && b->name && strcmp(a->name, b->name) == 0;
}

static bool is_name_taken(const struct gri_program *program, const struct gri_taken_route *route)
{
    struct gri_taken_route *const *routes = program->routes.items;
    for (size_t i = 0; i < program->routes.n; i++)
        if (is_named_alike(route, routes[i]))
            return true;
    return false;
}

/* "admin:read_user": what an application that is mounted at "/admin" calls an operation. */
static int put_mounts_before(struct gri_program *program)
{
    struct gri_taken_route *const *routes = program->routes.items;
    for (const gr_app *app = program->app; app->outer; app = app->outer)
        for (size_t i = 0; *app->mounted_at && i < program->routes.n; i++) {
            const char *name = routes[i]->name;
            routes[i]->name = name ? gri_join_texts(&program->arena, app->mounted_at + 1, ":", name) : NULL;
            if (name && !routes[i]->name)
                return GR_ENOMEM;
        }
    return 0;
}

/* Operations of routers that share a name are told apart by where they are; all of them, so that no name depends on
 * what was included first. */
static int tell_apart(struct gri_program *program)
{
    struct gri_taken_route *const *routes = program->routes.items;
    const char **names = gri_arena_alloc(&program->arena, (program->routes.n + 1) * sizeof *names);
    if (!names)
        return GR_ENOMEM;
    for (size_t i = 0; i < program->routes.n; i++) {
        bool shared = routes[i]->scope && is_name_taken(program, routes[i]);
        names[i] = shared ? gri_scope_name(&program->arena, routes[i]) : routes[i]->name;
        if (shared && !names[i])
            return GR_ENOMEM;
    }
    for (size_t i = 0; i < program->routes.n; i++)
        routes[i]->name = names[i];
    return 0;
}

/* The library's own come first, as in FastAPI: a "/{path:path}" of the application does not hide them. */
int gri_gather(struct gri_program *program, struct gri_own_routes own, gri_report_fn *report, void *arg)
{
    struct gathering g = {.program = program, .scopes = {&program->arena, report, arg}};
    const struct gri_part *parts = program->app->parts.items;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < own.n; i++)
        rc = gather_route(&g, NULL, own.at[i]);
    for (size_t i = 0; rc == 0 && i < program->app->parts.n; i++)
        rc = gather_part(&g, &parts[i]);
    if (rc == 0 && program->app->needs.n)
        rc = add_needs(program, own.n);
    rc = rc ? rc : tell_apart(program);
    return rc ? rc : put_mounts_before(program);
}
