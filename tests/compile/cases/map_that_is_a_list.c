/* says: list is a list, GR_LIST\(list\): a map is declared GR_MAP_OF\(T\) list */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    gr_ints list;
    GR_MAP_OF(int64_t) map;
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_MAP(list)); /* mistake */
#else
static GR_MODEL(item,
    GR_MAP(map));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
