/* An application compiled: checked, its operations planned and found by their paths. Immutable from then on, but for
 * the plans of models that only a reply names. */
#ifndef GRI_COMPILE_PROGRAM_H
#define GRI_COMPILE_PROGRAM_H

#include "base/log.h"
#include "compile/route.h"
#include "compile/router.h"
#include "declare/app.h"

struct gri_program {
    const gr_app *app;
    const struct gri_log *log;
    const char *root_path;  /* before the paths of all its routes, for clients; "": nothing */
    struct gri_arena arena; /* of the routes, and what they took over */
    struct gri_list scopes; /* const struct gri_scope *: each router, at each place where it is included */
    struct gri_list routes; /* struct gri_taken_route *: the library's own, then the application's */
    struct gri_router router;
    struct gri_made *made;     /* the application's dependencies: of which only the values change */
    struct gri_schema *schema; /* the plans of all models; made where a reply needs one that no operation declares */
};

/* The library's own operations, as those of the document and of its pages; an empty list where `n` is 0. */
struct gri_own_routes {
    const gr_route *const *at;
    size_t n;
};

/* Checks everything that was declared, reporting each mistake at level error, and compiles it; not so the applications
 * that are mounted in it. `root_path` is borrowed; NULL: the application's own. 0, GR_EINVAL or GR_ENOMEM.
 * gri_program_finish() must follow in every case. */
int gri_program_init(struct gri_program *program, const gr_app *app, struct gri_own_routes own, const char *root_path,
                     const struct gri_log *log);
void gri_program_finish(struct gri_program *program);

/* Checks what was declared, and gives the routes to the router. 0, GR_EINVAL or GR_ENOMEM. */
int gri_check_program(struct gri_program *program, struct gri_own_routes own);

/* Checks all middleware, and what stands inside it. */
void gri_check_middleware(const struct gri_program *program, gri_report_fn *report, void *arg);

/* Fills program->routes, routers and all; `report` is called for each mistake of a router. 0 or GR_ENOMEM. */
int gri_gather(struct gri_program *program, struct gri_own_routes own, gri_report_fn *report, void *arg);

/* One text behind the other. NULL: out of memory. */
const char *gri_join_texts(struct gri_arena *arena, const char *a, const char *between, const char *b);

/* Plans an operation's input and reply, once all was checked; the lists go into `arena`. 0, or GR_ENOMEM. */
int gri_op_plan(struct gri_op *op, const struct gri_program *program, struct gri_arena *arena);

#endif
