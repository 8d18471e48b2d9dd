#include "compile/route.h"

#include <stddef.h>
#include <string.h>

bool gri_route_take(gr_route *whole, const gr_route *declared)
{
    *whole = (gr_route){0};
    return gr_sized_take(whole, sizeof *whole, declared, offsetof(gr_route, options));
}

/* What the first version had. */
enum { LEAST_RESPONSE = offsetof(gr_response_info, type) + sizeof(char *) };

bool gri_responses_fit(const gr_response_list *list)
{
    return !list || (list->stride >= LEAST_RESPONSE && list->stride <= sizeof(gr_response_info) && list->at);
}

gr_response_info gri_response_at(const gr_response_list *list, size_t i)
{
    gr_response_info whole = {.status = 0};
    if (list)
        memcpy(&whole, (const char *)list->at + i * list->stride, list->stride);
    return whole;
}
