/* An application and those that are mounted in it, compiled one by one and ended together. */
#include <stdlib.h>

#include "server/engine.h"

/* --- ending --- */

static void finish_one(struct gri_running *running)
{
    gri_openapi_finish(running);
    gri_program_finish(&running->program);
    gri_docs_destroy(running->docs);
    running->docs = NULL;
}

void gri_applications_finish(struct gri_running *running)
{
    for (size_t i = 0; i < running->n_mounts; i++)
        gri_applications_finish(&running->mounts[i]);
    free(running->mounts);
    running->mounts = NULL;
    running->n_mounts = 0;
    finish_one(running);
}

/* --- compiling --- */

/* Its document, then the pages that show it. */
static size_t own_routes(struct gri_running *running, const gr_app *app, const gr_route *own[1 + GRI_MAX_DOCS_ROUTES])
{
    size_t n = 0;
    const gr_route *openapi = gri_openapi_route(&running->openapi, app);
    if (openapi)
        own[n++] = openapi;
    return n + gri_docs_routes(running->docs, own + n);
}

static int compile_own(struct gri_running *running, const gr_app *app, const gr_limits *limits, const char *root_path,
                       const struct gri_log *log)
{
    const gr_route *own[1 + GRI_MAX_DOCS_ROUTES];
    int rc = gri_docs_create(&running->docs, app);
    struct gri_own_routes routes = {own, rc ? 0 : own_routes(running, app, own)};
    running->limits = limits ? *limits : app->limits;
    rc = rc ? rc : gri_program_init(&running->program, app, routes, root_path, log);
    rc = rc ? rc : gri_openapi_init(running);
    return rc ? rc : gri_link(running);
}

/* The mistakes of all of them are found, unless there is no memory to find them. */
static int first_of(int rc, int after)
{
    return rc && after != GR_ENOMEM ? rc : after;
}

static int compile_mounted(struct gri_running *running, const struct gri_part *part, struct gri_running *outer,
                           const struct gri_log *log)
{
    const char *above = outer->program.root_path;
    const char *root_path = gri_join_texts(&outer->program.arena, above ? above : "", "", part->prefix);
    running->outer = outer;
    return root_path ? gri_applications_compile(running, part->mounted, NULL, root_path, log) : GR_ENOMEM;
}

static int compile_mounts(struct gri_running *running, const gr_app *app, const struct gri_log *log)
{
    int rc = 0;
    size_t n = 0;
    while (gri_app_mount_at(app, n))
        n++;
    running->mounts = n ? calloc(n, sizeof *running->mounts) : NULL;
    if (n && !running->mounts)
        return GR_ENOMEM;
    for (; rc != GR_ENOMEM && running->n_mounts < n; running->n_mounts++)
        rc = first_of(rc, compile_mounted(&running->mounts[running->n_mounts], gri_app_mount_at(app, running->n_mounts),
                                          running, log));
    return rc;
}

int gri_applications_compile(struct gri_running *running, const gr_app *app, const gr_limits *limits,
                             const char *root_path, const struct gri_log *log)
{
    int rc = compile_own(running, app, limits, root_path, log);
    return rc == GR_ENOMEM ? rc : first_of(rc, compile_mounts(running, app, log));
}

void gri_applications_set_pools(struct gri_running *running, struct gri_pool *pool, struct gri_pool *reserved)
{
    running->pool = pool;
    running->reserved = reserved;
    for (size_t i = 0; i < running->n_mounts; i++)
        gri_applications_set_pools(&running->mounts[i], pool, reserved);
}
