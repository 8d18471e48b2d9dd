/* says: GR_OBJECTS: the member is no GR_LIST_OF\(this struct\) */
#include <griddle.hpp>

struct other {
    int n;
};
static GR_MODEL(other, GR_FIELD(n));
enum color { RED };
static GR_VALUES(color, {RED, "red"});
struct item {
    gr::list<int> a;
    gr::list<struct other> b;
};

const gr_model *table();
#ifdef MISTAKE
static GR_MODEL(item, GR_OBJECTS(a, other)); /* mistake */
#else
static GR_MODEL(item, GR_OBJECTS(b, other));
#endif
const gr_model *table()
{
    return item_model();
}
