/* says: GR_OBJECT: the member is not of this struct, nor a pointer to one */
#include <griddle.hpp>

struct another {
    int n;
};
struct other {
    int n;
};
static GR_MODEL(other, GR_FIELD(n));
enum color { RED };
static GR_VALUES(color, {RED, "red"});
struct item {
    struct another *a;
    struct other *b;
};

const gr_model *table();
#ifdef MISTAKE
static GR_MODEL(item, GR_OBJECT(a, other, GR_OPTIONAL)); /* mistake */
#else
static GR_MODEL(item, GR_OBJECT(b, other, GR_OPTIONAL));
#endif
const gr_model *table()
{
    return item_model();
}
