/* A dependency that a test puts another one in the place of. */
#ifndef OVERRIDES_H
#define OVERRIDES_H

#include <griddle.h>

struct commons {
    const char *q;
    int64_t skip, limit;
};
GR_DECLARE_DEPENDENCY(common_parameters, struct commons);

#endif
