#ifndef BIGGER_USERS_H
#define BIGGER_USERS_H

#include <griddle.h>

extern const gr_router users_router;

#endif
