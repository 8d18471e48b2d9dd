/* says: gr_co|gr_sleep */
#include <griddle.hpp>

int wait_here(gr_co co, gr_req *req);
int wait_here(gr_co co, gr_req *req)
{
    (void)co, (void)req;
#ifdef MISTAKE
    return gr_sleep(req, 1); /* mistake */
#else
    return gr_sleep(co, 1);
#endif
}
