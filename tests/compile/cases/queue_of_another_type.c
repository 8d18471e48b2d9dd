/* flags: -Werror=incompatible-pointer-types */
/* says: incompatible pointer type */
#include <griddle/sync.h>

struct order {
    int id;
};
struct cook {
    int id;
};
GR_QUEUE_OF(orders, struct order);

int both(gr_co co, struct orders *orders, struct order *order, struct cook *cook);
int both(gr_co co, struct orders *orders, struct order *order, struct cook *cook)
{
#ifdef MISTAKE
    return cook->id + orders_put(co, orders, order) + orders_get(co, orders, cook); /* mistake */
#else
    return cook->id + orders_put(co, orders, order) + orders_get(co, orders, order);
#endif
}
