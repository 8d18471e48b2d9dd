/* says: GR_ENUM: the member is not of this enum */
#include <griddle.hpp>

struct other {
    int n;
};
static GR_MODEL(other, GR_FIELD(n));
enum color { RED };
static GR_VALUES(color, {RED, "red"});
struct item {
    int a;
    enum color b;
};

const gr_model *table();
#ifdef MISTAKE
static GR_MODEL(item, GR_ENUM(a, color)); /* mistake */
#else
static GR_MODEL(item, GR_ENUM(b, color));
#endif
const gr_model *table()
{
    return item_model();
}
