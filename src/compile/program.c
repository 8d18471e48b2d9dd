#include "compile/made.h"

static int plan_operations(struct gri_program *program)
{
    struct gri_router *router = &program->router;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < router->n_ops; i++)
        rc = gri_op_plan(&router->ops[i], program, &router->arena);
    return rc;
}

/* What the application says of a proxy in front, unless it says a whole URL. */
static const char *own_root_path(const gr_app *app)
{
    const char *path = app->info.root_path;
    return path && path[0] == '/' && path[1] ? path : "";
}

int gri_program_init(struct gri_program *program, const gr_app *app, struct gri_own_routes own, const char *root_path,
                     const struct gri_log *log)
{
    *program = (struct gri_program){.app = app, .log = log, .schema = gri_schema_create()};
    program->root_path = root_path ? root_path : own_root_path(app);
    gri_arena_init(&program->arena, NULL, 0);
    int rc = program->schema ? gri_check_program(program, own) : GR_ENOMEM;
    rc = rc ? rc : gri_made_plan(program);
    return rc ? rc : plan_operations(program);
}

void gri_program_finish(struct gri_program *program)
{
    gri_router_finish(&program->router);
    gri_list_finish(&program->routes);
    gri_list_finish(&program->scopes);
    gri_arena_finish(&program->arena);
    gri_schema_destroy(program->schema);
    program->schema = NULL;
}
