/* Griddle: serving an application: as a program, or on a loop of your own. */
#ifndef GRIDDLE_SERVER_H
#define GRIDDLE_SERVER_H

#include <griddle/app.h>

struct uv_loop_s;

GR_BEGIN_DECLS

/* Runs `app` as a program: reads the command line (--help lists it), serves until SIGINT or SIGTERM, finishes what
 * runs, and returns the program's exit status: 0 after a clean stop, 1 where the server could not start or stop in
 * time, 2 for a mistake on the command line. Steals `app`.
 *
 * Where standard input, output or error is closed it is /dev/null first. A program may call it again, for another
 * application, once it has returned. Children that gr_process_start() starts have the soft limit of descriptors that
 * the program was started with.
 *
 * The only function of the library that raises the soft limit of descriptors to the hard one, handles signals, has a
 * crash say what it was in (gr_report_crashes() of griddle/debug.h) and, where something does not come back by the
 * deadline, or at a second signal, leaves by _exit. SIGPIPE is ignored. Main thread. */
GR_API int gr_main(gr_app *app, int argc, char **argv);

/* Options of a server. All zero is the default; set `size` to sizeof(gr_server_options). */
typedef struct gr_server_options {
    size_t size;
    const char *host;        /* an address or "localhost"; NULL: "127.0.0.1" */
    int port;                /* 0: any free one, see gr_server_port() */
    unsigned threads;        /* of the pool, at most; 0: 40 */
    unsigned queue;          /* blocking requests that wait for a thread, at most; beyond it 503; 0: 1,024 */
    const char *log_level;   /* "debug", "info", "warning", "error", "critical", "off"; NULL: "warning" */
    bool access_log;         /* a line a request at level info: docs/lifetimes.md */
    const gr_limits *limits; /* NULL: the application's */
    int64_t stop_timeout_ms; /* how long a stop waits for what runs before it cancels it; 0: 10,000 */
    int64_t watchdog_ms;     /* logs, with a backtrace, who holds the loop for so long without an await; 0: nobody */
    size_t stack_bytes;      /* of a coroutine's stack, see co.h: 32 KiB to 64 MiB; 0: 64 KiB */
    const char *root_path; /* "/api": the path that a proxy serves the application below, whether it takes it away from
                              requests or not; see gr_root_path(). Begins with '/', does not end with it, needs no
                              escape; "" or "/": none. NULL: gr_app_info.root_path. Borrowed */
} gr_server_options;

typedef struct gr_server gr_server;

/* Checks the application and starts to accept on `loop`, which the caller runs on this thread (uv_run); with loop NULL
 * on one of its own, run by gr_server_run(). Mistakes are logged to standard error. 0 and *server; else a negative code
 * (GR_EINVAL: the application; UV_EADDRINUSE, ...; what a start hook returned, which was logged) with nothing left to
 * free. Start hooks run in it; while an async one is awaited it runs the loop itself, so it is not called from a
 * callback of one that the application gives. `app` is borrowed. As with every use of
 * libuv's streams, the program has SIGPIPE ignored, or a client that leaves may end it, and descriptors 0 to 2 open, or
 * one of the loop's own takes their place, which ends it. With `watchdog_ms` it takes
 * SIGURG for the process, to ask this thread where it is, and gives the thread an alternate signal stack if it has
 * none.
 */
GR_API GR_MUST_USE int gr_server_start(gr_server **server, gr_app *app, const gr_server_options *options,
                                       struct uv_loop_s *loop);

/* The port that it listens on. Any thread. */
GR_API int gr_server_port(const gr_server *server);

/* Runs the server's own loop until it has stopped. 0, or GR_ETIMEDOUT where a second after the stop's deadline
 * something had not come back that nobody can end: a blocking function, or a file operation or look-up on a thread of
 * libuv's, also one that its coroutine has left behind. The log names each. The server is then lost, and the process
 * should leave by _exit(): exit() waits for libuv's threads. The thread that started it. */
GR_API GR_MUST_USE int gr_server_run(gr_server *server);

/* Asks the server to stop: it accepts no more, closes idle connections, lets requests finish, and cancels what still
 * runs at the deadline. Returns at once. Any thread, also a signal handler. */
GR_API void gr_server_stop(gr_server *server);

/* Whether it has stopped completely: no connection, coroutine or handle is left on the loop. The loop's thread. */
GR_API bool gr_server_stopped(const gr_server *server);

/* Whether a second after the stop's deadline something had not come back, and has not yet (see gr_server_run()): on a
 * loop of the caller's, which goes on, the server stops when it is back, if ever. The loop's thread. */
GR_API bool gr_server_stuck(const gr_server *server);

/* Frees a server that has stopped; one that is stuck is left as it is, since threads use it. NULL is allowed. The
 * loop's thread. */
GR_API void gr_server_destroy(gr_server *server);

GR_END_DECLS

#endif
