/* What gr_main() knows of a server beyond its public header. */
#ifndef GRI_SERVER_SERVER_H
#define GRI_SERVER_SERVER_H

#include <griddle/server.h>

#include "app/engine.h"

struct gri_engine *gri_server_engine(gr_server *server);

#endif
