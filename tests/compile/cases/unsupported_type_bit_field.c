/* says: bit-field */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    int64_t id;
    const char *name;
    unsigned bit : 1;
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_FIELD(id),
    GR_FIELD(bit)); /* mistake */
#else
static GR_MODEL(item,
    GR_FIELD(id),
    GR_FIELD(name));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
