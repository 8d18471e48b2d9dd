/* says: 'gr_co_model' undeclared|undeclared identifier 'gr_co_model' */
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
    struct gr_co co;
    struct seller seller;
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_FIELD(id),
    GR_OBJECT(co, gr_co)); /* mistake */
#else
static GR_MODEL(item,
    GR_FIELD(id),
    GR_OBJECT(seller, seller));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
