/* printf(), the same in every locale: C's own writes the thread's decimal point, and groups and translates as it says.
 * Elsewhere in the library none of that family is called. Any thread; no coroutine is switched meanwhile. */
#ifndef GRI_BASE_PRINT_H
#define GRI_BASE_PRINT_H

#include <griddle/base.h>
#include <stdarg.h>
#include <stdio.h>

/* As vsnprintf() and its like in the C locale. */
int gri_vsnprintf(char *to, size_t size, const char *fmt, va_list args) GR_PRINTF(3, 0);
int gri_snprintf(char *to, size_t size, const char *fmt, ...) GR_PRINTF(3, 4);
void gri_fprintf(FILE *to, const char *fmt, ...) GR_PRINTF(2, 3);
void gri_dprintf(int fd, const char *fmt, ...) GR_PRINTF(2, 3);

#endif
