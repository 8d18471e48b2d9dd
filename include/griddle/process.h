/* Griddle: child processes that a coroutine awaits.
 *
 *     gr_process_result result;
 *     int rc = gr_process_run(co, GR_PROCESS(.argv = GR_ARGV("sha256sum", "-")), body, len, &result);
 *     if (rc == 0 && result.status.code == 0)
 *         puts(result.out);
 *     gr_process_result_finish(&result);
 *
 * Which is which in Python:
 *
 *     gr_process_run()                         subprocess.run(capture_output=True, input=...), awaitable
 *     gr_process_start()                       asyncio.create_subprocess_exec()
 *     gr_process_in(), _out(), _err()          Process.stdin, .stdout, .stderr
 *     gr_process_close_in()                    Process.stdin.close(), write_eof()
 *     gr_process_pid()                         Process.pid
 *     gr_process_wait()                        Process.wait(); status.code is Process.returncode
 *     gr_process_kill(process, SIGTERM)        Process.send_signal(), .terminate(), .kill()
 *     GR_STDIO_PIPE, _NULL, _STDOUT            subprocess.PIPE, .DEVNULL, .STDOUT
 *     .env, .cwd, .own_group                   env=, cwd=, start_new_session=
 *
 * No shell comes between: arguments reach the program as they are. For a shell's own, GR_ARGV("sh", "-c", command).
 *
 * The child gets its three standard streams and no other descriptor, as long as the program opens its own with
 * O_CLOEXEC, as the library does. No signal is blocked or ignored in it, and where gr_main() has raised the limit of
 * descriptors, it has that of before. What it inherits of the standard streams is
 * made blocking: inherit none that the program reads or writes through a gr_io.
 *
 * A child is started on the loop's thread, which stands still meanwhile: about a millisecond, more in a program of many
 * gigabytes. The program must leave its children to the library: no waitpid(-1), and SIGCHLD not ignored.
 *
 * In a test by griddle/testing.h a gr_process_run() is waited for as a blocking function is, while time stands still;
 * of a child that gr_process_start() started nothing is seen before gr_process_close(). */
#ifndef GRIDDLE_PROCESS_H
#define GRIDDLE_PROCESS_H

#include <griddle/io.h>

GR_BEGIN_DECLS

/* --- what to start --- */

/* Where one of the child's standard streams leads. */
typedef enum gr_stdio {
    GR_STDIO_DEFAULT = 0, /* as GR_STDIO_INHERIT; gr_process_run() feeds and collects by it */
    GR_STDIO_INHERIT = 1, /* where the program's own leads */
    GR_STDIO_NULL = 2,    /* /dev/null: at its end at once, and swallows everything */
    GR_STDIO_PIPE = 3,    /* to the program: gr_process_in(), gr_process_out(), gr_process_err() */
    GR_STDIO_STDOUT = 4   /* of `err` only: where `out` leads, in the order in which the child writes */
} gr_stdio;

/* All but `size` and `argv` may be zero. Everything is borrowed for the call. */
typedef struct gr_process_options {
    size_t size;             /* sizeof(gr_process_options): GR_PROCESS() sets it */
    const char *const *argv; /* ended by NULL. argv[0] is the program: a path where it has a slash (one that is relative
                                is so to `cwd`), else looked for in the PATH that the child gets */
    const char *const *env;  /* "NAME=value", ended by NULL, and nothing else; NULL: the program's own */
    const char *cwd;         /* NULL: the program's own */
    gr_stdio in, out, err;
    bool own_group;          /* it begins a session, and a process group, of its own: a Ctrl-C in the terminal does not
                                reach it, and gr_process_kill() and the kill of gr_process_close() reach those that it
                                started too, as long as it runs itself */
    size_t max_output_bytes; /* gr_process_run(): of output and errors together; 0: 16 MiB */
} gr_process_options;

#ifndef __cplusplus
/* GR_PROCESS(.argv = GR_ARGV("ls", "-l"), .cwd = "/"): a pointer to such options, written in place. */
#define GR_PROCESS(...) (&(const gr_process_options){.size = sizeof(gr_process_options), __VA_ARGS__})
#define GR_ARGV(...)    ((const char *const[]){__VA_ARGS__, NULL})
#endif

/* How a child ended. */
typedef struct gr_process_status {
    int code;   /* 0 to 255 where it exited; minus `signum` where a signal ended it: so 0 is success, and only that */
    int signum; /* the signal that ended it; 0: it exited */
} gr_process_status;

/* --- a child to talk to --- */

typedef struct gr_process gr_process;

/* Starts a child. *process is new; it is closed by gr_process_close() on every way out, or the loop does not end. Does
 * not wait. NULL and a negative code:
 *
 *   -ENOENT      there is no such program, or no such directory `cwd`; likewise -EACCES, -ENOEXEC, -E2BIG, ...: what
 *                exec() and chdir() give
 *   GR_EAGAIN    more processes than the system allows; -EMFILE: more descriptors
 *   GR_EINVAL    `size`, no argv[0], or a gr_stdio that is none of that stream
 *   GR_ENOMEM, GR_ECANCELED, GR_ETIMEDOUT
 */
GR_API GR_MUST_USE int gr_process_start(gr_co co, gr_process **process, const gr_process_options *options);

/* The program's ends of the child's standard input (to write), output and errors (to read). Borrowed: gone with
 * gr_process_close(). NULL: it is no pipe, or was closed. A child that talks on several is to be served on all of them
 * at the same time (gr_gather()), or both sides wait for each other once a pipe is full. */
GR_API gr_io *gr_process_in(const gr_process *process);
GR_API gr_io *gr_process_out(const gr_process *process);
GR_API gr_io *gr_process_err(const gr_process *process);

/* Closes the child's standard input, which many programs wait for: it reads what is there, and then the end. Where it
 * is no pipe, and the second time, nothing happens. The loop's thread. */
GR_API void gr_process_close_in(gr_process *process);

/* Its process id; of another process, perhaps, once it has ended. */
GR_API int gr_process_pid(const gr_process *process);

/* Waits until the child has ended; *status (may be NULL) says how. Any coroutines of the loop, as often as they like.
 * GR_ECANCELED and GR_ETIMEDOUT leave the child as it is. To ask, wait for a moment, and insist:
 *
 *     rc = gr_process_kill(process, SIGTERM);
 *     rc = rc ? rc : gr_process_wait(gr_within(co, 2000), process, &status);
 *     gr_process_close(co, process);                               by SIGKILL where it still runs
 */
GR_API GR_MUST_USE int gr_process_wait(gr_co co, gr_process *process, gr_process_status *status);

/* Sends a signal. Does not wait. -ESRCH: it has ended; never goes to another process that has its number since.
 * GR_EINVAL: no such signal; -EPERM: it has become another user's. The loop's thread. */
GR_API GR_MUST_USE int gr_process_kill(gr_process *process, int signum);

/* Closes its pipes (no coroutine may be in a call for one: it aborts), kills it by SIGKILL where it still runs, waits
 * until it is gone, and frees it (steals it): no zombie is left. Works in a cancelled coroutine and after the deadline
 * too, as in gr_shield(); the wait is as long as the system takes to end a process. Those that wait in
 * gr_process_wait() get its status. NULL is allowed. */
GR_API void gr_process_close(gr_co co, gr_process *process);

/* --- a child as a function --- */

/* Owned by the caller: gr_process_result_finish(). */
typedef struct gr_process_result {
    gr_process_status status; /* where 0 was returned */
    char *out, *err;          /* what it wrote, NUL-terminated; NULL: nothing was collected */
    size_t out_len, err_len;  /* bytes */
} gr_process_result;

/* Runs a child to its end: starts it, writes input_len bytes of `input` (borrowed) to its standard input and closes
 * that, collects its output and its errors, all at the same time, and waits. *result is filled in any case: with what
 * has come until then, where it is not 0 that is returned. Communication ends as in subprocess: with the last process
 * that has the pipes open, which may be one that the child left behind.
 *
 * A stream that is GR_STDIO_DEFAULT is a pipe, and collected, or fed; with input_len 0 the input is GR_STDIO_NULL. Any
 * other does as it says, and GR_STDIO_PIPE the same as the default. A child that does not read all of its input is no
 * failure.
 *
 * 0: it ended, and result->status says how. As gr_process_start(); GR_EMSGSIZE: it wrote more than max_output_bytes;
 * GR_EINVAL: input for a stream that is not fed; GR_ECANCELED, GR_ETIMEDOUT. On each of these it is killed and gone, as
 * by gr_process_close(); those that it started live on, but for own_group. */
GR_API GR_MUST_USE int gr_process_run(gr_co co, const gr_process_options *options, const void *input, size_t input_len,
                                      gr_process_result *result);

/* Frees what it holds, and clears it. One that is all zero is allowed. */
GR_API void gr_process_result_finish(gr_process_result *result);

GR_END_DECLS

#endif
