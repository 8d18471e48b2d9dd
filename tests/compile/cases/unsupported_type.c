/* says: task is of no type that one value has: .* else it is a bool, an integer */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    int64_t id;
    const char *name;
    struct gr_task *task;
    int *stock;
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_FIELD(id),
    GR_FIELD(task)); /* mistake */
#else
static GR_MODEL(item,
    GR_FIELD(id),
    GR_FIELD(stock, GR_OPTIONAL));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
