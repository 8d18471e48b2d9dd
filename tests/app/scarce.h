/* Memory that runs out when a test wants it to: the program is linked with malloc and its like wrapped by these. */
#ifndef TESTS_APP_SCARCE_H
#define TESTS_APP_SCARCE_H

#include <stdbool.h>
#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

static long left = -1; /* allocations until one fails; below 0: none fails. Atomic: the pool allocates too */
static bool once;      /* one fails, and not all from there on */

static inline bool fails(void)
{
    if (__atomic_load_n(&left, __ATOMIC_RELAXED) < 0)
        return false;
    long before = __atomic_fetch_sub(&left, 1, __ATOMIC_RELAXED);
    if (before > 0)
        return false;
    if (!once)
        __atomic_store_n(&left, 0, __ATOMIC_RELAXED);
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

/* Or could have: of the last one that did not, it cannot be told. */
static inline bool has_failed(void)
{
    long now = __atomic_load_n(&left, __ATOMIC_RELAXED);
    return once ? now < 0 : now == 0;
}

static inline void plenty(void)
{
    __atomic_store_n(&left, -1, __ATOMIC_RELAXED);
}

/* The next allocation fails, and no other. */
static inline void scarce_once(void)
{
    once = true;
    __atomic_store_n(&left, 0, __ATOMIC_RELAXED);
}

/* From here on there is none. */
static inline void scarce(void)
{
    once = false;
    __atomic_store_n(&left, 0, __ATOMIC_RELAXED);
}

#endif
