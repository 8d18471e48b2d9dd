/* What an operation needs, compiled: a flat list of steps, what is needed before who needs it. All of them have their
 * inputs and values in one block of a request's memory. */
#ifndef GRI_COMPILE_NEEDS_H
#define GRI_COMPILE_NEEDS_H

#include "compile/program.h"

/* How a member of an input gets what no request has: a value by pointer, or by copy (of the two sizes that are usual,
 * or any), or what is there from the start: an argument, scopes, a value of the application's. */
enum gri_feeding { GRI_FEED_POINTER, GRI_FEED_4, GRI_FEED_8, GRI_FEED_COPY, GRI_FEED_GIVEN };

struct gri_feed {
    enum gri_feeding how;
    unsigned step;   /* whose value; but GRI_FEED_GIVEN */
    size_t to, from; /* the member and the value, in the block */
    size_t size;     /* of what is copied */
    const void *given;
    gr_type type; /* GR_TYPE_NEED, GR_TYPE_ARGUMENT, GR_TYPE_SCOPES; 0: of the application's */
};

struct gri_feeds {
    struct gri_feed *at;
    unsigned n;
};

/* One step: a dependency, for those who need it with the same argument and scopes. */
struct gri_need {
    gr_dependency runs;            /* it, or its stand-in: a copy of its whole length */
    const gr_dependency *declared; /* what is needed */
    const void *argument;
    gr_strings scopes;
    struct gri_intake intake;
    struct gri_feeds feeds;
    size_t input_at, value_at; /* in the block; a value of no bytes has no place */
    unsigned side;             /* so many steps, from this one on, overlap; 1: none does with it */
    bool before_body;
};

struct gri_needs {
    struct gri_need *at;
    unsigned n, n_before_body; /* these are the first */
    struct gri_feeds feeds;    /* of the handler */
    size_t input_at;           /* of the handler's input */
    size_t barred_at;          /* a bool a step, and one for the handler */
    size_t block_size;
    unsigned n_bodies;              /* so many inputs take the JSON body, each by itself */
    bool are_read, are_read_before; /* there is something to read for one of them, or of those before the body */
    const gr_model **inputs;        /* what is documented beside the handler's own, in FastAPI's order */
    size_t n_inputs;
};

enum { GRI_MAX_NEEDS = 256 };

/* Whether an operation needs anything; and its plan, with that of its own input, once all was checked. 0; GR_ENOMEM;
 * GR_EINVAL, reported: they are more than GRI_MAX_NEEDS steps. */
bool gri_op_needs_any(const struct gri_op *op);
int gri_needs_plan(struct gri_op *op, const struct gri_program *program, struct gri_arena *arena);

/* --- arrange.c: the steps, in their order, without places and inputs --- */

int gri_needs_arrange(struct gri_needs *needs, const struct gri_op *op, const struct gri_program *program,
                      struct gri_arena *arena);

/* --- reach.c --- */

/* Adds to `list`, of const gr_dependency *, all that runs for a table and a list (either may be NULL), each once. May
 * be asked of what was not checked, circles too. 0, or GR_ENOMEM. */
int gri_reach(struct gri_list *list, const gr_app *app, const gr_model *input, const gr_dependency *const *needs);

/* The table of a dependency's input; NULL: it has none, or none that can be read. */
const gr_model *gri_dependency_input(const gr_dependency *dependency);

/* As reports name it. */
const char *gri_dependency_name(const gr_dependency *dependency);

/* Whether it is made once for the application. */
bool gri_is_of_app(const gr_dependency *dependency);

/* At its whole length. False: its size is none that it can have. */
bool gri_dependency_take(gr_dependency *whole, const gr_dependency *declared);

/* --- check_needs.c --- */

struct gri_checker;

struct gri_check_needs {
    gri_report_fn *report;
    void *arg;
    struct gri_checker *tables;
    struct gri_list seen;    /* const gr_dependency *: checked by themselves */
    struct gri_list reached; /* the same: by the operation that was checked last */
    bool failed;             /* out of memory */
};

/* Checks what an operation needs, reporting each mistake by the operation's name; of a dependency by itself once. */
void gri_check_needs(struct gri_check_needs *check, const gr_app *app, const struct gri_op *op);

/* The same of the application's own list, where no operation needed it. After the operations. */
void gri_check_needs_of_app(struct gri_check_needs *check, const gr_app *app);
void gri_check_needs_finish(struct gri_check_needs *check);

/* Whether one of the tables that were reached takes that parameter of the path. */
bool gri_check_needs_take(const struct gri_check_needs *check, struct gri_str param);

/* Whether a table takes that parameter of the path. */
bool gri_input_takes(const gr_model *input, struct gri_str param);

#endif
