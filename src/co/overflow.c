#include "co/overflow.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/alt_stack.h"
#include "co/task.h"

static const int signals[] = {SIGSEGV, SIGBUS};

/* Signal handlers are the process's, and so is what they replaced. */
static struct sigaction replaced[2];

static void overflow_append(char *line, size_t cap, size_t *len, const char *text)
{
    while (*text && *len < cap)
        line[(*len)++] = *text++;
}

static const char *overflow_decimal(size_t value, char digits[24])
{
    char *at = digits + 23;
    *at = '\0';
    do
        *--at = (char)('0' + value % 10);
    while (value /= 10);
    return at;
}

/* Only write(2) and the thread's own variables: the stack overflowed anywhere, in malloc() perhaps. */
static void overflow_report(const gr_task *task)
{
    char line[256], digits[24];
    size_t len = 0, cap = sizeof line - 1;
    overflow_append(line, cap, &len, "griddle: coroutine \"");
    overflow_append(line, cap - 64, &len, task->name);
    overflow_append(line, cap, &len, "\" overflowed its stack of ");
    overflow_append(line, cap, &len, overflow_decimal(task->stacks->size, digits));
    overflow_append(line, cap, &len, " bytes\n");
    ssize_t ignored = write(STDERR_FILENO, line, len);
    (void)ignored;
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
