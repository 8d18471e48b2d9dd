/* says: id is no gr_set */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    int id;
    gr_set set;
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_SET(id)); /* mistake */
#else
static GR_MODEL(item,
    GR_FIELD(id), GR_SET(set));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
