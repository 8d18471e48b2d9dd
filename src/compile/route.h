/* Routes at their whole length: a program that was compiled with an older griddle.h declares shorter ones. */
#ifndef GRI_COMPILE_ROUTE_H
#define GRI_COMPILE_ROUTE_H

#include <griddle/route.h>

struct gri_scope;

/* One that is served. */
struct gri_taken_route {
    gr_route whole; /* a copy, with what it takes over from its routers */
    const gr_route *declared;
    const char *name;              /* of the operation: that of the route, behind those of its routers */
    const struct gri_scope *scope; /* the innermost of its routers; NULL: it is the application's own */
    const char *host;              /* "{tenant}.example.com"; NULL: any */
    unsigned mount;                /* 1: the first application that is mounted, ...; 0: an operation */
    bool usable;                   /* false: its size is none that a gr_route can have, and `whole` is empty */
};

/* False: its size is none that a gr_route can have. */
bool gri_route_take(gr_route *whole, const gr_route *declared);

/* Whose `whole` it is. */
static inline const struct gri_taken_route *gri_route_taken(const gr_route *whole)
{
    return (const struct gri_taken_route *)(const void *)whole;
}

/* The reply at index `i` of a list, at its whole length; its status is 0 behind the last, and where there is no list.
 */
gr_response_info gri_response_at(const gr_response_list *list, size_t i);

/* Whether the elements of a list are of a size that they can have. */
bool gri_responses_fit(const gr_response_list *list);

#endif
