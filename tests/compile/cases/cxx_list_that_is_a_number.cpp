/* says: GR_LIST: the member is no GR_LIST_OF\(a scalar or a text\) */
#include <griddle.hpp>

struct item {
    int a;
    gr_ints b;
};

const gr_model *table();
#ifdef MISTAKE
static GR_MODEL(item, GR_LIST(a)); /* mistake */
#else
static GR_MODEL(item, GR_LIST(b));
#endif
const gr_model *table()
{
    return item_model();
}
