/* says: no member named 'nme' */
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
    GR_FIELD(id),
    GR_FIELD(nme, .max_len = 50)); /* mistake */
#else
static GR_MODEL(item,
    GR_FIELD(id),
    GR_FIELD(name, .max_len = 50));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
