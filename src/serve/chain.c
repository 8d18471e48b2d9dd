/* What is called before an operation, worked out at start: one list, through all applications that it is mounted in.
 * And what the operation may take of a request. */
#include "compile/scope.h"
#include "serve/running.h"

static void put_links(struct gri_link *links, const struct gri_chain *chain)
{
    for (size_t i = 0; i < chain->n; i++)
        links[i] = chain->at[i];
}

/* The outer application's, then its own. */
static int link_own(struct gri_running *running)
{
    const struct gri_chain none = {.n = 0}, *outer = running->outer ? &running->outer->chain : &none;
    const gr_middleware *own = running->program.app->steps.items;
    size_t n = running->program.app->steps.n, most = outer->n + n;
    struct gri_link *links = gri_arena_alloc(&running->program.arena, gri_size_mul(most, sizeof *links));
    if (!links)
        return GR_ENOMEM;
    put_links(links, outer);
    for (size_t i = 0; i < n; i++)
        links[outer->n + i] = (struct gri_link){&own[i], running};
    running->chain = (struct gri_chain){links, most, running};
    return 0;
}

/* That of an operation inside the middleware of its routers; those without share the application's. */
static const struct gri_chain *link_routers(struct gri_running *running, const struct gri_scope *scope)
{
    struct gri_arena *arena = &running->program.arena;
    size_t n = scope && scope->middleware ? gri_pointers(scope->middleware) : 0, most = running->chain.n + n;
    if (n == 0)
        return &running->chain;
    struct gri_link *links = gri_arena_alloc(arena, gri_size_mul(most, sizeof *links));
    struct gri_chain *chain = gri_arena_alloc(arena, sizeof *chain);
    if (!links || !chain)
        return NULL;
    put_links(links, &running->chain);
    for (size_t i = 0; i < n; i++)
        links[running->chain.n + i] = (struct gri_link){scope->middleware[i], running};
    *chain = (struct gri_chain){links, most, running};
    return chain;
}

/* Its own, or that of the mounted application, which may be none: the outermost one's runs already. */
static int64_t link_deadline(const struct gri_running *running, const gr_route_options *options)
{
    if (options->deadline_ms || !running->outer)
        return options->deadline_ms;
    return running->limits.handler_ms ? running->limits.handler_ms : -1;
}

static int link_op(struct gri_running *running, struct gri_op *op)
{
    const gr_route_options *options = &op->route->options;
    op->chain = link_routers(running, gri_route_taken(op->route)->scope);
    op->body_most = options->max_body_bytes ? options->max_body_bytes : running->limits.body_bytes;
    op->json_limits = gri_body_limits(op->body_most);
    op->deadline_ms = link_deadline(running, options);
    return op->chain ? 0 : GR_ENOMEM;
}

int gri_link(struct gri_running *running)
{
    struct gri_router *router = &running->program.router;
    int rc = link_own(running);
    running->leads_on = router->has_hosts || gri_app_mount_at(running->program.app, 0) || *running->program.root_path;
    for (size_t i = 0; rc == 0 && i < router->n_ops; i++)
        rc = link_op(running, &router->ops[i]);
    return rc;
}
