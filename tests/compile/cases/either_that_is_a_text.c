/* says: title is neither an enum nor an integer: it is the number */
#include <griddle/co.h>

#include <griddle/app.h>
#include <griddle/background.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/route.h>
#include <griddle/stream.h>
#include <griddle/task.h>

enum color { RED, GREEN };
GR_UNUSED static GR_VALUES(color, {RED, "red"}, {GREEN, "green"});
struct seller {
    const char *name;
};
static GR_MODEL(seller, GR_FIELD(name));
const gr_model *sellers(void);
const gr_model *sellers(void)
{
    return seller_model();
}

struct item {
    gr_strings tags;
    char *name;
    const char *title;
    unsigned char key[16];
    int64_t id;
    struct seller *seller;
    struct seller maker;
    GR_LIST_OF(struct seller) sellers;
    enum color color;
    GR_LIST_OF(enum color) colors;
    GR_MAP_OF(struct seller) of_name;
    GR_MAP_OF(double) prices;
};
#ifdef MISTAKE
static GR_MODEL(item,
    GR_EITHER(title), GR_CASE_OBJECT(maker, seller, RED)); /* mistake */
#else
static GR_MODEL(item,
    GR_EITHER(color), GR_CASE_OBJECT(maker, seller, RED), GR_CASE(title, GREEN));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
