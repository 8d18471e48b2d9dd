#include "io/stream.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "co/misuse.h"

static bool is_socket(int fd)
{
    int type;
    socklen_t len = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0;
}

static int stream_create(gr_io **out, struct gri_sched *sched, int fd)
{
    gr_io *io = calloc(1, sizeof *io);
    int rc = io ? gri_watch_get(sched, fd, &io->watch) : GR_ENOMEM;
    if (rc < 0) {
        free(io);
        return rc;
    }
    io->fd = fd;
    io->is_socket = is_socket(fd);
    gri_buf_init(&io->ahead, NULL);
    *out = io;
    return 0;
}

int gr_io_open(gr_co co, gr_io **io, int fd)
{
    *io = NULL;
    gri_check_co(co);
    int rc = stream_create(io, co.task->sched, fd);
    if (rc < 0 && fd >= 0)
        close(fd);
    return rc;
}

void gr_io_close(gr_io *io)
{
    if (!io)
        return;
    gri_watch_check(io->watch, "gr_io_close()");
    if (io->reader || io->writing.owner)
        gri_misuse("gr_io_close() while \"%s\" is in a call for it: cancel that task and join it first",
                   io->reader ? io->reader->name : io->writing.owner->name);
    if (gri_watch_is_awaited(io->watch))
        gri_misuse(
            "gr_io_close() while a coroutine is in gr_wait_fd() for its descriptor: cancel it and join it first");
    gri_watch_release(io->watch);
    close(io->fd);
    gri_buf_finish(&io->ahead);
    free(io);
}

int gr_io_fd(const gr_io *io)
{
    return io->fd;
}

int gri_io_retry(gr_co co, struct gri_watch *watch, int events, const char *what)
{
    if (errno == EINTR)
        return 0;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return -errno;
    int rc = gri_watch_wait(co, watch, events, what);
    return rc < 0 ? rc : 0;
}
