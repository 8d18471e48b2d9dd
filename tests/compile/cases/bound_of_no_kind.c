/* says: is no number, bool or text, so it is no default or bound */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    int64_t id;
    const char *name;
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_FIELD(name),
    GR_FIELD(id, GR_GE((void *)0))); /* mistake */
#else
static GR_MODEL(item,
    GR_FIELD(name),
    GR_FIELD(id, GR_GE(0)));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
