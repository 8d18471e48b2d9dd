/* says: cat is neither struct dog nor a pointer to one */
#include <griddle/co.h>

#include <griddle/input.h>
#include <griddle/route.h>
#include <griddle/task.h>

struct cat {
    int lives;
};
static GR_MODEL(cat, GR_FIELD(lives));
struct dog {
    int age;
};
static GR_MODEL(dog, GR_FIELD(age));
GR_UNUSED static gr_model_fn *const both[] = {cat_model, dog_model};
struct item {
    int kind;
    union {
        struct cat cat;
        struct dog dog;
    };
};

#ifdef MISTAKE
static GR_MODEL(item,
    GR_EITHER(kind), GR_CASE_OBJECT(cat, dog, 1)); /* mistake */
#else
static GR_MODEL(item,
    GR_EITHER(kind), GR_CASE_OBJECT(cat, cat, 1));
#endif

const gr_model *used(void);
const gr_model *used(void)
{
    return item_model();
}
