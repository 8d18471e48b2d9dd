/* gr_run() for tests, which do not wait as long. */
#ifndef GRI_CO_RUN_H
#define GRI_CO_RUN_H

#include <griddle/task.h>

/* As gr_run(), which gives what fn left behind 10 s, `leave_ms`. */
int gri_run(gr_task_fn *fn, void *arg, int64_t leave_ms);

#endif
