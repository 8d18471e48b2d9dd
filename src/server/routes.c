#include "server/routes.h"

#include "base/print.h"
#include "compile/needs.h"
#include "compile/scope.h"

/* --- each operation in turn --- */

/* The path that leads to the application, of those that are mounted in each other. */
static const char *routes_mounted_at(const struct gri_running *running)
{
    const struct gri_running *outermost = running;
    while (outermost->outer)
        outermost = outermost->outer;
    return running->program.root_path + strlen(outermost->program.root_path);
}

typedef void each_fn(const struct gri_running *running, const struct gri_op *op, void *arg);

/* Those of a mounted application stand where it is mounted. */
static void each_operation(const struct gri_running *running, each_fn *fn, void *arg)
{
    const struct gri_router *router = &running->program.router;
    for (size_t i = 0; i < router->n_ops; i++)
        if (router->ops[i].mount)
            each_operation(&running->mounts[router->ops[i].mount - 1], fn, arg);
        else
            fn(running, &router->ops[i], arg);
}

struct table {
    const struct gri_log *log;
    FILE *out;
    size_t path_width, name_width;
};

static void widen(const struct gri_running *running, const struct gri_op *op, void *arg)
{
    struct table *table = arg;
    size_t path = strlen(routes_mounted_at(running)) + strlen(op->route->path), name = strlen(op->name);
    table->path_width = path > table->path_width ? path : table->path_width;
    table->name_width = name > table->name_width ? name : table->name_width;
}

static const char *kind_name(const struct gri_op *op)
{
    return op->route->kind == GR_ASYNC ? "async" : "blocking";
}

/* --- as a log --- */

static void log_one(const struct gri_running *running, const struct gri_op *op, void *arg)
{
    const struct table *table = arg;
    const char *at = routes_mounted_at(running);
    gri_log(table->log, GRI_LOG_INFO, "%-7s %s%-*s  %-8s  %s", op->route->method, at,
            (int)(table->path_width - strlen(at)), op->route->path, kind_name(op), op->name);
}

void gri_routes_log(const struct gri_running *running, const struct gri_log *log)
{
    struct table table = {.log = log};
    each_operation(running, widen, &table);
    each_operation(running, log_one, &table);
}

/* --- as a table --- */

static void put_routers(FILE *out, const struct gri_within *within)
{
    if (!within || !within->router)
        return;
    put_routers(out, within->outer);
    gri_fprintf(out, "%s%s", within->outer && within->outer->router ? " > " : "  router ",
                within->router->name ? within->router->name : "(no name)");
}

static void put_needs(FILE *out, const struct gri_needs *needs)
{
    for (unsigned i = 0; needs && i < needs->n; i++)
        gri_fprintf(out, "%s%s", i ? ", " : "  needs ", needs->at[i].declared->name);
}

static void put_middleware(FILE *out, const struct gri_chain *chain)
{
    for (size_t i = 0; i < chain->n; i++)
        gri_fprintf(out, "%s%s", i ? ", " : "  inside ", gri_middleware_name(chain->at[i].middleware));
}

static void put_one(const struct gri_running *running, const struct gri_op *op, void *arg)
{
    const struct table *table = arg;
    const struct gri_taken_route *route = gri_route_taken(op->route);
    const char *at = routes_mounted_at(running);
    gri_fprintf(table->out, "%-7s %s%-*s  %-8s  %-*s", op->route->method, at, (int)(table->path_width - strlen(at)),
                op->route->path, kind_name(op), (int)table->name_width, op->name);
    if (running->outer)
        gri_fprintf(table->out, "  mounted at %s", *at ? at : "/");
    put_routers(table->out, route->scope ? &route->scope->within : NULL);
    if (route->host)
        gri_fprintf(table->out, "  host %s", route->host);
    put_needs(table->out, op->needs);
    put_middleware(table->out, op->chain);
    gri_fprintf(table->out, "\n");
}

int gri_routes_print(const struct gri_running *running, FILE *out)
{
    struct table table = {.out = out};
    each_operation(running, widen, &table);
    each_operation(running, put_one, &table);
    return fflush(out) == 0 && !ferror(out) ? 0 : GR_EIO;
}
