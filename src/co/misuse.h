/* Misuse of the API that cannot be reported by a code: one line that says what to do, and abort(). */
#ifndef GRI_CO_MISUSE_H
#define GRI_CO_MISUSE_H

#include <griddle/base.h>

#if defined(__GNUC__)
__attribute__((noreturn, cold))
#endif
void gri_misuse(const char *fmt, ...) GR_PRINTF(1, 2);

#endif
