/* What an operation needs, at work. */
#ifndef GRI_SERVE_NEEDS_H
#define GRI_SERVE_NEEDS_H

#include "compile/needs.h"
#include "serve/invalid.h"

/* A request on the way to its handler; in the frame of what runs the operation. */
struct gri_needing {
    gr_req *req;
    const struct gri_needs *plan;
    char *block;   /* inputs and values */
    bool *barred;  /* of each step and of the handler: its input is wrong, or that of what it needs */
    unsigned next; /* the step whose turn it is */
    bool is_wrong; /* an input: the handler does not run */
    struct gri_invalid invalid;
};

/* Each: 0; a status that was recorded; a negative code.
 *
 * Before the body is read: runs those that run then, unless there is none to read. */
int gri_needs_begin(gr_co co, struct gri_needing *n, gr_req *req);

/* After it: reads what there is of inputs, runs the others, but for those at the end that block where the handler does:
 * these and what the handler's input gets are gri_needs_finish()'s, on the handler's thread. */
int gri_needs_go_on(gr_co co, struct gri_needing *n);
int gri_needs_finish(struct gri_needing *n);

/* The handler's input, or NULL. */
const void *gri_needs_input(const struct gri_needing *n);

/* --- pieces --- */

/* Whether a step can run: its input is right, and those that it needs could. They were asked about before it. */
GRI_COLD bool gri_need_is_barred(const struct gri_needing *n, unsigned step);
static inline bool gri_need_can_run(const struct gri_needing *n, unsigned step)
{
    return !n->is_wrong || !gri_need_is_barred(n, step);
}

/* Calls a step's function, in this coroutine or on this thread. */
int gri_need_call(gr_co co, const struct gri_needing *n, unsigned step);
int gri_need_call_blocking(const struct gri_needing *n, unsigned step);

/* Calls, in this coroutine, the next ones that can run, as far as `to` or one that blocks or overlaps. */
int gri_need_call_row(gr_co co, struct gri_needing *n, unsigned to);
static inline bool gri_need_is_single(const struct gri_need *need)
{
    return need->runs.kind != GR_BLOCKING && need->side == 1;
}

/* Gives the handler's input what it needs. */
void gri_needs_feed_handler(const struct gri_needing *n);

/* Runs those from `step` on that overlap, each in a coroutine of its own. */
int gri_needs_overlap(gr_co co, struct gri_needing *n, unsigned step);

/* Fills the inputs of the steps from `from` to `to`, the handler's behind the last. */
int gri_needs_bind(gr_co co, struct gri_needing *n, unsigned from, unsigned to);

#endif
