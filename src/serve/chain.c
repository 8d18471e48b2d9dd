/* What is called before an operation, worked out at start: one list, through all applications that it is mounted in. */
#include "serve/running.h"

static size_t put_links(struct gri_link *links, size_t n, const struct gri_chain *chain)
{
    for (size_t i = 0; i < chain->n; i++)
        links[n++] = chain->links[i];
    return n;
}

static size_t put_steps(struct gri_link *links, size_t n, const struct gri_list *steps)
{
    for (size_t i = 0; i < steps->n; i++)
        links[n++] = (struct gri_link){.step = ((const struct gri_step *)steps->items)[i]};
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

int gri_chain_link(struct gri_running *running)
{
    struct gri_router *router = &running->program.router;
    int rc = link_own(running);
    for (size_t i = 0; rc == 0 && i < router->n_ops; i++)
        router->ops[i].chain = &running->chain;
    return rc;
}
