#include "compile/program.h"

#include <stdlib.h>

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

/* The library's own come first, as in FastAPI: a "/{path:path}" of the application does not hide them. */
static int gather_routes(struct gri_program *program, struct gri_own_routes own)
{
    const struct gri_list *added = &program->app->routes;
    program->taken = calloc(own.n + added->n + 1, sizeof *program->taken);
    int rc = program->taken ? 0 : GR_ENOMEM;
    for (size_t i = 0; rc == 0 && i < own.n; i++)
        rc = gather_route(program, own.at[i]);
    for (size_t i = 0; rc == 0 && i < added->n; i++)
        rc = gather_route(program, ((const gr_route *const *)added->items)[i]);
    return rc;
}

static int plan_operations(struct gri_program *program)
{
    struct gri_router *router = &program->router;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < router->n_ops; i++)
        rc = gri_op_plan(&router->ops[i], program->schema, &router->arena);
    return rc;
}

int gri_program_init(struct gri_program *program, const gr_app *app, struct gri_own_routes own,
                     const struct gri_log *log)
{
    *program = (struct gri_program){.app = app, .log = log, .schema = gri_schema_create()};
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
    gri_schema_destroy(program->schema);
    program->schema = NULL;
}
