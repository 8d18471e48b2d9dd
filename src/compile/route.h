/* Routes at their whole length: a program that was compiled with an older griddle.h declares shorter ones. */
#ifndef GRI_COMPILE_ROUTE_H
#define GRI_COMPILE_ROUTE_H

#include <griddle/route.h>

/* One that is served: a copy, and what it was copied from. */
struct gri_taken_route {
    gr_route whole;
    const gr_route *declared;
};

/* False: its size is none that a gr_route can have. */
bool gri_route_take(gr_route *whole, const gr_route *declared);

/* What a `whole` of a struct gri_taken_route was copied from. */
const gr_route *gri_route_declared(const gr_route *whole);

/* The reply at index `i` of a list, at its whole length; its status is 0 behind the last, and where there is no list.
 */
gr_response_info gri_response_at(const gr_response_list *list, size_t i);

/* Whether the elements of a list are of a size that they can have. */
bool gri_responses_fit(const gr_response_list *list);

#endif
