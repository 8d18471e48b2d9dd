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

struct gri_running {
    struct gri_program program;
    gr_limits limits;
    struct gri_pool *pool;     /* blocking handlers and gr_offload() */
    struct gri_pool *reserved; /* blocking teardowns: they never wait behind handlers that wait for them */
    struct gri_openapi openapi;
};

/* The operation that serves the application's document, or NULL: nowhere. Before the program is compiled. */
const gr_route *gri_openapi_route(struct gri_openapi *openapi, const gr_app *app);

/* Makes and writes the document, where one is served: after the program was compiled. 0, or a code as
 * gri_openapi_make()'s. */
int gri_openapi_init(struct gri_running *running);
void gri_openapi_finish(struct gri_running *running);

/* How http reaches the application: state is the struct gri_running. */
struct gri_service gri_running_service(struct gri_running *running);

#endif
