/* Tells AddressSanitizer which bytes of a pool are nobody's; nothing without it. */
#ifndef GRI_BASE_ASAN_H
#define GRI_BASE_ASAN_H

#if defined(__SANITIZE_ADDRESS__)
#define GRI_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GRI_HAS_ASAN 1
#endif
#endif

#ifdef GRI_HAS_ASAN
#include <sanitizer/asan_interface.h>
#define gri_poison(p, n)   __asan_poison_memory_region((p), (n))
#define gri_unpoison(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define gri_poison(p, n)   ((void)(p), (void)(n))
#define gri_unpoison(p, n) ((void)(p), (void)(n))
#endif

#endif
