#include "compile/route.h"

#include <stddef.h>

bool gri_route_take(gr_route *whole, const gr_route *declared)
{
    *whole = (gr_route){0};
    return gr_sized_take(whole, sizeof *whole, declared, offsetof(gr_route, options));
}

const gr_route *gri_route_declared(const gr_route *whole)
{
    return ((const struct gri_taken_route *)(const void *)whole)->declared;
}
