/* says: many is of no type that one value has */
#include <griddle/route.h>

struct either {
    int which;
    union {
        gr_ints many;
        int64_t one;
    };
};
#ifdef MISTAKE
static GR_MODEL(either, GR_EITHER(which),
    GR_CASE(many, 1)); /* mistake */
#else
static GR_MODEL(either, GR_EITHER(which), GR_CASE_LIST(many, 1), GR_CASE(one, 2));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return either_model();
}
