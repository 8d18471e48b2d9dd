/* says: tasks has items of a type that none can have */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    GR_MAP_OF(double) prices;
    GR_MAP_OF(struct gr_task *) tasks;
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_MAP(tasks)); /* mistake */
#else
static GR_MODEL(item,
    GR_MAP(prices));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
