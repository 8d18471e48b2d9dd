#include "server/routes.h"

#include "base/buf.h"
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
    const struct gri_log *log; /* or NULL: it is printed */
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

/* --- a row: what it is, where it comes from, what it needs --- */

static void put_routers(struct gri_buf *row, const struct gri_within *within)
{
    if (!within || !within->router)
        return;
    put_routers(row, within->outer);
    gri_buf_printf(row, "%s%s", within->outer && within->outer->router ? " > " : "  router ",
                   within->router->name ? within->router->name : "(no name)");
}

static void put_need(struct gri_buf *row, const char *name, bool *any)
{
    gri_buf_printf(row, "%s%s", *any ? ", " : "  needs ", name);
    *any = true;
}

/* What runs for a request, in its order, and then what the application has made. */
static void put_needs(struct gri_buf *row, const struct gri_running *running, const struct gri_op *op)
{
    struct gri_list reached = {.n = 0};
    bool any = false;
    for (unsigned i = 0; op->needs && i < op->needs->n; i++)
        put_need(row, op->needs->at[i].declared->name, &any);
    row->failed |= gri_reach(&reached, running->program.app, op->intake.input, op->route->options.needs) != 0;
    const gr_dependency *const *all = reached.items;
    for (size_t i = 0; i < reached.n; i++)
        if (all[i]->owner == GR_OF_APP)
            put_need(row, all[i]->name, &any);
    gri_list_finish(&reached);
}

static void put_middleware(struct gri_buf *row, const struct gri_chain *chain)
{
    for (size_t i = 0; i < chain->n; i++)
        gri_buf_printf(row, "%s%s", i ? ", " : "  inside ", gri_middleware_name(chain->at[i].middleware));
}

static void put_origin(struct gri_buf *row, const struct gri_running *running, const struct gri_taken_route *route)
{
    const char *at = routes_mounted_at(running);
    if (running->outer)
        gri_buf_printf(row, "  mounted at %s", *at ? at : "/");
    put_routers(row, route->scope ? &route->scope->within : NULL);
    if (route->host)
        gri_buf_printf(row, "  host %s", route->host);
}

static void put_row(struct gri_buf *row, const struct table *table, const struct gri_running *running,
                    const struct gri_op *op)
{
    const char *at = routes_mounted_at(running);
    gri_buf_printf(row, "%-7s %s%-*s  %-8s  %-*s", op->route->method, at, (int)(table->path_width - strlen(at)),
                   op->route->path, kind_name(op), (int)table->name_width, op->name);
    put_origin(row, running, gri_route_taken(op->route));
    put_needs(row, running, op);
    put_middleware(row, op->chain);
    while (row->len && row->data[row->len - 1] == ' ')
        row->len--;
}

/* Without memory a row ends early. */
static void tell_row(const struct gri_running *running, const struct gri_op *op, void *arg)
{
    const struct table *table = arg;
    struct gri_buf row;
    gri_buf_init(&row, NULL);
    put_row(&row, table, running, op);
    if (table->log)
        gri_log(table->log, GRI_LOG_INFO, "%.*s", (int)row.len, row.len ? row.data : "");
    else
        gri_fprintf(table->out, "%.*s\n", (int)row.len, row.len ? row.data : "");
    gri_buf_finish(&row);
}

static void tell_rows(const struct gri_running *running, struct table table)
{
    each_operation(running, widen, &table);
    each_operation(running, tell_row, &table);
}

void gri_routes_log(const struct gri_running *running, const struct gri_log *log)
{
    tell_rows(running, (struct table){.log = log});
}

int gri_routes_print(const struct gri_running *running, FILE *out)
{
    tell_rows(running, (struct table){.out = out});
    return fflush(out) == 0 && !ferror(out) ? 0 : GR_EIO;
}
