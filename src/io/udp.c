#include <stdlib.h>
#include <unistd.h>

#include "co/misuse.h"
#include "io/address.h"
#include "io/stream.h"

struct gr_udp {
    int fd;
    struct gri_watch *watch;
    unsigned calls; /* coroutines in one */
};

static int udp_create(gr_co co, gr_udp **out, int fd)
{
    gr_udp *udp = calloc(1, sizeof *udp);
    int rc = udp ? gri_watch_get(co.task->sched, fd, &udp->watch) : GR_ENOMEM;
    if (rc < 0) {
        free(udp);
        close(fd);
        return rc;
    }
    udp->fd = fd;
    *out = udp;
    return 0;
}

int gr_udp_open(gr_co co, gr_udp **udp, const char *host, unsigned port)
{
    gr_address address;
    *udp = NULL;
    int rc = gri_lookup_first(co, host, port, &address);
    if (rc < 0)
        return rc;
    int fd = gri_address_bind(&address, SOCK_DGRAM);
    return fd < 0 ? fd : udp_create(co, udp, fd);
}

static int send_one(gr_co co, gr_udp *udp, const void *data, size_t len, const gr_address *to)
{
    int rc = gri_await_spend(co, GRI_SPEND_CALL);
    while (rc == 0 && sendto(udp->fd, data, len, MSG_NOSIGNAL, gri_address_raw(to), to->length) < 0)
        rc = gri_io_retry(co, udp->watch, GR_WRITABLE, "room to send");
    return rc;
}

int gr_udp_send(gr_co co, gr_udp *udp, const void *data, size_t len, const gr_address *to)
{
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    udp->calls++;
    rc = send_one(co, udp, data, len, to);
    udp->calls--;
    return rc;
}

static int receive_one(gr_co co, gr_udp *udp, struct msghdr *message, size_t *n)
{
    ssize_t got = 0;
    int rc = gri_await_spend(co, GRI_SPEND_CALL);
    while (rc == 0 && (got = recvmsg(udp->fd, message, 0)) < 0)
        rc = gri_io_retry(co, udp->watch, GR_READABLE, "a datagram");
    if (rc < 0)
        return rc;
    *n = (size_t)got;
    return message->msg_flags & MSG_TRUNC ? GR_EMSGSIZE : 0;
}

static int udp_receive(gr_co co, gr_udp *udp, struct msghdr *message, size_t *n)
{
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    udp->calls++;
    rc = receive_one(co, udp, message, n);
    udp->calls--;
    return rc;
}

int gr_udp_receive(gr_co co, gr_udp *udp, void *buf, size_t size, size_t *n, gr_address *from)
{
    struct sockaddr_storage sender = {0};
    struct iovec room = {buf, size};
    struct msghdr message = {.msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &room, .msg_iovlen = 1};
    *n = 0;
    int rc = udp_receive(co, udp, &message, n);
    bool came = rc == 0 || rc == GR_EMSGSIZE;
    if (from)
        *from = gri_address_of((const struct sockaddr *)&sender, came ? message.msg_namelen : 0);
    return rc;
}

int gr_udp_fd(const gr_udp *udp)
{
    return udp->fd;
}

gr_address gr_udp_address(const gr_udp *udp)
{
    return gri_address_local(udp->fd);
}

void gr_udp_close(gr_udp *udp)
{
    if (!udp)
        return;
    gri_watch_check(udp->watch, "gr_udp_close()");
    if (udp->calls || gri_watch_is_awaited(udp->watch))
        gri_misuse("gr_udp_close() while a coroutine is in a call for it: cancel it and join it first");
    gri_watch_release(udp->watch);
    close(udp->fd);
    free(udp);
}
