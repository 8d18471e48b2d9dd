/* says: GR_MAP: the member is no GR_MAP_OF\(a scalar or a text\) */
#include <griddle.hpp>

struct item {
    gr_ints a;
    gr::map<int> b;
};

const gr_model *table();
#ifdef MISTAKE
static GR_MODEL(item, GR_MAP(a)); /* mistake */
#else
static GR_MODEL(item, GR_MAP(b));
#endif
const gr_model *table()
{
    return item_model();
}
