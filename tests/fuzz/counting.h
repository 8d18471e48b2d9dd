/* Included before each line of the library that tests/fuzz/slow.c counts: what functions of libraries cost that the
 * compiler's counting does not see is added by their lengths. One unit is an edge of the program's flow, or 64 bytes
 * that are moved or compared; slow.c says how many instructions that is. */
#ifndef TESTS_FUZZ_COUNTING_H
#define TESTS_FUZZ_COUNTING_H

#include <jansson.h>
#include <sched.h> /* that of musl declares what is replaced below */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern uint64_t fuzz_edges;

static inline size_t fuzz_count(size_t bytes)
{
    fuzz_edges += 2 + bytes / 64;
    return bytes;
}

static inline size_t fuzz_count_text(const char *text)
{
    return fuzz_count((strlen)(text));
}

/* Up to where it is found. */
static inline void *fuzz_memchr(const void *at, int c, size_t n)
{
    const char *hit = (memchr)(at, c, n);
    fuzz_count(hit ? (size_t)(hit - (const char *)at) : n);
    return (void *)(uintptr_t)hit;
}

/* jansson takes some edges for each byte. */
static inline json_t *fuzz_json_loadb(const char *data, size_t len, size_t flags, json_error_t *error)
{
    fuzz_edges += 8 * len;
    return (json_loadb)(data, len, flags, error);
}

#define memchr(at, c, n)                  fuzz_memchr(at, c, n)
#define memcmp(a, b, n)                   (fuzz_count(n), memcmp(a, b, n))
#define memcpy(to, from, n)               (fuzz_count(n), memcpy(to, from, n))
#define memmove(to, from, n)              (fuzz_count(n), memmove(to, from, n))
#define memset(to, c, n)                  (fuzz_count(n), memset(to, c, n))
#define strlen(text)                      fuzz_count_text(text)
#define strcmp(a, b)                      (fuzz_count_text(a), strcmp(a, b))
#define json_loadb(data, n, flags, error) fuzz_json_loadb(data, n, flags, error)

#endif
