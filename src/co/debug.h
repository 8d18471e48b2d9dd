/* gr_tasks() and gr_stats_read() for who has no gr_co: on the loop's stack. */
#ifndef GRI_CO_DEBUG_H
#define GRI_CO_DEBUG_H

#include <griddle/debug.h>

#include "co/sched.h"

int gri_tasks(const struct gri_sched *sched, gr_task_visit_fn *visit, void *arg);
void gri_stats_read(const struct gri_sched *sched, gr_stats *stats);

/* Both as text, a line each, to a descriptor. */
void gri_tasks_print(const struct gri_sched *sched, int fd);

#endif
