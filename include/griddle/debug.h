/* Griddle: seeing what runs: the coroutines of a loop, and how busy loop and pool are.
 *
 * A program that gr_main() runs prints both on standard error when it gets SIGUSR1, with what is on threads of libuv's,
 * and names whoever holds the loop (--watchdog-ms). */
#ifndef GRIDDLE_DEBUG_H
#define GRIDDLE_DEBUG_H

#include <griddle/route.h>
#include <griddle/task.h>

GR_BEGIN_DECLS

/* A live coroutine. The strings are borrowed, for the call that gets them. */
typedef struct gr_task_info {
    size_t size;        /* sizeof(gr_task_info) where the library was built, so that later versions can add members */
    const char *name;   /* of the operation, or as it was spawned */
    const char *parent; /* the name of the one that waits for it; NULL: nobody does */
    gr_task_state state;
    const char *waits_for;    /* "sleep", "offload", "mutex", ...; NULL: it does not wait */
    int64_t age_ms, waits_ms; /* since it was made, and since it waits */
    const char *cancelled;    /* why; NULL: it was not */
    bool is_zombie;           /* a request whose client has its 504, or has left */
} gr_task_info;

/* Calls visit(info, arg) for each coroutine of the loop of `co`, the newest first, until it returns other than 0, which
 * is then returned; else 0. Does not wait, and visit() must neither await nor start tasks. The loop's thread, in the
 * coroutine of `co`. asyncio.all_tasks. */
typedef int gr_task_visit_fn(const gr_task_info *info, void *arg);
GR_API int gr_tasks(gr_co co, gr_task_visit_fn *visit, void *arg);

/* How busy a loop and its pool are. Times are since the start, and their maximum too. */
typedef struct gr_stats {
    size_t size;                       /* sizeof(gr_stats), so that later versions can add members */
    size_t coroutines, zombies;        /* alive now; zombies are of them */
    int64_t lag_ms, most_lag_ms;       /* how long the loop was busy in its last turn, from one look at its sockets
                                          to the next: what others had to wait */
    unsigned threads, busy, queued;    /* of the pool: running, at work; jobs that wait for one */
    int64_t waited_us, most_waited_us; /* how long the last job that began had waited in the pool's queue */
    uint64_t jobs;                     /* that began */
} gr_stats;

/* Fills *stats, of which `size` is set. 0, or GR_EINVAL where that is none that it can have (see base.h). Does not
 * wait. The loop's thread, in the coroutine of `co`; a thread asks through gr_call_on_loop() (griddle/thread.h).
 *
 *     gr_stats stats = {.size = sizeof stats};
 *     rc = gr_stats_read(co, &stats); */
GR_API GR_MUST_USE int gr_stats_read(gr_co co, gr_stats *stats);

/* GET /debug/tasks: {"tasks":[...],"stats":{...}} with the members above. For gr_app_add(), where the application wants
 * it: it shows to whoever can reach it what runs. Not in the documentation. */
GR_API const gr_route *gr_debug_tasks_route(void);

/* Has a crash say whose it is: on SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT (a failed assertion), wherever it
 * happens, in a coroutine, a job of the pool, a teardown, standard error gets the signal, the operation, method and
 * path of the request, and (with glibc) a backtrace; a coroutine that overflows its stack is named. Then the process
 * dies of the signal as usual, with its core dump and exit status:
 *
 *     griddle: SIGSEGV for the address 0x0 in "read_item"
 *     griddle: it serves GET /items/1
 *     ./shop(+0x2c41) [0x55d0c3a4ec41]
 *
 * Gives this thread an alternate signal stack, as threads of a pool have one. Only signals that nobody has a handler
 * for yet are taken (overflows aside): one of the application's own, or a sanitizer's, stays. For the process:
 * gr_main() calls it, a program that embeds a server may, once, on the thread of the loop. 0 or a negative code.
 * faulthandler. */
GR_API int gr_report_crashes(void);

GR_END_DECLS

#endif
