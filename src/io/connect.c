#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "io/address.h"
#include "io/stream.h"

enum { ADDRESSES_MAX = 16, HEAD_START_MS = 250, RETRY_MS = 10 };

/* --- one address --- */

static int connect_begin(const gr_io *io, const gr_address *address)
{
    return connect(io->fd, gri_address_raw(address), address->length) < 0 ? -errno : 0;
}

static int connect_end(const gr_io *io)
{
    int error = 0;
    socklen_t len = sizeof error;
    if (getsockopt(io->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
        return -errno;
    return -error;
}

/* EAGAIN: the queue of a Unix socket's listener is full, and nothing tells when it is no more. */
static int connect_to(gr_co co, const gr_io *io, const gr_address *address)
{
    int rc;
    while ((rc = connect_begin(io, address)) == -EAGAIN)
        if ((rc = gr_sleep(co, RETRY_MS)) < 0)
            return rc;
    if (rc != -EINPROGRESS && rc != -EINTR)
        return rc;
    rc = gri_watch_wait(co, io->watch, GR_WRITABLE, "a connection");
    return rc < 0 ? rc : connect_end(io);
}

static int open_connected(gr_co co, gr_io **io, const gr_address *address)
{
    *io = NULL;
    int fd = gri_address_socket(address, SOCK_STREAM), rc = fd < 0 ? fd : gr_io_open(co, io, fd);
    if (rc < 0)
        return rc;
    rc = connect_to(co, *io, address);
    if (rc < 0) {
        gr_io_close(*io);
        *io = NULL;
    }
    return rc;
}

/* --- the first of several to answer --- */

struct connect_race {
    gr_address addresses[ADDRESSES_MAX];
    gr_event failed[ADDRESSES_MAX];
    size_t n, started;
    gr_group group;
    gr_io *winner;
    int rc; /* of the first that failed */
};

static int give_head_start(gr_co co, struct connect_race *race, size_t i)
{
    if (i == 0)
        return 0;
    int rc = gr_event_wait(gr_within(co, HEAD_START_MS), &race->failed[i - 1]);
    return rc == GR_ETIMEDOUT ? 0 : rc;
}

static int lose(struct connect_race *race, size_t i, int rc)
{
    if (race->rc == 0)
        race->rc = rc;
    gr_event_set(&race->failed[i]);
    return 0;
}

/* Ends the group, by a result other than 0, where it wins. */
static int connect_run(gr_co co, void *arg)
{
    struct connect_race *race = arg;
    size_t i = race->started++;
    gr_io *io;
    int rc = give_head_start(co, race, i);
    rc = rc < 0 ? rc : open_connected(co, &io, &race->addresses[i]);
    if (rc < 0)
        return lose(race, i, rc);
    if (race->winner)
        gr_io_close(io);
    else
        race->winner = io;
    return 1;
}

static int connect_to_any(gr_co co, struct connect_race *race)
{
    int rc = 0;
    gr_group_open(co, &race->group);
    for (size_t i = 0; i < race->n && rc == 0; i++)
        rc = gr_group_spawn_named(co, &race->group, "connect", connect_run, race);
    rc = gr_group_close(co, &race->group, rc);
    if (race->winner)
        return 0;
    return rc < 0 ? rc : race->rc;
}

int gr_tcp_connect(gr_co co, gr_io **io, const char *host, unsigned port)
{
    struct connect_race race = {0};
    const int on = 1;
    *io = NULL;
    int rc = gr_lookup(co, host, port, race.addresses, ADDRESSES_MAX, &race.n);
    if (rc < 0)
        return rc;
    rc = race.n == 1 ? open_connected(co, &race.winner, &race.addresses[0]) : connect_to_any(co, &race);
    if (rc < 0)
        return rc;
    *io = race.winner;
    setsockopt(race.winner->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return 0;
}

/* --- without the network --- */

int gr_unix_connect(gr_co co, gr_io **io, const char *path)
{
    gr_address address;
    *io = NULL;
    int rc = gri_await_begin(co);
    rc = rc < 0 ? rc : gri_address_of_path(&address, path);
    return rc < 0 ? rc : open_connected(co, io, &address);
}

int gr_io_pair(gr_co co, gr_io **a, gr_io **b)
{
    int fds[2];
    *a = *b = NULL;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
        return -errno;
    int rc = gr_io_open(co, a, fds[0]);
    if (rc < 0) {
        close(fds[1]);
        return rc;
    }
    rc = gr_io_open(co, b, fds[1]);
    if (rc < 0) {
        gr_io_close(*a);
        *a = NULL;
    }
    return rc;
}

gr_address gr_io_peer(const gr_io *io)
{
    return gri_address_peer(io->fd);
}

gr_address gr_io_local(const gr_io *io)
{
    return gri_address_local(io->fd);
}
