/* A child process: libuv's handle, the program's ends of its pipes, and those that wait for its end. */
#ifndef GRI_IO_PROCESS_H
#define GRI_IO_PROCESS_H

#include <griddle/process.h>

#include "co/task.h"
#include "co/waiters.h"

enum { GRI_STREAMS = 3 };

struct gr_process {
    uv_process_t handle; /* lives until libuv has closed it */
    struct gri_sched *sched;
    gr_waiters waiters; /* each with a gr_process_status * */
    gr_io *ends[GRI_STREAMS];
    gr_process_status status;
    bool own_group, ended;
};

/* What the child gets as its standard streams. */
struct gri_stdio {
    uv_stdio_container_t child[GRI_STREAMS];
    int theirs[GRI_STREAMS]; /* its ends of pipes, open here too until it runs; -1: none */
};

/* Whether each stream leads where it can. */
bool gri_stdio_is_valid(const gr_process_options *options);

/* Makes the pipes; ends[] are then the program's, NULL where there is no pipe. The caller finishes `stdio` and closes
 * `ends` in any case. */
int gri_stdio_open(gr_co co, struct gri_stdio *stdio, const gr_process_options *options, gr_io *ends[GRI_STREAMS]);

/* Closes the child's ends: once it runs, they are its own alone. */
void gri_stdio_finish(struct gri_stdio *stdio);

#endif
