/* flags: -Werror=incompatible-pointer-types */
/* says: incompatible pointer type */
#include <griddle/task.h>

struct order {
    int id;
};
struct cook {
    int id;
};

static int grill(gr_co co, struct order *order)
{
    return gr_sleep(co, order->id);
}
GR_TASK(grill, struct order);

int both(gr_co co, struct order *order, struct cook *cook);
int both(gr_co co, struct order *order, struct cook *cook)
{
#ifdef MISTAKE
    return gr_gather(co, grill_job(order), grill_job(cook)); /* mistake */
#else
    return cook->id + gr_gather(co, grill_job(order), grill_job(order));
#endif
}
