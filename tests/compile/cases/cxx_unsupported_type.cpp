/* says: GR_FIELD: the member is no scalar, text or pointer to a scalar */
#include <griddle.hpp>

struct item {
    long double d;
    double e;
};

const gr_model *table();
#ifdef MISTAKE
static GR_MODEL(item, GR_FIELD(d)); /* mistake */
#else
static GR_MODEL(item, GR_FIELD(e));
#endif
const gr_model *table()
{
    return item_model();
}
