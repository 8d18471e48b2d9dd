/* Says what a program died of, and in whose request. */
#ifndef GRI_SERVER_CRASH_H
#define GRI_SERVER_CRASH_H

/* For SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT, each where nobody has a handler for it yet: a line on standard error
 * with the signal, operation, method and path, and a backtrace; then the process dies of the signal as usual. On the
 * alternate signal stack of the thread that it happens to, where it has one. Before gri_overflow_install(), which
 * passes on what is no overflow. The process's. 0 or a negative code. */
int gri_crash_install(void);

#endif
