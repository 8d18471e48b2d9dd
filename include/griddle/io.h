/* Griddle: awaiting descriptors, and streams of bytes over them: connections, pipes, terminals, serial devices.
 *
 *     gr_io *io;
 *     const char *line;
 *     size_t len;
 *     int rc = gr_tcp_connect(co, &io, "localhost", 4000);                    (griddle/net.h)
 *     if (rc < 0)
 *         return rc;
 *     rc = gr_io_write(co, io, "temperature?\n", 13);
 *     rc = rc ? rc : gr_io_read_until(co, io, "\n", 100, &line, &len);
 *     if (rc == 0)
 *         printf("%.*s", (int)len, line);
 *     gr_io_close(io);
 *
 * All functions: the thread of the loop that they are first used on. Those that take a gr_co are awaits: a deadline or
 * a cancellation ends them, and leaves nothing behind. In a test by griddle/testing.h, whose time is virtual, nobody
 * waits for a descriptor, so that deadlines come at once: test what uses them with gr_server_start() on port 0. */
#ifndef GRIDDLE_IO_H
#define GRIDDLE_IO_H

#include <griddle/co.h>

GR_BEGIN_DECLS

/* --- descriptors --- */

/* What a descriptor is waited for, and is ready for. The values are libuv's. */
enum gr_fd_events {
    GR_READABLE = 1, /* reading does not block: bytes, a connection, the end or an error is there */
    GR_WRITABLE = 2, /* writing does not block */
    GR_HANGUP = 4,   /* the peer of a socket sends no more (EPOLLRDHUP) */
    GR_URGENT = 8    /* out-of-band data, or what a device tells so (EPOLLPRI): a GPIO line's edge, for example */
};

/* Waits until `fd` is ready for one of `events`, and stores those that it is ready for in *ready (may be NULL): with it
 * any C library that has a descriptor and calls that do not block can be awaited. An error on the descriptor makes it
 * ready for all that was asked: the call that follows tells of it. Several coroutines may wait for one descriptor.
 *
 * `fd` is borrowed, becomes non-blocking, and must stay open until the wait is over; then nothing is left of it in the
 * loop. GR_EINVAL: no events; -EBADF; -EPERM: a regular file, which is always ready (griddle/file.h); -EEXIST: a handle
 * of libuv's own watches it; GR_ENOMEM. loop.add_reader, add_writer. */
GR_API GR_MUST_USE int gr_wait_fd(gr_co co, int fd, int events, int *ready);

/* --- streams --- */

/* A stream of bytes in one or both directions. One coroutine at a time reads (a second one aborts, naming both); any
 * number may write. asyncio's StreamReader and StreamWriter. */
typedef struct gr_io gr_io;

/* A new stream over `fd`, which it steals, on failure too: it is closed then. It becomes non-blocking. Does not wait.
 * Errors as for gr_wait_fd(). */
GR_API GR_MUST_USE int gr_io_open(gr_co co, gr_io **io, int fd);

/* Closes it, at once: what was written is the system's, and still goes out; what was not read is lost. No coroutine may
 * be in a call for it: it aborts (cancel and join it first). NULL is allowed. StreamWriter.close. */
GR_API void gr_io_close(gr_io *io);

/* The descriptor, for setsockopt() and its like. Borrowed. */
GR_API int gr_io_fd(const gr_io *io);

/* Waits for bytes, and stores up to `size` of them in buf; *n is how many, 0 at the end. -ECONNRESET and other errors
 * of read() as the system gives them. StreamReader.read(n). */
GR_API GR_MUST_USE int gr_io_read(gr_co co, gr_io *io, void *buf, size_t size, size_t *n);

/* Exactly `size` bytes. GR_EPIPE: the end came before. What came until an error is lost. readexactly(n). */
GR_API GR_MUST_USE int gr_io_read_exactly(gr_co co, gr_io *io, void *buf, size_t size);

/* The bytes up to and with `separator` (a string, not empty): *data is borrowed until the next call that reads from
 * `io`, and is not NUL-terminated. At the end of the stream what is left, without a separator; *len is 0 where nothing
 * is. GR_EMSGSIZE: none within max_bytes; then, and after a deadline or a cancellation, nothing has been consumed.
 * readuntil(separator). */
GR_API GR_MUST_USE int gr_io_read_until(gr_co co, gr_io *io, const char *separator, size_t max_bytes, const char **data,
                                        size_t *len);

/* Writes `len` bytes (borrowed for the call) and waits until the system has taken all of them: a reader that is slow
 * holds its writer back. Each call's bytes stay together, in the order of the calls. GR_EPIPE: the other side is gone
 * (no SIGPIPE is raised), or an earlier write was cut by a deadline, a cancellation or an error in the midst of its
 * bytes: what followed would be read as part of it, so the stream takes nothing more. write() and drain(). */
GR_API GR_MUST_USE int gr_io_write(gr_co co, gr_io *io, const void *data, size_t len);

/* Ends the writing side of a socket: its peer reads to the end, and may still send. Does not wait. -ENOTCONN;
 * GR_EINVAL: not a socket: gr_io_close() is its end. StreamWriter.write_eof. */
GR_API GR_MUST_USE int gr_io_shutdown(gr_io *io);

GR_END_DECLS

#endif
