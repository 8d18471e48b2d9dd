#include "server/crash.h"

#include <errno.h>
#include <griddle/debug.h>
#include <pthread.h>
#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/backtrace.h"
#include "base/line.h"
#include "co/overflow.h"
#include "co/pool.h"
#include "http/exchange.h"

enum { CRASH_DEPTH = 64 };

static const struct {
    int number;
    const char *name;
} crashes[] = {
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGFPE, "SIGFPE"}, {SIGILL, "SIGILL"}, {SIGABRT, "SIGABRT"},
};
enum { N_CRASHES = sizeof crashes / sizeof crashes[0] };

/* Of several threads that crash one reports. */
static int reporting; /* atomic */
static pthread_t reporter;

static const char *crash_name(int number)
{
    size_t i = 0;
    while (i < N_CRASHES - 1 && crashes[i].number != number)
        i++;
    return crashes[i].name;
}

/* Whom it happened to: the coroutine that runs on this thread, or the one that waits for the job that does. */
static const gr_task *crashed_task(bool *on_pool)
{
    const gr_task *task = gri_running();
    *on_pool = !task && gri_job_of_this_thread();
    return *on_pool ? gri_task_of_this_thread() : task;
}

static void put_task(struct gri_line *line, const gr_task *task, bool on_pool)
{
    gri_line_put(line, on_pool ? " on a thread of the pool, in \"" : " in \"");
    gri_line_put_most(line, task->name, 256);
    gri_line_put(line, "\"");
}

/* What strangers sent, and what may be broken: after all else is out. */
static void write_request(struct gri_line *line, const gr_task *task)
{
    char text[GRI_REQUEST_TEXT];
    const struct gri_exchange *x = gri_exchange_of(task);
    if (!x)
        return;
    gri_line_put(line, "griddle: it serves ");
    gri_line_put(line, gri_request_text(text, &x->head));
    gri_line_write(line, STDERR_FILENO);
}

static void crash_write_who(int number, const siginfo_t *info)
{
    struct gri_line line = {0};
    bool on_pool;
    const gr_task *task = crashed_task(&on_pool);
    gri_line_put(&line, "griddle: ");
    gri_line_put(&line, crash_name(number));
    if (info->si_code > 0) {
        gri_line_put(&line, number == SIGSEGV || number == SIGBUS ? " for the address " : " at ");
        gri_line_put_address(&line, (uintptr_t)info->si_addr);
    }
    if (task)
        put_task(&line, task, on_pool);
    else
        gri_line_put(&line, on_pool ? " on a thread of the pool" : ", where no coroutine runs");
    gri_line_write(&line, STDERR_FILENO);
    if (task)
        write_request(&line, task);
}

/* Where it was; and who called that, which a call of a NULL pointer leaves on the stack or in a register. */
static void *crash_pc(const ucontext_t *context, void **caller)
{
#if defined(__x86_64__)
    *caller = *(void **)context->uc_mcontext.gregs[REG_RSP];
    return (void *)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    *caller = (void *)context->uc_mcontext.regs[30];
    return (void *)context->uc_mcontext.pc;
#else
    (void)context;
    *caller = NULL;
    return NULL;
#endif
}

static void write_frames(void *const *frames, int n)
{
    char text[256];
    struct gri_line line = {0};
    for (int i = 0; i < n; i++) {
        gri_line_put(&line, gri_backtrace_line(text, sizeof text, frames[i]));
        gri_line_write(&line, STDERR_FILENO);
    }
}

/* Without the frames of the handler itself, which lie before it. */
static void crash_write_frames(const ucontext_t *context)
{
    void *frames[CRASH_DEPTH], *caller, *pc = crash_pc(context, &caller);
    int n = gri_backtrace(frames, CRASH_DEPTH), first = 0;
    while (first < n && frames[first] != pc)
        first++;
    if (first < n - 1)
        write_frames(frames + first, n - first);
    else if (caller) /* from there it could not be unwound */
        write_frames(&caller, 1);
    else
        write_frames(frames, n);
}

/* The first thread has the word; a second fault of its own ends it without one. */
static bool may_report(void)
{
    if (!__atomic_exchange_n(&reporting, 1, __ATOMIC_ACQ_REL)) {
        reporter = pthread_self();
        return true;
    }
    while (!pthread_equal(reporter, pthread_self()))
        pause();
    return false;
}

/* A fault happens again on return; a signal that was sent must be sent again. */
static void crash_die_of(int number, const siginfo_t *info)
{
    signal(number, SIG_DFL);
    if (info->si_code <= 0)
        raise(number);
}

static void on_crash(int number, siginfo_t *info, void *context)
{
    if (may_report()) {
        crash_write_who(number, info);
        crash_write_frames(context);
    }
    crash_die_of(number, info);
}

/* Somebody's handler, a sanitizer's too, knows better what the signal means to him; who ignores it has a reason. */
static int crash_take(int number)
{
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK}, before;
    sigfillset(&action.sa_mask);
    if (sigaction(number, NULL, &before) < 0)
        return -errno;
    bool is_free = !(before.sa_flags & SA_SIGINFO) && before.sa_handler == SIG_DFL;
    return is_free && sigaction(number, &action, NULL) < 0 ? -errno : 0;
}

int gri_crash_install(void)
{
    int rc = 0;
    void *frame;
    gri_backtrace(&frame, 1); /* what it needs at first, now */
    for (size_t i = 0; i < N_CRASHES && rc == 0; i++)
        rc = crash_take(crashes[i].number);
    return rc;
}

int gr_report_crashes(void)
{
    int rc = gri_crash_install();
    return rc ? rc : gri_overflow_install();
}
