/* Griddle: bodies piece by piece, in both directions, in constant memory.
 *
 * An operation with `.stream_body = true` runs as soon as the head is complete and reads the body itself; a reply made
 * by gr_stream() writes its body itself, after the head was sent. Both wait for the client: reading for what it has not
 * sent yet, writing until it has taken what was written (back-pressure). In each pair below the first is for
 * coroutines, the second for blocking functions on a thread of the pool. */
#ifndef GRIDDLE_STREAM_H
#define GRIDDLE_STREAM_H

#include <griddle/reply.h>

GR_BEGIN_DECLS

/* The next piece of the request's body, all that has come of it whatever its chunks (at most gr_limits.input_bytes as a
 * rule): *data is borrowed until the next call for this request; *len is 0 at the end.
 *
 * 0; GR_ECANCELED: the client has left; GR_ETIMEDOUT: the deadline of `co`; or a recorded status for gr_failed(): 400 a
 * body that is not well-formed, 408 one that does not come, 413 one above the operation's limit. */
GR_API GR_MUST_USE int gr_read(gr_co co, gr_req *req, const char **data, size_t *len);
GR_API GR_MUST_USE int gr_read_blocking(gr_req *req, const char **data, size_t *len);

/* Where a streamed reply's body goes. Borrowed, for the call of the function that gets it. */
typedef struct gr_writer gr_writer;

/* Sends `len` bytes (borrowed for the call) as part of the body and waits until the system has taken them: each call is
 * a chunk of its own, and from a thread a trip to the loop and back, so many small pieces are better put together
 * before. 0; GR_ECANCELED: the client has left, so the function had better return; GR_ETIMEDOUT. */
GR_API GR_MUST_USE int gr_write(gr_co co, gr_writer *writer, const void *data, size_t len);
GR_API GR_MUST_USE int gr_write_blocking(gr_writer *writer, const void *data, size_t len);

/* Writes a body, and returns 0 when it is complete. One that has no end of its own ends when the server stops: a stop
 * waits for it, and cuts it off at its deadline (gr_stopping(), gr_wait_stopping()). Anything else ends the connection,
 * so that the client sees that the body was cut; it cannot become an error reply, since the head was sent. */
typedef int gr_write_fn(gr_co co, gr_writer *writer, void *arg);
typedef int gr_blocking_write_fn(gr_writer *writer, void *arg);

/* 200, `content_type`, and the body that fn(arg) writes when the head has been sent: in chunked coding, or up to the
 * end of the connection for HTTP/1.0. Not called for a HEAD request, nor where middleware replaced the reply, nor where
 * the client has left: what arg holds is freed by gr_defer(), not by fn. `arg` lives until the request has ended: it is
 * the request's own (gr_alloc()), or lives longer; one in a frame of the handler is gone before fn runs: that aborts,
 * saying so. */
GR_API GR_MUST_USE gr_reply gr_stream_async(gr_req *req, const char *content_type, gr_write_fn *fn, void *arg);
GR_API GR_MUST_USE gr_reply gr_stream_blocking(gr_req *req, const char *content_type, gr_blocking_write_fn *fn,
                                               void *arg);

/* The same with a length that is known beforehand, as a gateway knows it: Content-Length says it, also to HEAD, and an
 * HTTP/1.0 connection can be kept. A body of fewer bytes, or a write of more (GR_EMSGSIZE), ends the connection, and is
 * logged. */
GR_API GR_MUST_USE gr_reply gr_stream_sized_async(gr_req *req, const char *content_type, uint64_t length,
                                                  gr_write_fn *fn, void *arg);
GR_API GR_MUST_USE gr_reply gr_stream_sized_blocking(gr_req *req, const char *content_type, uint64_t length,
                                                     gr_blocking_write_fn *fn, void *arg);

#ifndef __cplusplus
/* As in mistake.h: what is wrong is reported at the line that used a macro. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

#define GR_WRITER_OF_(req, fn) \
    GR_ONE_OF_(req, fn, gr_write_fn, gr_blocking_write_fn, \
               #fn " writes no body: write int " #fn "(gr_co co, gr_writer *writer, void *arg), or the same " \
                   "without gr_co")

/* gr_stream(req, content_type, fn, arg), gr_stream_sized(req, content_type, length, fn, arg): async or blocking by fn's
 * type. */
#define gr_stream(req, content_type, fn, arg) \
    GR_BY_TYPE_(fn, gr_write_fn, gr_stream_async, gr_blocking_write_fn, gr_stream_blocking) \
    (GR_WRITER_OF_(req, fn), (content_type), (fn), (arg))
#define gr_stream_sized(req, content_type, length, fn, arg) \
    GR_BY_TYPE_(fn, gr_write_fn, gr_stream_sized_async, gr_blocking_write_fn, gr_stream_sized_blocking) \
    (GR_WRITER_OF_(req, fn), (content_type), (length), (fn), (arg))
#endif

GR_END_DECLS

#endif
