/* What an application serves, as a table: for the log at its start, and for `PROGRAM --routes`. */
#ifndef GRI_SERVER_ROUTES_H
#define GRI_SERVER_ROUTES_H

#include <stdio.h>

#include "serve/running.h"

/* Method, path, kind and name of each operation, in order, and what stands around it: the applications and routers that
 * it comes by, its middleware, its dependencies. A line at level info each; or printed: 0, or a negative code: it could
 * not be written. */
void gri_routes_log(const struct gri_running *running, const struct gri_log *log);
int gri_routes_print(const struct gri_running *running, FILE *out);

#endif
