/* says: code is no array of values: it is declared T code\[N\]; .* one value is GR_FIELD\(code\) */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    int code;
    int codes[3];
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_ARRAY(code)); /* mistake */
#else
static GR_MODEL(item,
    GR_ARRAY(codes));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
