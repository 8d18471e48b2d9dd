/* says: all has items of a type that none can have: they are what GR_FIELD takes */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    int64_t id;
    const char *name;
    GR_LIST_OF(void *) all;
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
