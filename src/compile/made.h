/* What an application makes once, when it starts: its dependencies, compiled: in the order in which they are made. */
#ifndef GRI_COMPILE_MADE_H
#define GRI_COMPILE_MADE_H

#include <griddle/app_dependency.h>

#include "compile/needs.h"

/* One: a dependency, for those who need it with the same argument. */
struct gri_made_one {
    struct gri_made_one *next;
    gr_dependency runs;            /* it, or its stand-in: a copy of its whole length */
    const gr_dependency *declared; /* what is needed */
    const void *argument;
    void *input; /* or NULL */
    void *value;
    bool is_made;
};

/* What one of them has to give back. */
struct gri_app_deferred {
    struct gri_app_deferred *next;
    const char *name; /* of who has recorded it */
    gr_app *app;
    gr_app_teardown_fn *blocking; /* or NULL: it is async */
    gr_async_app_teardown_fn *async;
    void *arg;
};

struct gri_made {
    struct gri_arena *arena;    /* the program's */
    struct gri_made_one *first; /* what is needed stands before who needs it */
    const struct gri_made_one *making;
    struct gri_app_deferred *deferred; /* the last one first */
};

/* Lists what is to be made, once all was checked: program->made. 0, or GR_ENOMEM. */
int gri_made_plan(struct gri_program *program);

/* The one that is needed so; NULL: there is none. */
const struct gri_made_one *gri_made_find(const struct gri_made *made, const gr_dependency *dependency,
                                         const void *argument);

/* Fills an input from those that were made before; NULL where there is none. */
const void *gri_made_input(const struct gri_made *made, const struct gri_made_one *one);

/* Checks one by itself; and what its needs say, which `by` needs, or an operation where that is NULL. */
void gri_check_made(const struct gri_check_needs *check, const char *operation, const gr_dependency *whole);
void gri_check_made_need(const struct gri_check_needs *check, const char *operation, const gr_app *app,
                         const gr_field *field, const gr_dependency *by);

#endif
