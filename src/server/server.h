/* What gr_main() knows of a server beyond its public header. */
#ifndef GRI_SERVER_SERVER_H
#define GRI_SERVER_SERVER_H

#include <griddle/server.h>

#include "server/engine.h"

struct gri_engine *gri_server_engine(gr_server *server);

/* Its process leaves at once when it is asked to stop again: the log says so. Before it is asked. */
void gri_server_leaves_when_asked_again(gr_server *server);

/* Has the coroutines printed on standard error, by the loop. Any thread, and signal handlers. */
void gri_server_print_tasks(gr_server *server);

#endif
