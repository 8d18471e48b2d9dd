/* What is called before an operation, worked out at start: one list, through all applications that it is mounted in. */
#include "compile/scope.h"
#include "serve/running.h"

static size_t put_links(struct gri_link *links, size_t n, const struct gri_chain *chain)
{
    for (size_t i = 0; i < chain->n; i++)
        links[n++] = chain->at[i];
    return n;
}

static size_t put_steps(struct gri_link *links, size_t n, const struct gri_list *steps)
{
    for (size_t i = 0; i < steps->n; i++)
        links[n++] = (struct gri_link){.middleware = (const gr_middleware *)steps->items + i};
    return n;
}

/* The outer application's, the step into this one, and its own. */
static int link_own(struct gri_running *running)
{
    const struct gri_chain none = {.n = 0}, *outer = running->outer ? &running->outer->chain : &none;
    const struct gri_list *steps = &running->program.app->steps;
    size_t most = outer->n + 1 + steps->n;
    struct gri_link *links = gri_arena_alloc(&running->program.arena, gri_size_mul(most, sizeof *links));
    if (!links)
        return GR_ENOMEM;
    size_t n = put_links(links, 0, outer);
    if (running->outer)
        links[n++] = (struct gri_link){.enters = running};
    running->chain = (struct gri_chain){links, put_steps(links, n, steps), running};
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
    put_links(links, 0, &running->chain);
    for (size_t i = 0; i < n; i++)
        links[running->chain.n + i] = (struct gri_link){.middleware = scope->middleware[i]};
    *chain = (struct gri_chain){links, most, running};
    return chain;
}

int gri_chain_link(struct gri_running *running)
{
    struct gri_router *router = &running->program.router;
    int rc = link_own(running);
    for (size_t i = 0; rc == 0 && i < router->n_ops; i++) {
        const struct gri_scope *scope = gri_route_taken(router->ops[i].route)->scope;
        router->ops[i].chain = link_routers(running, scope);
        rc = router->ops[i].chain ? 0 : GR_ENOMEM;
    }
    return rc;
}
