/* An enum and a struct that others hold. */
#ifndef TESTS_FUZZ_POINT_H
#define TESTS_FUZZ_POINT_H

#include <griddle.h>

enum color { RED, GREEN = 5, BLUE = -3 };
static GR_VALUES(color, {RED, "red"}, {GREEN, "green"}, {BLUE, NULL});

struct point {
    int x;
    uint8_t y;
    gr_set set;
};
static GR_MODEL(point, GR_FIELD(x), GR_FIELD(y, GR_DEFAULT(9), GR_LE(200)), GR_SET(set),
                GR_SELF(.extra = GR_EXTRA_FORBIDDEN));

#endif
