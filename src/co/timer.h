/* Timers: an intrusive pairing heap, so that setting one allocates nothing and cannot fail. */
#ifndef GRI_CO_TIMER_H
#define GRI_CO_TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct gri_timer {
    struct gri_timer *child, *next, *prev; /* prev: the left sibling, or the parent of a first child */
    int64_t at_ms;
    uint64_t seq; /* set order breaks ties: equal deadlines fire first come, first served */
    void (*fire)(struct gri_timer *);
    bool set;
};

/* A heap of timers; zero-initialised is empty. Knows no clock. */
struct gri_timers {
    struct gri_timer *root;
    uint64_t seq;
};

/* Puts `timer` (not in a heap) in at at_ms. O(1). */
void gri_timers_add(struct gri_timers *timers, struct gri_timer *timer, int64_t at_ms);

/* Takes `timer` out if it is in. O(log n) amortised. */
void gri_timers_remove(struct gri_timers *timers, struct gri_timer *timer);

/* The earliest timer, or NULL. */
struct gri_timer *gri_timers_first(const struct gri_timers *timers);

#endif
