/* says: an option of a member is one of gr:: */
#include <griddle.hpp>

struct item {
    int n;
};
const gr_model *table();
#ifdef MISTAKE
static GR_MODEL(item, GR_FIELD(n, gr::status(201))); /* mistake */
#else
static GR_MODEL(item, GR_FIELD(n, gr::title("Number")));
#endif
const gr_model *table()
{
    return item_model();
}
