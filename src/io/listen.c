#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "co/misuse.h"
#include "io/address.h"
#include "io/stream.h"

enum { PAUSE_MS = 100 };

struct gr_listener {
    int fd;
    struct gri_watch *watch;
    unsigned calls; /* coroutines in gr_accept() */
    bool complained;
    dev_t device; /* of a Unix socket's path: */
    ino_t inode;  /* others may have taken it since */
};

/* --- beginning and end --- */

static int listen_create(gr_co co, gr_listener **out, int fd)
{
    gr_listener *listener = calloc(1, sizeof *listener);
    int rc = listener ? gri_watch_get(co.task->sched, fd, &listener->watch) : GR_ENOMEM;
    if (rc < 0) {
        free(listener);
        return rc;
    }
    listener->fd = fd;
    *out = listener;
    return 0;
}

static int listen_at(gr_co co, gr_listener **listener, const gr_address *address)
{
    int fd = gri_address_bind(address, SOCK_STREAM);
    if (fd < 0)
        return fd;
    int rc = listen(fd, SOMAXCONN) < 0 ? -errno : listen_create(co, listener, fd);
    if (rc < 0)
        close(fd);
    return rc;
}

int gr_tcp_listen(gr_co co, gr_listener **listener, const char *host, unsigned port)
{
    gr_address address;
    *listener = NULL;
    int rc = gri_lookup_first(co, host, port, &address);
    return rc < 0 ? rc : listen_at(co, listener, &address);
}

/* "": it has none. */
static const char *path_of(const gr_listener *listener, char *path, size_t size)
{
    gr_address address = gr_listener_address(listener);
    bool is_unix = gri_address_raw(&address)->sa_family == AF_UNIX;
    return is_unix && *gr_address_text(&address, path, size) != '@' ? path : "";
}

static void note_path(gr_listener *listener)
{
    char path[128];
    struct stat status;
    if (lstat(path_of(listener, path, sizeof path), &status) < 0)
        return;
    listener->device = status.st_dev;
    listener->inode = status.st_ino;
}

int gr_unix_listen(gr_co co, gr_listener **listener, const char *path)
{
    gr_address address;
    *listener = NULL;
    gri_check_co(co);
    int rc = gri_address_of_path(&address, path);
    rc = rc < 0 ? rc : listen_at(co, listener, &address);
    if (rc == 0)
        note_path(*listener);
    return rc;
}

int gr_listener_fd(const gr_listener *listener)
{
    return listener->fd;
}

gr_address gr_listener_address(const gr_listener *listener)
{
    return gri_address_local(listener->fd);
}

/* Whoever takes over, having removed it, has a socket of his own there. */
static void remove_path(const gr_listener *listener)
{
    char path[128];
    struct stat status;
    if (lstat(path_of(listener, path, sizeof path), &status) == 0 && status.st_dev == listener->device &&
        status.st_ino == listener->inode)
        unlink(path);
}

void gr_listener_close(gr_listener *listener)
{
    if (!listener)
        return;
    gri_watch_check(listener->watch, "gr_listener_close()");
    if (listener->calls || gri_watch_is_awaited(listener->watch))
        gri_misuse("gr_listener_close() while a coroutine is in gr_accept() for it: cancel it and join it first");
    remove_path(listener);
    gri_watch_release(listener->watch);
    close(listener->fd);
    free(listener);
}

/* --- clients --- */

/* What accept(2) tells of a client, or of its network, that is gone already. */
static bool is_about_the_client(int error)
{
    switch (error) {
    case ECONNABORTED:
    case ENETDOWN:
    case EPROTO:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
        return true;
    default:
        return false;
    }
}

static bool is_scarcity(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

static int wait_a_little(gr_co co, gr_listener *listener)
{
    if (!listener->complained)
        gri_log(co.task->sched->log, GRI_LOG_WARNING, "\"%s\": gr_accept(): %s: clients wait", co.task->name,
                gr_strerror(-errno));
    listener->complained = true;
    return gr_sleep(co, PAUSE_MS);
}

static int retry(gr_co co, gr_listener *listener)
{
    if (is_about_the_client(errno))
        return gri_await_spend(co, GRI_SPEND_CALL);
    if (is_scarcity(errno))
        return wait_a_little(co, listener);
    return gri_io_retry(co, listener->watch, GR_READABLE, "a client");
}

static int listen_accept_one(gr_co co, gr_listener *listener)
{
    int fd = -1, rc = gri_await_spend(co, GRI_SPEND_CALL);
    while (rc == 0 && (fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) < 0)
        rc = retry(co, listener);
    return rc < 0 ? rc : fd;
}

/* A client that there is no memory for is not worth the listener. */
static int accept_stream(gr_co co, gr_listener *listener, gr_io **io)
{
    const int on = 1;
    for (;;) {
        int fd = listen_accept_one(co, listener);
        if (fd < 0)
            return fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        int rc = gr_io_open(co, io, fd);
        if (rc != GR_ENOMEM)
            return rc;
        errno = ENOMEM;
        if ((rc = wait_a_little(co, listener)) < 0)
            return rc;
    }
}

int gr_accept(gr_co co, gr_listener *listener, gr_io **io)
{
    *io = NULL;
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    listener->calls++;
    rc = accept_stream(co, listener, io);
    listener->calls--;
    if (rc == 0)
        listener->complained = false;
    return rc;
}
