#ifndef BIGGER_ITEMS_H
#define BIGGER_ITEMS_H

#include <griddle.h>

extern const gr_router items_router;

#endif
