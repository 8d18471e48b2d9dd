/* placeholder until the declarations land */
#ifndef GRIDDLE_MODEL_H
#define GRIDDLE_MODEL_H
#include <griddle/base.h>
typedef struct gr_model gr_model;
typedef const gr_model *gr_model_fn(void);
#endif
