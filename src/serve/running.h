/* A program being served on one loop. */
#ifndef GRI_SERVE_RUNNING_H
#define GRI_SERVE_RUNNING_H

#include "co/pool.h"
#include "compile/program.h"
#include "http/exchange.h"

/* The document as it is served, and the operation that serves it. */
struct gri_openapi {
    gr_route route;
    char *text; /* NULL: it is not served */
    size_t len;
    char etag[20];
};

/* One middleware of a chain, and the application that it was given to. */
struct gri_link {
    const gr_middleware *middleware;
    struct gri_running *running;
};

/* What is called, from the outermost on, before an operation, or before the reply that there is none. */
struct gri_chain {
    const struct gri_link *at;
    size_t n;
    struct gri_running *running; /* the application whose operation it is */
};

struct gri_docs;

/* An application that is served; those that are mounted in it have what is made once from the outermost. */
struct gri_running {
    struct gri_program program;
    gr_limits limits;
    struct gri_pool *pool;     /* blocking handlers and gr_offload() */
    struct gri_pool *reserved; /* blocking teardowns: they never wait behind handlers that wait for them */
    struct gri_openapi openapi;
    struct gri_docs *docs;      /* NULL: no pages */
    struct gri_chain chain;     /* of what no operation answers, and of most that one does */
    struct gri_running *outer;  /* NULL: the outermost */
    struct gri_running *mounts; /* in their order */
    size_t n_mounts, n_hooks_started;
    bool leads_on; /* finding needs more than the path and the router: a root path, hosts, mounts */
};

/* Makes the chains, and all else that requests are led by, of an application that was compiled, inside those of the
 * outer one. 0 or GR_ENOMEM. */
int gri_link(struct gri_running *running);

/* What JSON of so many bytes may hold, or of those of the default: fewer bytes make no stricter limits. */
struct gri_json_limits gri_body_limits(size_t most);

/* What a request leads to: of `running`, which may be mounted in the outermost, an operation, or none. */
struct gri_found {
    struct gri_running *running;
    struct gri_str path; /* there */
    struct gri_match match;
};
GRI_COLD void gri_find_further(struct gri_exchange *x, struct gri_found *found);
static inline void gri_find(struct gri_running *outermost, struct gri_exchange *x, struct gri_str path,
                            struct gri_found *found)
{
    found->running = outermost;
    found->path = path;
    if (outermost->leads_on)
        gri_find_further(x, found);
    else
        gri_router_find(&outermost->program.router, x->head.method, path, &found->match);
}

/* The operation that serves the application's document, or NULL: nowhere. Before the program is compiled. */
const gr_route *gri_openapi_route(struct gri_openapi *openapi, const gr_app *app);

/* gr_app_openapi() of an application below that path; NULL: what it says itself. */
int gri_app_openapi(const gr_app *app, const char *root_path, json_t **document);

/* Makes and writes the document, where one is served: after the program was compiled. 0, or a code as
 * gri_openapi_make()'s. */
int gri_openapi_init(struct gri_running *running);
void gri_openapi_finish(struct gri_running *running);

/* How http reaches the application: state is the struct gri_running. */
struct gri_service gri_running_service(struct gri_running *running);

#endif
