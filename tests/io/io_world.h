/* What the tests of awaitable I/O share: a coroutine on a loop of real time, pairs of streams, open descriptors. */
#ifndef TESTS_IO_WORLD_H
#define TESTS_IO_WORLD_H

#include <fcntl.h>
#include <griddle/io.h>
#include <griddle/net.h>
#include <griddle/task.h>
#include <sys/resource.h>

#include "descriptors.h"
#include "unit/co_world.h"

/* Runs fn as a coroutine; when it has ended, as many descriptors are open as before. What it returned. */
static inline int run_io(gr_task_fn *fn, void *arg)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    world_end(world_begin(REAL_TIME)); /* libuv keeps two for the program */
    size_t before = open_descriptors();
    int rc = run_alone(REAL_TIME, fn, arg);
    ck_assert_uint_eq(open_descriptors(), before);
    return rc;
}

/* A pair of streams, to be closed by close_pair(). */
struct pair {
    gr_io *a, *b;
};

static inline struct pair open_pair(gr_co co)
{
    struct pair pair;
    ck_assert_int_eq(gr_io_pair(co, &pair.a, &pair.b), 0);
    return pair;
}

static inline void close_pair(struct pair pair)
{
    gr_io_close(pair.a);
    gr_io_close(pair.b);
}

/* A test whose body is a coroutine. */
#define IO_TEST(name) \
    static int name##_main(gr_co co, void *arg); \
    START_TEST(name) \
    { \
        ck_assert_int_eq(run_io(name##_main, NULL), 0); \
    } \
    END_TEST \
    static int name##_main(gr_co co, GR_UNUSED void *arg)

#endif
