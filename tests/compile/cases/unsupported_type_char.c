/* says: c is of no type that one value has: .* an integer but plain char */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    int64_t id;
    const char *name;
    char c;
    signed char s;
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_FIELD(id),
    GR_FIELD(c)); /* mistake */
#else
static GR_MODEL(item,
    GR_FIELD(id),
    GR_FIELD(s));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
