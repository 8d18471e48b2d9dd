/* says: size is neither enum color nor a pointer to one */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

enum size { SMALL };
enum color { RED = -1 };
static GR_VALUES(size, {SMALL, "small"});
static GR_VALUES(color, {RED, "red"});
struct item {
    enum size size;
    enum color color;
};
GR_UNUSED static const void *const both[] = {&size_values, &color_values};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_ENUM(size, color)); /* mistake */
#else
static GR_MODEL(item,
    GR_ENUM(size, size));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
