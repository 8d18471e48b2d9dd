/* What a tutorial gives to its program, and to its test. */
#ifndef TUTORIAL_H
#define TUTORIAL_H

#include <griddle.h>

/* The application, new. NULL: out of memory; gr_main() and gr_test_create() check it. */
gr_app *tutorial_app(void);

#endif
