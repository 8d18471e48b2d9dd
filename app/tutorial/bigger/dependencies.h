/* What every operation, and those of some routers, ask of who calls them. */
#ifndef BIGGER_DEPENDENCIES_H
#define BIGGER_DEPENDENCIES_H

#include <griddle.h>

GR_DECLARE_GUARD(get_token_header);
GR_DECLARE_GUARD(get_query_token);

#endif
