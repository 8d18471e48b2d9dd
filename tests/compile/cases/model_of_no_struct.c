/* says: sizeof.* incomplete type 'struct itme' */
#include <griddle/model.h>

struct item {
    int64_t id;
};

#ifdef MISTAKE
static GR_MODEL(itme, GR_FIELD(id)); /* mistake */
#else
static GR_MODEL(item, GR_FIELD(id));
#define itme_model item_model
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return itme_model();
}
