/* says: no member named 'item' */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct read_item {
    int64_t item_id;
    const char *q;
};

#ifdef MISTAKE
static GR_INPUT(read_item,
    GR_QUERY(q),
    GR_PATH(item)); /* mistake */
#else
static GR_INPUT(read_item,
    GR_QUERY(q),
    GR_PATH(item_id));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return read_item_input();
}

gr_model_fn *reference(void);
gr_model_fn *reference(void)
{
    return gr_input_of_read_item;
}
