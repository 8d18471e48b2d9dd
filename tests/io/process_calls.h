/* What the tests of child processes share. */
#ifndef TESTS_IO_PROCESS_CALLS_H
#define TESTS_IO_PROCESS_CALLS_H

#include <griddle/process.h>
#include <signal.h>
#include <sys/resource.h>

#include "io/io_world.h"

#define SH(command) GR_ARGV("sh", "-c", command)

static inline gr_process *start_process(gr_co co, const gr_process_options *options)
{
    gr_process *process;
    ck_assert_int_eq(gr_process_start(co, &process, options), 0);
    ck_assert_ptr_nonnull(process);
    return process;
}

/* No child of this process is left, not even as a zombie. */
static inline void assert_no_child(void)
{
    int status;
    ck_assert_int_eq(waitpid(-1, &status, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}

static inline gr_process_status wait_for(gr_co co, gr_process *process)
{
    gr_process_status status = {-1000, -1000};
    ck_assert_int_eq(gr_process_wait(co, process, &status), 0);
    return status;
}

static inline void assert_status(gr_process_status status, int code, int signum)
{
    ck_assert_int_eq(status.code, code);
    ck_assert_int_eq(status.signum, signum);
}

/* How `command` ends in a shell, with nothing but /dev/null. */
static inline gr_process_status end_of(gr_co co, const char *command)
{
    gr_process *process = start_process(
        co, GR_PROCESS(.argv = SH(command), .in = GR_STDIO_NULL, .out = GR_STDIO_NULL, .err = GR_STDIO_NULL));
    gr_process_status status = wait_for(co, process);
    gr_process_close(co, process);
    return status;
}

/* A line that the child has written: so it is there, and has come so far. */
static inline void assert_says(gr_co co, gr_io *from, const char *text)
{
    const char *line;
    size_t len;
    ck_assert_int_eq(gr_io_read_until(co, from, "\n", 1000, &line, &len), 0);
    ck_assert_msg(len == strlen(text) && memcmp(line, text, len) == 0, "wanted \"%s\", got \"%.*s\"", text, (int)len,
                  line);
}

static inline void assert_ends(gr_co co, gr_io *from)
{
    char byte;
    size_t n;
    ck_assert_int_eq(gr_io_read(co, from, &byte, 1, &n), 0);
    ck_assert_uint_eq(n, 0);
}

#endif
