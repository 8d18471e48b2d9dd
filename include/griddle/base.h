/* Griddle: what every public header needs: attributes, version, error codes.
 *
 * Part of griddle.h. Usable from C11 and C++17, which has the macros by griddle.hpp. */
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

/* griddle-strict defines it: what C++ refuses and C only warns of, one struct in place of another, a number in place of
 * a text, a misspelt macro, is an error in the file that includes this. */
#if defined(GR_STRICT) && defined(__GNUC__) && !defined(__cplusplus)
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#pragma GCC diagnostic error "-Wint-conversion"
#pragma GCC diagnostic error "-Wimplicit-function-declaration"
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

/* Public structs grow, and a program that was compiled with an older griddle.h keeps working:
 *
 *   - Members are added at the end, never in what was padding, and all zero is what an older program meant by them.
 *   - A struct that a program fills begins with `size`, its sizeof. The library takes shorter ones, reads no byte
 * behind their size, and refuses one that is longer than its own, or of a size that none can have, such as one that was
 *     forgotten: by GR_EINVAL, or as a mistake that is reported at start.
 *   - Elements of an array are found by the stride that its head has (gr_model.field_size), or are pointers (routes,
 *     callbacks). Where neither is so, the struct that points to the array grows when its elements do, so that its size
 *     says theirs (gr_app_info.servers and .tags, gr_route_options.responses, gr_enum.values).
 *   - Structs that lie in a program's own by value, or that it gives an array of by themselves, never change:
 * gr_constant, gr_set, gr_link, gr_contact, gr_license, gr_job, gr_invalid, those of types.h and sync.h, and what only
 * the library makes a pointer to is read through its functions or by its first members.
 *
 * A library of one's own may do the same by these two: */

/* Copies *theirs, which begins with its size, over *own, of own_size bytes, whose rest stays as it is: so own has the
 * defaults before, and its own size after. False, with *own as it was: theirs is NULL, longer than own_size, shorter
 * than `least` (offsetof what may be left out), or its size is no multiple of sizeof(size_t). Any thread. */
GR_API bool gr_sized_take(void *own, size_t own_size, const void *theirs, size_t least);

/* Copies as much of *own as *theirs, which begins with its size, has room for; that keeps its size. False as above. */
GR_API bool gr_sized_give(void *theirs, const void *own, size_t own_size, size_t least);

/* The version of the library that runs, "MAJOR.MINOR.PATCH"; GR_VERSION is the one compiled against. Any thread. */
GR_API const char *gr_version(void);

GR_END_DECLS

#endif
