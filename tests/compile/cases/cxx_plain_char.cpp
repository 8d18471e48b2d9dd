/* says: GR_FIELD: the member is no scalar */
#include <griddle.hpp>

struct item {
    char c;
    signed char d;
};

const gr_model *table();
#ifdef MISTAKE
static GR_MODEL(item, GR_FIELD(c)); /* mistake */
#else
static GR_MODEL(item, GR_FIELD(d));
#endif
const gr_model *table()
{
    return item_model();
}
