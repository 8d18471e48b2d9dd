/* Where a thread is, for logs: with glibc and with musl, which has no execinfo.h. */
#ifndef GRI_BASE_BACKTRACE_H
#define GRI_BASE_BACKTRACE_H

#include <stddef.h>

/* The addresses to which the calling function and those that called it return, the innermost first: at most n. Returns
 * how many. Allocates nothing, in a signal handler too. */
int gri_backtrace(void **frames, int n);

/* "program(function+0x1f) [0x55...]" of one of them, cut to `cap` bytes with its NUL; the function only where the
 * dynamic symbols name it. Allocates nothing, in a signal handler too. Returns `text`. */
const char *gri_backtrace_line(char *text, size_t cap, void *frame);

#endif
