#ifndef BIGGER_ADMIN_H
#define BIGGER_ADMIN_H

#include <griddle.h>

extern const gr_router admin_router;

#endif
