#include "http/tcp.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "http/conn.h"

struct tcp {
    struct gri_transport base;
    uv_tcp_t handle;
    uv_os_fd_t fd; /* the handle's, which owns it */
    struct gri_conn conn;
};

static struct tcp *tcp_of(struct gri_transport *transport)
{
    return (struct tcp *)transport;
}

static uv_stream_t *stream_of(struct gri_transport *transport)
{
    return (uv_stream_t *)&tcp_of(transport)->handle;
}

static void on_alloc(uv_handle_t *handle, size_t hint, uv_buf_t *buf)
{
    (void)hint;
    gri_conn_alloc(&((struct tcp *)handle->data)->conn, buf);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    gri_conn_received(&((struct tcp *)stream->data)->conn, buf->base, n);
}

static void tcp_read(struct gri_transport *transport, bool on)
{
    if (on)
        uv_read_start(stream_of(transport), on_alloc, on_read);
    else
        uv_read_stop(stream_of(transport));
}

/* uv_try_write() would ask of a queue that is empty whenever we come here, and write() may raise SIGPIPE. */
static ssize_t tcp_try_write(struct gri_transport *transport, const uv_buf_t *bufs, unsigned n)
{
    struct msghdr message = {.msg_iov = (struct iovec *)(uintptr_t)bufs};
    message.msg_iovlen = (__typeof__(message.msg_iovlen))n; /* an int in POSIX, a size_t in glibc */
    int fd = tcp_of(transport)->fd;
    ssize_t sent;
    do
        sent = n == 1 ? send(fd, bufs->base, bufs->len, MSG_NOSIGNAL) : sendmsg(fd, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent >= 0 ? sent : errno == EAGAIN || errno == ENOBUFS ? 0 : -errno;
}

static void on_written(uv_write_t *uv, int status)
{
    struct gri_write *write = uv->data;
    gri_conn_wrote(write->transport->conn, write, status);
}

static int tcp_write(struct gri_transport *transport, struct gri_write *write)
{
    write->uv.data = write;
    return uv_write(&write->uv, stream_of(transport), &write->bytes, 1, on_written);
}

/* With what the system holds and the client has not acknowledged: its buffers would hide for minutes that a client
 * takes nothing, or that a slow one takes something. */
static size_t tcp_unsent(struct gri_transport *transport)
{
    int held = 0;
    if (ioctl(tcp_of(transport)->fd, SIOCOUTQ, &held) < 0)
        held = 0;
    return uv_stream_get_write_queue_size(stream_of(transport)) + (size_t)held;
}

/* Behind the client's FIN nothing is read any more that would tell. */
static bool tcp_is_broken(struct gri_transport *transport)
{
    struct pollfd state = {.fd = tcp_of(transport)->fd};
    return poll(&state, 1, 0) == 1 && state.revents & POLLERR;
}

/* The queue is empty, so the system can be told at once, without memory for a request of libuv's. */
static void tcp_shutdown(struct gri_transport *transport)
{
    shutdown(tcp_of(transport)->fd, SHUT_WR);
}

static bool counts_addresses(const struct gri_http *http)
{
    return http->limits.address_connections < http->limits.connections;
}

static void on_tcp_closed(uv_handle_t *handle)
{
    struct tcp *tcp = handle->data;
    if (counts_addresses(tcp->conn.http))
        gri_addresses_remove(&tcp->conn.http->addresses, &tcp->base.peer);
    gri_conn_closed(&tcp->conn);
    free(tcp);
}

static void tcp_close(struct gri_transport *transport, bool reset)
{
    uv_tcp_t *handle = &tcp_of(transport)->handle;
    if (!reset || uv_tcp_close_reset(handle, on_tcp_closed) < 0) /* what is broken already cannot be reset */
        uv_close((uv_handle_t *)handle, on_tcp_closed);
}

static const struct gri_transport_ops tcp_ops = {
    .read = tcp_read,
    .try_write = tcp_try_write,
    .write = tcp_write,
    .unsent = tcp_unsent,
    .is_broken = tcp_is_broken,
    .shutdown = tcp_shutdown,
    .close = tcp_close,
};

static void read_peer(struct tcp *tcp)
{
    struct sockaddr_storage address;
    int len = sizeof address;
    struct gri_peer *peer = &tcp->base.peer;
    if (uv_tcp_getpeername(&tcp->handle, (struct sockaddr *)&address, &len) < 0)
        return;
    if (address.ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)&address;
        *peer = (struct gri_peer){.port = ntohs(in->sin_port), .family = 4};
        memcpy(peer->address, &in->sin_addr, 4);
    } else if (address.ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)&address;
        *peer = (struct gri_peer){.port = ntohs(in->sin6_port), .family = 6};
        memcpy(peer->address, &in->sin6_addr, 16);
    }
}

static void on_discarded(uv_handle_t *handle)
{
    free(handle->data);
}

static void complain(struct gri_listener *listener, const char *what)
{
    int64_t now_ms = gri_loop_ms(listener->http->sched);
    if (listener->complained_ms && now_ms - listener->complained_ms < 1000)
        return;
    listener->complained_ms = now_ms;
    gri_log(listener->http->log, GRI_LOG_WARNING, "%s: more clients wait or are turned away", what);
}

static bool is_within_address_limit(struct gri_listener *listener, const struct tcp *tcp)
{
    struct gri_http *http = listener->http;
    if (!counts_addresses(http) ||
        gri_addresses_add(&http->addresses, &tcp->base.peer, http->limits.address_connections))
        return true;
    complain(listener, "the limit of connections of one address is reached");
    return false;
}

/* libuv offers the connection, and any after it, only once: without memory it has to be asked for later. */
static void accept_later(struct gri_listener *listener)
{
    enum { RETRY_MS = 100 };
    struct gri_sched *sched = listener->http->sched;
    listener->full = true;
    gri_timer_set(sched, &listener->retry, gri_after_ms(sched, RETRY_MS));
    complain(listener, "out of memory");
}

static void tcp_accept_one(struct gri_listener *listener)
{
    struct tcp *tcp = calloc(1, sizeof *tcp);
    if (!tcp) {
        accept_later(listener);
        return;
    }
    tcp->base.ops = &tcp_ops;
    uv_tcp_init(listener->tcp.loop, &tcp->handle);
    tcp->handle.data = tcp;
    bool accepted = uv_accept((uv_stream_t *)&listener->tcp, (uv_stream_t *)&tcp->handle) == 0;
    if (accepted)
        read_peer(tcp);
    if (!accepted || !is_within_address_limit(listener, tcp)) {
        uv_close((uv_handle_t *)&tcp->handle, on_discarded);
        return;
    }
    uv_tcp_nodelay(&tcp->handle, 1);
    uv_fileno((uv_handle_t *)&tcp->handle, &tcp->fd);
    gri_conn_open(&tcp->conn, listener->http, &tcp->base);
}

/* libuv polls for no other connection until this one was accepted, so waiting costs nothing. */
static void on_connection(uv_stream_t *server, int status)
{
    struct gri_listener *listener = server->data;
    if (status < 0) {
        complain(listener, "a connection could not be accepted");
        return;
    }
    listener->full = listener->http->n_conns >= listener->http->limits.connections;
    if (listener->full)
        complain(listener, "the limit of connections is reached");
    else
        tcp_accept_one(listener);
}

static void on_room(struct gri_http *http)
{
    struct gri_listener *listener = http->acceptor;
    if (!listener->full || uv_is_closing((uv_handle_t *)&listener->tcp))
        return;
    listener->full = false;
    tcp_accept_one(listener);
}

static void on_retry(struct gri_timer *timer)
{
    on_room(GRI_OWNER_OF(timer, struct gri_listener, retry)->http);
}

static void on_tcp_listener_closed(uv_handle_t *handle)
{
    struct gri_listener *listener = handle->data;
    if (listener->closed)
        listener->closed(listener);
}

static int parse_address(const char *host, int port, struct sockaddr_storage *address)
{
    if (port < 0 || port > UINT16_MAX) /* libuv would take what is left of it in 16 bits */
        return UV_EINVAL;
    if (strcmp(host, "localhost") == 0)
        host = "127.0.0.1";
    if (uv_ip4_addr(host, port, (struct sockaddr_in *)address) == 0)
        return 0;
    return uv_ip6_addr(host, port, (struct sockaddr_in6 *)address);
}

int gri_listener_open(struct gri_listener *listener, struct gri_http *http, const char *host, int port, int backlog,
                      void (*closed)(struct gri_listener *))
{
    struct sockaddr_storage address;
    *listener = (struct gri_listener){.http = http, .closed = closed, .retry.fire = on_retry};
    http->acceptor = listener;
    http->room = on_room;
    uv_tcp_init(http->sched->loop, &listener->tcp);
    listener->tcp.data = listener;
    int rc = parse_address(host, port, &address);
    if (rc == 0)
        rc = uv_tcp_bind(&listener->tcp, (const struct sockaddr *)&address, 0);
    if (rc == 0)
        rc = uv_listen((uv_stream_t *)&listener->tcp, backlog, on_connection);
    if (rc < 0)
        gri_listener_close(listener);
    return rc;
}

int gri_listener_port(const struct gri_listener *listener)
{
    struct sockaddr_storage address;
    int len = sizeof address;
    if (uv_tcp_getsockname(&listener->tcp, (struct sockaddr *)&address, &len) < 0)
        return 0;
    return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                               : ((struct sockaddr_in *)&address)->sin_port);
}

void gri_listener_close(struct gri_listener *listener)
{
    listener->http->room = NULL;
    gri_timer_clear(listener->http->sched, &listener->retry);
    if (!uv_is_closing((uv_handle_t *)&listener->tcp))
        uv_close((uv_handle_t *)&listener->tcp, on_tcp_listener_closed);
}
