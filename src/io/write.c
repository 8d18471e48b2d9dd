#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "io/stream.h"

/* A pipe has no MSG_NOSIGNAL: the signal is held back from this thread, and taken where it came by this call. */
static ssize_t write_pipe(int fd, const void *data, size_t len)
{
    sigset_t pipe_set, pending, before;
    sigemptyset(&pipe_set);
    sigaddset(&pipe_set, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe_set, &before);
    ssize_t n = write(fd, data, len);
    int error = errno;
    if (n < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE))
        sigtimedwait(&pipe_set, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return n;
}

static ssize_t send_some(const gr_io *io, const void *data, size_t len)
{
    return io->is_socket ? send(io->fd, data, len, MSG_NOSIGNAL) : write_pipe(io->fd, data, len);
}

/* *sent of it went out, whatever is returned. */
static int send_all(gr_co co, gr_io *io, const char *data, size_t len, size_t *sent)
{
    int rc = 0;
    for (*sent = 0; rc == 0 && *sent < len;) {
        rc = gri_await_spend(co, GRI_SPEND_CALL);
        ssize_t n = rc == 0 ? send_some(io, data + *sent, len - *sent) : 0; /* 0: a device that takes nothing */
        if (n > 0)
            *sent += (size_t)n;
        else if (rc == 0)
            rc = n == 0 ? GR_EIO : gri_io_retry(co, io->watch, GR_WRITABLE, "the other side to read");
    }
    return rc;
}

static int write_in_turn(gr_co co, gr_io *io, const void *data, size_t len)
{
    size_t sent;
    if (io->is_cut)
        return GR_EPIPE;
    int rc = send_all(co, io, data, len, &sent);
    io->is_cut = rc < 0 && sent > 0;
    return rc;
}

int gr_io_write(gr_co co, gr_io *io, const void *data, size_t len)
{
    int rc = gr_mutex_lock(co, &io->writing);
    if (rc < 0)
        return rc;
    rc = write_in_turn(co, io, data, len);
    gr_mutex_unlock(co, &io->writing);
    return rc;
}

int gr_io_shutdown(gr_io *io)
{
    gri_watch_check(io->watch, "gr_io_shutdown()");
    if (!io->is_socket)
        return GR_EINVAL;
    return shutdown(io->fd, SHUT_WR) < 0 ? -errno : 0;
}
