/* What operations take over from the routers, and the inclusion, that they come by. */
#ifndef GRI_COMPILE_SCOPE_H
#define GRI_COMPILE_SCOPE_H

#include "compile/program.h"

/* A router at one of the places where it is included, or such an inclusion; each list has those of the outer ones too.
 */
struct gri_scope {
    const struct gri_scope *outer;
    struct gri_within within;  /* of the routers, this one innermost */
    const char *host;          /* the innermost; NULL: any */
    const char *prefix, *name; /* from the outermost on; "": none */
    const char *const *tags;
    const gr_dependency *const *needs;
    const gr_response_list *responses;
    const gr_route *const *callbacks;
    const gr_middleware *const *middleware, *const *own_middleware; /* at their whole length */
    bool deprecated, hidden;
};

/* Where the mistakes of a router go, and the memory of what is made of it. */
struct gri_scopes {
    struct gri_arena *arena;
    gri_report_fn *report;
    void *arg;
};

/* A scope of an inclusion, and that of a router inside one. *scope is NULL where the router is of no use, which was
 * reported. 0 or GR_ENOMEM. */
int gri_scope_include(struct gri_scopes *scopes, const struct gri_part *part, const struct gri_scope **scope);
int gri_scope_enter(struct gri_scopes *scopes, const struct gri_scope *outer, const gr_router *declared,
                    gr_router *router, const struct gri_scope **scope);

/* Gives a route, and its options, what it takes over. 0 or GR_ENOMEM. */
int gri_scope_apply(struct gri_scopes *scopes, const struct gri_scope *scope, struct gri_taken_route *route);

/* Puts a list of what is needed, which NULL ends, before that of a route. 0 or GR_ENOMEM. */
int gri_scope_add_needs(struct gri_arena *arena, const gr_dependency *const *needs, gr_route_options *options);

/* The name of an operation, with where it is: "users:read_me@/api/v1/users". NULL: out of memory. */
const char *gri_scope_name(struct gri_arena *arena, const struct gri_taken_route *route);

#endif
