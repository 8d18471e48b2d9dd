/* Included before each line of the library that tests/fuzz/slow.c counts: what functions of libraries cost that the
 * compiler's counting does not see is added by their lengths, in instructions, as callgrind says them of an optimized
 * build. */
#ifndef TESTS_FUZZ_COUNTING_H
#define TESTS_FUZZ_COUNTING_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <jansson.h>
#include <pcre2.h>
#include <sched.h> /* that of musl declares what is replaced below */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Which a request took, about. Of an edge of the program's flow: clang leaves out those that follow from others. */
extern uint64_t fuzz_instructions;
#ifdef __clang__
enum { FUZZ_EDGE = 12 };
#else
enum { FUZZ_EDGE = 6 };
#endif

static inline size_t fuzz_count(size_t bytes)
{
    fuzz_instructions += 4 + bytes / 8;
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

/* What sorting takes beside the comparisons, which are counted themselves. */
static inline size_t fuzz_count_sorted(size_t n)
{
    for (size_t runs = n; runs > 1; runs /= 2)
        fuzz_instructions += 10 * n;
    return n;
}

/* What is made is freed again, and costs both: an allocation, a value of jansson, and a place for it in an object. */
enum { FUZZ_ALLOCATION = 150, FUZZ_NUMBER = 650, FUZZ_VALUE = 1100, FUZZ_MEMBER = 600 };

/* Whatever the text. */
enum { FUZZ_PRINT = 1000, FUZZ_MATCH = 1500 };

#define memchr(at, c, n)            fuzz_memchr(at, c, n)
#define memcmp(a, b, n)             (fuzz_count(n), memcmp(a, b, n))
#define memcpy(to, from, n)         (fuzz_count(n), memcpy(to, from, n))
#define memmove(to, from, n)        (fuzz_count(n), memmove(to, from, n))
#define memset(to, c, n)            (fuzz_count(n), memset(to, c, n))
#define strlen(text)                fuzz_count_text(text)
#define strcmp(a, b)                (fuzz_count_text(a), strcmp(a, b))
#define malloc(n)                   (fuzz_instructions += FUZZ_ALLOCATION, malloc(n))
#define calloc(n, size)             (fuzz_instructions += FUZZ_ALLOCATION, fuzz_count((n) * (size)), calloc(n, size))
#define realloc(at, n)              (fuzz_instructions += FUZZ_ALLOCATION, realloc(at, n))
#define qsort(at, n, size, compare) qsort(at, fuzz_count_sorted(n), size, compare)
#define vsnprintf(to, n, fmt, args) (fuzz_instructions += FUZZ_PRINT, vsnprintf(to, n, fmt, args))
#undef pcre2_match
#define pcre2_match(...)            (fuzz_instructions += FUZZ_MATCH, pcre2_match_8(__VA_ARGS__))
#define json_object()               (fuzz_instructions += FUZZ_VALUE, json_object())
#define json_array()                (fuzz_instructions += FUZZ_VALUE, json_array())
#define json_stringn_nocheck(at, n) (fuzz_instructions += FUZZ_VALUE, json_stringn_nocheck(at, fuzz_count(n)))
#define json_string_nocheck(text)   (fuzz_instructions += FUZZ_VALUE, fuzz_count_text(text), json_string_nocheck(text))
#define json_integer(value)         (fuzz_instructions += FUZZ_NUMBER, json_integer(value))
#define json_real(value)            (fuzz_instructions += FUZZ_NUMBER, json_real(value))
#define json_object_set_nocheck(object, key, value) \
    (fuzz_instructions += FUZZ_MEMBER, json_object_set_nocheck(object, key, value))
#define json_object_setn_new_nocheck(object, key, n, value) \
    (fuzz_instructions += FUZZ_MEMBER, json_object_setn_new_nocheck(object, key, fuzz_count(n), value))

#endif
