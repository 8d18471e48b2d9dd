/* Clearing memory of a size that the compiler knows. */
#ifndef GRI_BASE_CLEAR_H
#define GRI_BASE_CLEAR_H

#include <string.h>

/* gcc clears a size that it knows, from some hundred bytes on, by `rep stos`, which takes longer to begin than memset()
 * to be done. So it is not told. */
static inline void gri_clear(void *memory, size_t bytes)
{
    __asm__("" : "+r"(bytes));
    memset(memory, 0, bytes);
}

#endif
