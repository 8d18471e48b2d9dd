/* For the compiler: a function that few requests reach. It is laid out apart, as is all code that leads nowhere but to
 * it, so that what most requests run lies close together: half the time of a short request is that of fetching code.
 * And one that most do, though a few call it from elsewhere: it stays a part of each. */
#ifndef GRI_BASE_COLD_H
#define GRI_BASE_COLD_H

#ifdef __GNUC__
#define GRI_COLD __attribute__((cold))
#define GRI_HOT  __attribute__((always_inline)) inline
#else
#define GRI_COLD
#define GRI_HOT inline
#endif

#endif
