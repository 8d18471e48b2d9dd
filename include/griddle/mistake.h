/* Griddle: how the macros of the other headers speak: what a compiler says where one is used wrongly. C only. */
#ifndef GRIDDLE_MISTAKE_H
#define GRIDDLE_MISTAKE_H

#include <stddef.h>

#ifndef __cplusplus

/* From here on a compiler treats the text as it treats the C library's macros: it reports a mistake at the line that
 * used the macro, instead of listing what the macro is made of. The headers that have macros do the same. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* clang-format off */

/* 0, of type size_t; where `fits` is 0 it is an error that says `sentence`, and nothing else: clang would spell out the
 * condition, if that were not what a _Generic gives. */
#define GR_SAYS_(fits, sentence) \
    (0 * sizeof(struct { _Static_assert(GR_IS_(fits), sentence); char gr_says_; }))
#define GR_IS_(fits) _Generic((char (*)[1 + !(fits)])0, char (*)[1]: 1, default: 0)

/* Of a macro that takes a function of one of two types: `a` where it is an A, `b` where it is a B; and `first`, its
 * first argument, where it is one of them. */
#define GR_BY_TYPE_(fn, A, a, B, b) _Generic((fn), A *: a, B *: b, default: a)
#define GR_ONE_OF_(first, fn, A, B, sentence) \
    (GR_SAYS_(_Generic((fn), A *: 1, B *: 1, default: 0), sentence) ? NULL : (first))

#endif

#endif
