/* A stream: a descriptor, its watch, and what was read ahead. */
#ifndef GRI_IO_STREAM_H
#define GRI_IO_STREAM_H

#include <griddle/io.h>
#include <griddle/sync.h>

#include "base/buf.h"
#include "co/task.h"
#include "co/watch.h"

struct gr_io {
    int fd;
    struct gri_watch *watch;
    const gr_task *reader; /* in a call; NULL: nobody */
    gr_mutex writing;
    struct gri_buf ahead;   /* what was read ahead */
    size_t taken;           /* of `ahead`, from its start: given, or lent up to the next call */
    bool is_socket, is_cut; /* is_cut: in the midst of what somebody wrote */
};

/* How a call of the system that gave -1 goes on: 0: try it again, having waited where it would block; else a negative
 * code. `events` is what to wait for. */
int gri_io_retry(gr_co co, struct gri_watch *watch, int events, const char *what);

#endif
