/* What the trip gives to its program, and to its test. */
#ifndef TRIP_H
#define TRIP_H

#include <griddle.h>
#include <griddle/fetch.h>

/* Whom it asks: addresses to which "/CITY" is added. */
struct trip {
    const char *weather, *hotels;
    gr_client *client; /* from the start of the server to its stop */
};

/* The application, new. `trip` is borrowed. NULL: out of memory; gr_main() checks it. */
gr_app *trip_app(struct trip *trip);

#endif
