/* says: 'const char \*' */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct item {
    const char *kind;
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_FIELD(kind, GR_LITERAL("a", 2.5))); /* mistake */
#else
static GR_MODEL(item,
    GR_FIELD(kind, GR_LITERAL("a", "b")));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
