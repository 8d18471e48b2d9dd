/* Names a coroutine that overflows its stack, instead of a bare "segmentation fault". */
#ifndef GRI_CO_OVERFLOW_H
#define GRI_CO_OVERFLOW_H

/* Gives this thread an alternate signal stack and the process a SIGSEGV and SIGBUS handler. A fault below the running
 * coroutine's stack, in its guard or where a frame larger than that lies, prints one line with its name and size to
 * standard error, and then the process dies of the signal as usual (core dump, exit status); any other fault is passed
 * on as it came. Touches process-wide state, so only gr_main() and tests call it. 0 or a negative code. */
int gri_overflow_install(void);

#endif
