#include "compile/program.h"

#include <stdlib.h>
#include <string.h>

/* The application's first. False: out of memory. */
static bool add_needs(struct gri_program *program, gr_route *route)
{
    const struct gri_list *added = &program->app->needs;
    const gr_dependency *const *own = route->options.needs;
    size_t n = 0;
    while (own && own[n])
        n++;
    const gr_dependency **all = gri_arena_alloc(&program->arena, (added->n + n + 1) * sizeof *all);
    if (!all)
        return false;
    if (added->n)
        memcpy(all, added->items, added->n * sizeof *all);
    if (n)
        memcpy(all + added->n, own, n * sizeof *all);
    all[added->n + n] = NULL;
    route->options.needs = all;
    return true;
}

static int gather_route(struct gri_program *program, const gr_route *route)
{
    struct gri_taken_route *taken = &program->taken[program->routes.n];
    const gr_route **place = gri_list_add(&program->routes, sizeof *place);
    if (!place)
        return GR_ENOMEM;
    taken->declared = route;
    *place = gri_route_take(&taken->whole, route) ? &taken->whole : route; /* which the checks then refuse */
    return 0;
}

static int gather_added(struct gri_program *program, const gr_route *route)
{
    struct gri_taken_route *taken = &program->taken[program->routes.n];
    int rc = gather_route(program, route);
    return rc || !program->app->needs.n || add_needs(program, &taken->whole) ? rc : GR_ENOMEM;
}

/* The library's own come first, as in FastAPI: a "/{path:path}" of the application does not hide them. */
static int gather_routes(struct gri_program *program, struct gri_own_routes own)
{
    const struct gri_list *added = &program->app->routes;
    program->taken = calloc(own.n + added->n + 1, sizeof *program->taken);
    int rc = program->taken ? 0 : GR_ENOMEM;
    for (size_t i = 0; rc == 0 && i < own.n; i++)
        rc = gather_route(program, own.at[i]);
    for (size_t i = 0; rc == 0 && i < added->n; i++)
        rc = gather_added(program, ((const gr_route *const *)added->items)[i]);
    return rc;
}

static int plan_operations(struct gri_program *program)
{
    struct gri_router *router = &program->router;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < router->n_ops; i++)
        rc = gri_op_plan(&router->ops[i], program, &router->arena);
    return rc;
}

int gri_program_init(struct gri_program *program, const gr_app *app, struct gri_own_routes own,
                     const struct gri_log *log)
{
    *program = (struct gri_program){.app = app, .log = log, .schema = gri_schema_create()};
    gri_arena_init(&program->arena, NULL, 0);
    int rc = program->schema ? gather_routes(program, own) : GR_ENOMEM;
    if (rc == 0)
        rc = gri_check_program(program);
    return rc ? rc : plan_operations(program);
}

void gri_program_finish(struct gri_program *program)
{
    gri_router_finish(&program->router);
    gri_list_finish(&program->routes);
    free(program->taken);
    gri_arena_finish(&program->arena);
    gri_schema_destroy(program->schema);
    program->schema = NULL;
}
