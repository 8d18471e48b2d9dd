/* How much of the heap is in use. */
#ifndef TESTS_HEAP_H
#define TESTS_HEAP_H

#include <stddef.h>
#include <stdio.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

/* Allocated, and not freed. With musl, which does not tell, what the process has in memory: that grows with it. */
static inline size_t heap_bytes(void)
{
    if (__sanitizer_get_current_allocated_bytes)
        return __sanitizer_get_current_allocated_bytes();
#ifdef __GLIBC__
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
#else
    size_t pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (!statm || fscanf(statm, "%*u %zu", &pages) != 1)
        pages = 0;
    if (statm)
        fclose(statm);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
#endif
}

#endif
