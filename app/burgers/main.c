#include "shop.h"

int main(int argc, char **argv)
{
    struct shop shop = {.db = ":memory:"};
    return gr_main(shop_app(&shop), argc, argv);
}
