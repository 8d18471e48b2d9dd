/* gr_run() for tests, which do not wait as long, and its pieces. */
#ifndef GRI_CO_RUN_H
#define GRI_CO_RUN_H

#include "co/sched.h"

/* As gr_run(), which gives what fn left behind 10 s, `leave_ms`. */
int gri_run(gr_task_fn *fn, void *arg, int64_t leave_ms);

/* A turn of the loop of one that runs until *ended. Aborts where nothing could end it: a loop that has nothing to do
 * while a coroutine waits would do nothing for ever. */
void gri_run_turn(uv_loop_t *loop, const struct gri_sched *sched, const bool *ended);

#endif
