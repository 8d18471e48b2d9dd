#include "co/overflow.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/alt_stack.h"
#include "base/line.h"
#include "co/task.h"

static const int signals[] = {SIGSEGV, SIGBUS};

/* Signal handlers are the process's, and so is what they replaced. */
static struct sigaction replaced[2];

/* Only write(2) and the thread's own variables: the stack overflowed anywhere, in malloc() perhaps. */
static void overflow_report(const gr_task *task)
{
    struct gri_line line = {0};
    gri_line_put(&line, "griddle: coroutine \"");
    gri_line_put_most(&line, task->name, 256);
    gri_line_put(&line, "\" overflowed its stack of ");
    gri_line_put_number(&line, task->stacks->size);
    gri_line_put(&line, " bytes");
    gri_line_write(&line, STDERR_FILENO);
}

/* Where the stack pointer was; 0 where we cannot tell. */
static uintptr_t stack_pointer(const ucontext_t *context)
{
#if defined(__x86_64__)
    return (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    return (uintptr_t)context->uc_mcontext.sp;
#else
    (void)context;
    return 0;
#endif
}

/* A frame that is larger than the guard, of code that does not probe its stack, faults anywhere below it: then the
 * stack pointer is out of the stack, and not far from what it was used for. */
static bool is_beyond_guard(uintptr_t at, uintptr_t base, uintptr_t sp)
{
    enum { LARGEST_FRAME = 64 * 1024 * 1024, BELOW_SP = 4096 };
    return sp < base && base - sp <= LARGEST_FRAME && at >= sp - BELOW_SP;
}

static bool is_overflow(const siginfo_t *info, const gr_task *task, const ucontext_t *context)
{
    if (!task || info->si_code <= 0)
        return false;
    uintptr_t at = (uintptr_t)info->si_addr, base = (uintptr_t)task->base;
    return at < base && (at >= base - task->stacks->guard || is_beyond_guard(at, base, stack_pointer(context)));
}

/* A fault happens again on return; a signal that was sent must be sent again. */
static void die_of(int number, const siginfo_t *info)
{
    signal(number, SIG_DFL);
    if (info->si_code <= 0)
        raise(number);
}

static void pass_on(int number, siginfo_t *info, void *context)
{
    const struct sigaction *old = &replaced[number == signals[1]];
    if (old->sa_flags & SA_SIGINFO)
        old->sa_sigaction(number, info, context);
    else if (old->sa_handler == SIG_DFL || old->sa_handler == SIG_IGN)
        die_of(number, info);
    else
        old->sa_handler(number);
}

static void on_fault(int number, siginfo_t *info, void *context)
{
    const gr_task *task = gri_running();
    if (!is_overflow(info, task, context)) {
        pass_on(number, info, context);
        return;
    }
    overflow_report(task);
    die_of(number, info);
}

int gri_overflow_install(void)
{
    void *stays;
    int rc = gri_alt_stack_begin(&stays);
    for (int i = 0; i < 2 && rc == 0; i++) {
        struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK}, before;
        sigemptyset(&action.sa_mask);
        if (sigaction(signals[i], &action, &before) < 0)
            rc = -errno;
        else if (!(before.sa_flags & SA_SIGINFO) || before.sa_sigaction != on_fault)
            replaced[i] = before;
    }
    return rc;
}
