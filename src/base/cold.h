/* For the compiler: a function that few requests reach. It is laid out apart, as is all code that leads nowhere but to
 * it, so that what most requests run lies close together: half the time of a short request is that of fetching code. */
#ifndef GRI_BASE_COLD_H
#define GRI_BASE_COLD_H

#ifdef __GNUC__
#define GRI_COLD __attribute__((cold))
#else
#define GRI_COLD
#endif

#endif
