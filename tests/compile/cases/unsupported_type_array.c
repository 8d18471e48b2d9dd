/* says: code is of no type that one value has: .* an array GR_ARRAY\(code\) */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    int64_t id;
    const char *name;
    int code[8];
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_FIELD(id),
    GR_FIELD(code)); /* mistake */
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
