/* Griddle: awaiting the network: names, TCP and Unix connections, listeners, UDP.
 *
 * A connection is a gr_io (griddle/io.h, which says too what holds of threads, deadlines and tests); HTTP has a client
 * of its own (griddle/fetch.h).
 *
 *     static int serve(gr_co co, void *arg)              static int echo(gr_co co, void *arg)
 *     {                                                  {
 *         gr_listener *listener = arg;                       gr_io *io = arg;
 *         gr_group clients;                                  char buf[4096];
 *         gr_io *io;                                         size_t n;
 *         int rc;                                            while (gr_io_read(co, io, buf, sizeof buf, &n) == 0 && n)
 *         gr_group_open(co, &clients);                           if (gr_io_write(co, io, buf, n) < 0)
 *         while ((rc = gr_accept(co, listener, &io)) == 0)           break;
 *             if (gr_group_spawn(co, &clients, echo, io))     gr_io_close(io);
 *                 gr_io_close(io);                            return 0;
 *         return gr_group_close(co, &clients, rc);        }
 *     }
 */
#ifndef GRIDDLE_NET_H
#define GRIDDLE_NET_H

#include <griddle/io.h>

GR_BEGIN_DECLS

/* --- addresses --- */

/* An address of a socket, of whatever family, with its port. */
typedef struct gr_address {
    uint64_t storage[16]; /* a struct sockaddr_storage: to be cast to a struct sockaddr for the system */
    uint32_t length;      /* bytes of it; 0: none */
} gr_address;

/* Writes "192.0.2.1:80", "[2001:db8::1]:80", or a Unix socket's path ("@name": abstract; "": it has none) with a NUL,
 * cut to `size` bytes; returns text. 128 are enough for all. Any thread. */
GR_API const char *gr_address_text(const gr_address *address, char *text, size_t size);

/* 0 for a Unix socket. Any thread. */
GR_API unsigned gr_address_port(const gr_address *address);

/* The addresses of `host` (a name, or an address in figures) with `port`, in the order in which to try them (RFC 6724),
 * `room` at most; *n is how many, at least 1. By the system's getaddrinfo() on libuv's own threads, half of
 * UV_THREADPOOL_SIZE of them at a time; where the deadline comes first the coroutine goes on without it.
 *
 * -EHOSTUNREACH: there is no such name, or it has no address; GR_EAGAIN: its name servers do not answer; GR_EINVAL: the
 * port, or no room; GR_ENOMEM; GR_EIO. loop.getaddrinfo. */
GR_API GR_MUST_USE int gr_lookup(gr_co co, const char *host, unsigned port, gr_address *addresses, size_t room,
                                 size_t *n);

/* --- connections --- */

/* A new connection, the caller's to close. Each address of `host` is tried, a further one 250 ms after the one before
 * or as soon as that has failed, all at the same time; the first that answers wins (Happy Eyeballs, RFC 8305 section
 * 5). Small writes go out at once (TCP_NODELAY). As gr_lookup(); else what the first address to fail said:
 * -ECONNREFUSED, -ENETUNREACH, ... open_connection. */
GR_API GR_MUST_USE int gr_tcp_connect(gr_co co, gr_io **io, const char *host, unsigned port);

/* The same to a Unix socket; "@name" is one in Linux's abstract namespace. Waits while the listener's queue is full.
 * -ENOENT, -ECONNREFUSED, -ENAMETOOLONG (from 108 bytes on). open_unix_connection. */
GR_API GR_MUST_USE int gr_unix_connect(gr_co co, gr_io **io, const char *path);

/* Two connected streams in this process. -EMFILE, GR_ENOMEM. socket.socketpair. */
GR_API GR_MUST_USE int gr_io_pair(gr_co co, gr_io **a, gr_io **b);

/* Who is at the other end, and at this one. `length` is 0 where there is nothing to tell. */
GR_API gr_address gr_io_peer(const gr_io *io);
GR_API gr_address gr_io_local(const gr_io *io);

/* --- listeners --- */

/* Where connections come in. One coroutine at a time, or several, accept. */
typedef struct gr_listener gr_listener;

/* A new listener at the first address of `host` ("127.0.0.1", "localhost", "::": all, IPv4 too, whatever the
 * system's setting; "0.0.0.0": all of IPv4), the caller's to close. Port 0: one that is free, see
 * gr_listener_address(). SO_REUSEADDR is set. As gr_lookup(); -EADDRINUSE, -EADDRNOTAVAIL, -EACCES. start_server. */
GR_API GR_MUST_USE int gr_tcp_listen(gr_co co, gr_listener **listener, const char *host, unsigned port);

/* The same at a Unix socket: a path, which must not be there (-EADDRINUSE) and is removed by gr_listener_close() unless
 * another socket is there by then, or "@name". Who may connect is a matter of the directory's and the umask's
 * permissions. start_unix_server. */
GR_API GR_MUST_USE int gr_unix_listen(gr_co co, gr_listener **listener, const char *path);

/* Waits for a client; *io is the caller's to close. A client that left while it waited is passed over; where there is
 * no descriptor or memory left it is said in the log, and tried again every 100 ms: so GR_ENOMEM is no result. */
GR_API GR_MUST_USE int gr_accept(gr_co co, gr_listener *listener, gr_io **io);

/* The descriptor, for setsockopt(), or listen() with a shorter queue than the system's. Borrowed. */
GR_API int gr_listener_fd(const gr_listener *listener);

/* Where it listens. */
GR_API gr_address gr_listener_address(const gr_listener *listener);

/* Closes it, at once: clients that were not accepted are reset. No coroutine may be in gr_accept() for it: it aborts.
 * NULL is allowed. */
GR_API void gr_listener_close(gr_listener *listener);

/* --- UDP --- */

/* A UDP socket. One or several coroutines send and receive. */
typedef struct gr_udp gr_udp;

/* A new socket at the first address of `host` and port (0: one that is free), the caller's to close: "127.0.0.1" to
 * speak with this machine, "0.0.0.0" or "::" with any. As gr_tcp_listen(). create_datagram_endpoint. */
GR_API GR_MUST_USE int gr_udp_open(gr_co co, gr_udp **udp, const char *host, unsigned port);

/* Sends one datagram, and waits while the system has no room for it. GR_EMSGSIZE: too large for one. That
 * nobody received it is not told. */
GR_API GR_MUST_USE int gr_udp_send(gr_co co, gr_udp *udp, const void *data, size_t len, const gr_address *to);

/* Waits for one datagram: *n bytes (0: an empty one) in buf, from whom in *from (may be NULL). GR_EMSGSIZE: it was
 * larger than `size`; its beginning is in buf, *n is `size`, the rest is lost. */
GR_API GR_MUST_USE int gr_udp_receive(gr_co co, gr_udp *udp, void *buf, size_t size, size_t *n, gr_address *from);

/* The descriptor, for setsockopt(): broadcast, multicast. Borrowed. */
GR_API int gr_udp_fd(const gr_udp *udp);

/* Where it is. */
GR_API gr_address gr_udp_address(const gr_udp *udp);

/* Closes it. No coroutine may be in a call for it: it aborts. NULL is allowed. */
GR_API void gr_udp_close(gr_udp *udp);

GR_END_DECLS

#endif
