/* A model that is made once, when the application starts. */
#ifndef MODEL_H
#define MODEL_H

#include <griddle.h>

struct model {
    double factor;
};
GR_DECLARE_APP_DEPENDENCY(ml_model, struct model *);

#endif
