/* says: sellers is no list of struct maker: it is declared GR_LIST_OF\(struct maker\) sellers */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct seller {
    const char *name;
};
static GR_MODEL(seller, GR_FIELD(name));
struct maker {
    const char *name;
};
static GR_MODEL(maker, GR_FIELD(name));

const gr_model *makers(void);
const gr_model *makers(void)
{
    return maker_model();
}

struct item {
    int64_t id;
    const char *name;
    GR_LIST_OF(struct seller) sellers;
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_FIELD(id),
    GR_OBJECTS(sellers, maker)); /* mistake */
#else
static GR_MODEL(item,
    GR_FIELD(id),
    GR_OBJECTS(sellers, seller));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
