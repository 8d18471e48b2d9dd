/* says: no member named 'min_length'|'min_length' does not refer to any field */
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
    GR_FIELD(name, .min_length = 1)); /* mistake */
#else
static GR_MODEL(item,
    GR_FIELD(id),
    GR_FIELD(name, .min_len = 1));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
