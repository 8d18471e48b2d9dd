/* The router: a tree of path segments, so that a look-up costs its path's length and not the number of routes, and a
 * hash table of the paths without parameters. The first match in declaration order wins, as in Starlette. */
#ifndef GRI_COMPILE_ROUTER_H
#define GRI_COMPILE_ROUTER_H

#include <griddle/route.h>

#include "compile/intake.h"
#include "compile/pattern.h"
#include "compile/route.h"
#include "schema/encode.h"
#include "schema/json.h"

struct gri_needs;

/* A path operation, compiled. */
struct gri_op {
    const gr_route *route; /* of a struct gri_taken_route */
    const char *name;
    struct gri_str method;
    bool any_method;
    struct gri_pattern pattern;
    const struct gri_segment *host; /* what the request's host has to match; NULL: nothing */
    unsigned n_params;              /* of path and host */
    struct gri_str *param_names;    /* so many: the path's in order, then the host's */
    struct gri_intake intake;
    const struct gri_needs *needs; /* what runs before the handler; NULL: nothing */
    struct gri_plan *response;     /* of the reply, or NULL */
    struct gri_encode_options response_options;
    bool leaves_out;                    /* the options do: else a reply is encoded without */
    unsigned index;                     /* in declaration order */
    unsigned mount;                     /* as in struct gri_taken_route */
    const struct gri_chain *chain;      /* what is called before it */
    size_t body_most;                   /* bytes that its body may have */
    struct gri_json_limits json_limits; /* what JSON of so many bytes may hold */
    int64_t deadline_ms;                /* what it sets where it is found; 0: the one that runs stays */
};

struct gri_chain;
struct gri_node;
struct gri_shortcut;

struct gri_router {
    struct gri_arena arena;
    struct gri_op *ops;
    size_t n_ops;
    struct gri_node *root;
    bool has_hosts;                 /* an operation is for some hosts only: gri_match.host is asked for */
    struct gri_shortcut *shortcuts; /* a hash table with shortcut_mask + 1 places */
    size_t shortcut_mask;
};

/* What a path led to. `op`: serves the request; else `n_allowed` methods exist for the path (405), or none (404).
 * With `op`, the others may not have been counted. */
struct gri_match {
    struct gri_str host; /* to be set before, where the router has any: in lower case, without a port */
    const struct gri_op *op;
    struct gri_str params[GRI_MAX_PARAMS];
    const char *allowed[16]; /* each once, in declaration order; borrowed from the routes */
    unsigned n_allowed;
};

/* `report` is called for each mistake. 0; GR_EINVAL after any report, where the operations in question have param_names
 * NULL and cannot be found; GR_ENOMEM. gri_router_finish() must follow in every case. */
typedef void gri_report_fn(void *arg, const char *fmt, ...) GR_PRINTF(2, 3);
int gri_router_init(struct gri_router *router, const struct gri_taken_route *const *routes, size_t n,
                    gri_report_fn *report, void *arg);
void gri_router_finish(struct gri_router *router);

/* `path` starts with '/'. A HEAD request without a route of its own goes to the GET route. */
void gri_router_find(const struct gri_router *router, struct gri_str method, struct gri_str path,
                     struct gri_match *match);

/* A host in the case that hosts are compared in. */
void gri_host_lower(char *host, size_t len);

/* Whether the path without, or with, its trailing slash leads anywhere at that host. */
bool gri_router_has(const struct gri_router *router, struct gri_str path, struct gri_str host);

#endif
