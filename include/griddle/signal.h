/* Griddle: signals of the operating system as something to wait for. Their numbers are in <signal.h>.
 *
 *     gr_signals *signals;
 *     int signum, rc = gr_signals_open(co, &signals, SIGHUP, SIGUSR2);
 *     while (rc == 0 && (rc = gr_signals_wait(co, signals, &signum)) == 0)
 *         reload(signum);
 *     gr_signals_close(signals);
 *
 * What loop.add_signal_handler() is in asyncio, without a callback: the numbers are taken while it is open, and what
 * comes between two waits is kept. So an operation, or a task of the application (gr_app_add_task), reloads its
 * settings on SIGHUP.
 *
 * Several may be open for the same number, on any loops: each gets every signal. A handler that the program installed
 * before, by sigaction(), is still called, in the signal's context as ever: gr_main() stops on SIGINT and SIGTERM and
 * prints the coroutines on SIGUSR1 as well. (Where such a stop cancels the coroutine that waits for the same signal,
 * its wait may return either.) So install handlers before opening: a later sigaction() for the number takes it away
 * from all that are open.
 *
 * A program that has gr_run() wait for SIGTERM replaces the signal's default action, the end of the process, as long as
 * it is open. With the last gr_signals_close() for a number its former action comes back. In a test by
 * griddle/testing.h nobody waits for signals: they are seen once something else is waited for. */
#ifndef GRIDDLE_SIGNAL_H
#define GRIDDLE_SIGNAL_H

#include <griddle/co.h>

GR_BEGIN_DECLS

/* Signal numbers that are taken. Belongs to the loop of the coroutine that opened it. */
typedef struct gr_signals gr_signals;

/* Takes the n signals of `signums` (borrowed for the call). *signals is new: owned by the caller. Does not wait.
 * GR_EINVAL: none, one twice, or one that cannot be taken so: SIGKILL, SIGSTOP, and SIGILL, SIGFPE, SIGSEGV, SIGBUS,
 * which a fault would raise again at once. GR_ENOMEM. */
GR_API GR_MUST_USE int gr_signals_open_n(gr_co co, gr_signals **signals, const int *signums, size_t n);

#ifndef __cplusplus
/* gr_signals_open(co, &signals, SIGHUP, SIGUSR2): gr_signals_open_n() on a list written in place. */
#define gr_signals_open(co, signals, ...) \
    gr_signals_open_n((co), (signals), (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))
#endif

/* Waits for the next signal, and stores its number in *signum; at once where one came since the last wait. A number
 * that came several times meanwhile counts once, as it does for a process that blocks it (POSIX); different numbers are
 * given in the order in which they came first. Where several coroutines wait, each signal goes to the one that waits
 * longest. GR_EPIPE: it was closed meanwhile. */
GR_API GR_MUST_USE int gr_signals_wait(gr_co co, gr_signals *signals, int *signum);

/* Gives the numbers back, at once, and frees it (steals it); those that wait get GR_EPIPE. NULL is allowed. An open one
 * keeps its loop from ending. The loop's thread. */
GR_API void gr_signals_close(gr_signals *signals);

GR_END_DECLS

#endif
