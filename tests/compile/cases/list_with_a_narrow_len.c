/* says: all is no GR_LIST_OF\(T\) or GR_MAP_OF\(T\): it has no size_t len right behind its at */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    int64_t id;
    const char *name;
    struct {
        int *at;
        unsigned len;
    } all;
    gr_ints some;
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_FIELD(id),
    GR_LIST(all)); /* mistake */
#else
static GR_MODEL(item,
    GR_FIELD(id),
    GR_LIST(some));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
