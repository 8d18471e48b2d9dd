/* says: id is no list or map: it is declared GR_LIST_OF\(T\) id; one value is GR_FIELD\(id\) */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    int64_t id;
    const char *name;
    gr_ints some;
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_FIELD(name),
    GR_LIST(id)); /* mistake */
#else
static GR_MODEL(item,
    GR_FIELD(name),
    GR_LIST(some));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
