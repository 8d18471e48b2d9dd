/* says: nmae */
#include <griddle.hpp>

struct item {
    const char *name;
};

const gr_model *table();
#ifdef MISTAKE
static GR_MODEL(item, GR_FIELD(nmae)); /* mistake */
#else
static GR_MODEL(item, GR_FIELD(name));
#endif
const gr_model *table()
{
    return item_model();
}
