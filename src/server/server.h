/* What gr_main() knows of a server beyond its public header. */
#ifndef GRI_SERVER_SERVER_H
#define GRI_SERVER_SERVER_H

#include <griddle/server.h>

#include "server/engine.h"

struct gri_engine *gri_server_engine(gr_server *server);

/* A start, as gr_main() follows it. */
struct gri_starting {
    void (*begun)(gr_server *server); /* it can be asked to stop from here on; may be NULL */
    void (*ended)(gr_server *server); /* it failed, and can no more */
    bool hook_failed;                 /* the log has said why */
};

/* gr_server_start() with an eye on it. */
int gri_server_start(gr_server **out, gr_app *app, const gr_server_options *options, struct uv_loop_s *loop,
                     struct gri_starting *starting);

/* Its process leaves at once when it is asked to stop again: the log says so. Before it is asked. */
void gri_server_leaves_when_asked_again(gr_server *server);

/* Has the coroutines printed on standard error, by the loop. Any thread, and signal handlers. */
void gri_server_print_tasks(gr_server *server);

#endif
