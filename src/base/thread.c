#include "base/thread.h"

#include <signal.h>

static void block_signals(sigset_t *before)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
    sigset_t all;
    sigfillset(&all);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        sigdelset(&all, faults[i]);
    pthread_sigmask(SIG_SETMASK, &all, before);
}

int gri_thread_create(uv_thread_t *thread, uv_thread_cb fn, void *arg)
{
    sigset_t before;
    block_signals(&before);
    int rc = uv_thread_create(thread, fn, arg);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}
