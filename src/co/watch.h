/* Readiness of descriptors: one watch for each descriptor that anybody waits for, however many do, as libuv allows but
 * one handle. Level-triggered, and lazy: what a coroutine waited for stays watched until it comes while nobody waits,
 * since most wait for the same again. */
#ifndef GRI_CO_WATCH_H
#define GRI_CO_WATCH_H

#include "co/sched.h"

struct gri_watch;

/* The watch of `fd`, to be given back by gri_watch_release(). Codes as gr_wait_fd(). */
int gri_watch_get(struct gri_sched *sched, int fd, struct gri_watch **watch);

/* The last one takes the descriptor out of the loop at once, so that it may be closed. */
void gri_watch_release(struct gri_watch *watch);

/* An await: until it is ready for some of `events`: those (above 0), or a negative code. `what` is a static string. */
int gri_watch_wait(gr_co co, struct gri_watch *watch, int events, const char *what);

/* Aborts where this is not the thread of its loop: in `function`, "gr_io_close()" say. */
void gri_watch_check(const struct gri_watch *watch, const char *function);

/* Whether a coroutine waits. */
bool gri_watch_is_awaited(const struct gri_watch *watch);

/* The last thing of a scheduler. Names in the log what was left open. */
void gri_watches_finish(struct gri_sched *sched);

#endif
