/* Griddle: what every public header needs: attributes, version, error codes.
 *
 * Part of griddle.h. Usable from C11 and C++17. */
#ifndef GRIDDLE_BASE_H
#define GRIDDLE_BASE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GR_VERSION       "0.1.0"
#define GR_VERSION_MAJOR 0
#define GR_VERSION_MINOR 1
#define GR_VERSION_PATCH 0

#if defined(__GNUC__)
#define GR_API          __attribute__((visibility("default")))
#define GR_MUST_USE     __attribute__((warn_unused_result))
#define GR_UNUSED       __attribute__((unused))
#define GR_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define GR_API
#define GR_MUST_USE
#define GR_UNUSED
#define GR_PRINTF(f, a)
#endif

#ifdef __cplusplus
#define GR_BEGIN_DECLS extern "C" {
#define GR_END_DECLS   }
#else
#define GR_BEGIN_DECLS
#define GR_END_DECLS
#endif

GR_BEGIN_DECLS

/* Functions that can fail return an int:
 *
 *   0         success; results went through out-parameters
 *   negative  one of these codes, passed on unchanged by every caller. They are negative errno values, as libuv's
 *             are on Unix, so a code from libuv can be returned as it is.
 *   positive  an HTTP status that gr_fail() recorded for this request; a handler ends with gr_failed(req, rc)
 */
enum gr_errno {
    GR_EAGAIN = -EAGAIN,       /* not now: try again */
    GR_EBUSY = -EBUSY,         /* the thread pool's queue is full; a handler answers 503 */
    GR_EDEADLK = -EDEADLK,     /* a pool thread would wait for another one: see gr_call_on_loop() */
    GR_ECANCELED = -ECANCELED, /* the task was cancelled (its client left, its scope ended, the server stops) */
    GR_EEXIST = -EEXIST,       /* declared twice */
    GR_EINVAL = -EINVAL,       /* an argument out of its range */
    GR_EIO = -EIO,             /* the peer or the medium failed */
    GR_EMSGSIZE = -EMSGSIZE,   /* larger than a limit allows */
    GR_ENOMEM = -ENOMEM,       /* out of memory, or of coroutine stacks */
    GR_EPIPE = -EPIPE,         /* the other side does not read any more */
    GR_ETIMEDOUT = -ETIMEDOUT  /* the scope's deadline came first; a handler answers 504 */
};

/* A short English text for a negative code, e.g. "out of memory"; for one that is not in gr_errno the system's, e.g.
 * "Connection refused"; English in every locale. Never NULL; static storage. Any thread. */
GR_API const char *gr_strerror(int code);

/* The version of the library that runs, "MAJOR.MINOR.PATCH"; GR_VERSION is the one compiled against. Any thread. */
GR_API const char *gr_version(void);

GR_END_DECLS

#endif
